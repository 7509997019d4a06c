"""PyTorch as a contender: answers the same commands as src/contenders/serve.ts, one JSON object a line."""
import json
import math
import struct
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

MODELS = json.loads(sys.argv[1])


def read_arrays(path):
    """A safetensors file by name."""
    data = bytearray(Path(path).read_bytes())
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    dtypes = {"F32": torch.float32, "I32": torch.int32, "U8": torch.uint8}
    body = memoryview(data)[8 + length :]

    def array(entry):
        begin, end = entry["data_offsets"]
        return torch.frombuffer(body[begin:end], dtype=dtypes[entry["dtype"]]).reshape(entry["shape"]).clone()

    return {name: array(entry) for name, entry in header.items() if name != "__metadata__"}


class Network(torch.nn.Module):
    """Built from the description that all contenders share; images are channels first inside."""

    def __init__(self, description, arrays):
        super().__init__()
        self.steps = torch.nn.ModuleList()
        channels = None
        for layer in description["layers"]:
            kind, name = layer["type"], layer.get("name")
            if kind == "dense":
                module = torch.nn.Linear(layer["inputs"], layer["units"], bias=layer["bias"])
                kernel = arrays[name + "/kernel"]
                if channels is not None:
                    side = math.isqrt(layer["inputs"] // channels)
                    kernel = kernel.reshape(side, side, channels, -1).permute(2, 0, 1, 3).reshape(layer["inputs"], -1)
                    channels = None
                module.weight.data.copy_(kernel.T)
                if layer["bias"]:
                    module.bias.data.copy_(arrays[name + "/bias"])
            elif kind == "conv2d":
                channels = layer["filters"]
                module = torch.nn.Conv2d(layer["inputs"], channels, layer["size"], padding="same", bias=False)
                module.weight.data.copy_(arrays[name + "/kernel"].permute(3, 2, 0, 1))
            elif kind == "batchNorm":
                module = (torch.nn.BatchNorm1d if channels is None else torch.nn.BatchNorm2d)(layer["features"])
            else:
                module = {
                    "relu": torch.nn.ReLU,
                    "selu": torch.nn.SELU,
                    "flatten": torch.nn.Flatten,
                    "maxPool2d": lambda: torch.nn.MaxPool2d(2),
                }[kind]()
            self.steps.append(module)

    def forward(self, x):
        for step in self.steps:
            x = step(x)
        return x


def inputs_of(x):
    return x.permute(0, 3, 1, 2).contiguous() if x.dim() == 4 else x


def fastest(candidates):
    """Of functions that do the same: each runs for a while, the one with the shortest run is kept."""

    def shortest(run):
        run()
        times = []
        while sum(times) < 0.2:
            begin = time.perf_counter()
            run()
            times.append(time.perf_counter() - begin)
        return min(times)

    return min(candidates, key=shortest)


def new_optimizer(parameters, foreach):
    return torch.optim.Adam(parameters, lr=1e-3, foreach=foreach)


def training_step(task, arrays, foreach, memory_format):
    model = Network(MODELS[task["model"]], arrays)
    x, y = inputs_of(arrays["x"]), arrays["y"].long()
    if x.dim() == 4:
        model, x = model.to(memory_format=memory_format), x.contiguous(memory_format=memory_format)
    optimizer = new_optimizer(model.parameters(), foreach)

    def step():
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss

    return step


def prepare_training(task, arrays):
    formats = [torch.contiguous_format, torch.channels_last] if arrays["x"].dim() == 4 else [torch.contiguous_format]
    steps = [training_step(task, arrays, foreach, format) for foreach in (True, False) for format in formats]
    check = steps[0]().item()
    return fastest(steps), check


def prepare_inference(task, arrays):
    model = Network(MODELS[task["model"]], arrays).eval()
    x = inputs_of(arrays["x"])

    def predict():
        with torch.inference_mode():
            return model(x)

    return predict, magnitude(predict())


def magnitude(*results):
    return sum(result.detach().abs().double().mean().item() for result in results)


def prepare_matmul(task, arrays):
    a, b = arrays["a"], arrays["b"]
    run = (lambda: a.T @ b) if task["transposeA"] else (lambda: a @ b)
    return run, magnitude(run())


def prepare_normalization(task, arrays):
    x, gamma, beta = (arrays[name].requires_grad_() for name in ("x", "gamma", "beta"))
    dy = arrays["dy"]
    features = task["shape"][-1]
    if task["kind"] == "layerNorm":
        forward = lambda: F.layer_norm(x, (features,), gamma, beta, 1e-5)
    else:
        if len(task["shape"]) == 4:
            x = x.detach().permute(0, 3, 1, 2).contiguous().requires_grad_()
            dy = dy.permute(0, 3, 1, 2).contiguous()
        forward = lambda: F.batch_norm(x, None, None, gamma, beta, True, 0.1, 1e-5)

    def run():
        y = forward()
        return (y, *torch.autograd.grad(y, (x, gamma, beta), dy))

    return run, magnitude(*run())


def prepare_cross_entropy(task, arrays):
    x, y = arrays["x"].requires_grad_(), arrays["y"].long()

    def run():
        loss = F.cross_entropy(x, y)
        return (loss, *torch.autograd.grad(loss, x))

    return run, magnitude(*run())


def prepare_elu(task, arrays):
    x, dy = arrays["x"].requires_grad_(), arrays["dy"]

    def run():
        y = F.elu(x)
        return (y, *torch.autograd.grad(y, x, dy))

    return run, magnitude(*run())


def prepare_dropout(task, arrays):
    x = arrays["x"]
    return (lambda: F.dropout(x, 0.5)), None


def prepare_adam(task, arrays):
    def optimizer_of(w, foreach):
        w.grad = arrays["g"]
        return new_optimizer([w], foreach)

    parameters = [torch.nn.Parameter(arrays["w"].clone()) for _ in range(2)]
    optimizers = [optimizer_of(w, foreach) for w, foreach in zip(parameters, (True, False))]
    optimizers[0].step()
    state = optimizers[0].state[parameters[0]]
    check = magnitude(parameters[0], state["exp_avg"], state["exp_avg_sq"])
    return fastest([optimizer.step for optimizer in optimizers]), check


def prepare_mnist(task, arrays):
    """As src/contenders/mnist.ts: the steps to the accuracy are counted once, then that many are timed."""
    images, digits = arrays["images"].float() / 255, arrays["digits"].long()
    test_images, test_digits = arrays["testImages"].float() / 255, arrays["testDigits"].long()
    order = arrays["order"].long()
    batch, between = task["batch"], task["stepsBetweenTests"]

    def start(foreach=True):
        model = Network(MODELS["mlp"], arrays)
        return model, new_optimizer(model.parameters(), foreach)

    def train(model, optimizer, first, steps):
        model.train()
        for step in range(first, first + steps):
            rows = order[step * batch : (step + 1) * batch]
            loss = F.cross_entropy(model(images[rows]), digits[rows])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()

    def accuracy(model):
        model.eval()
        with torch.inference_mode():
            return (model(test_images).argmax(1) == test_digits).float().mean().item()

    counting = start()
    foreach = fastest([lambda trained=start(choice): (train(*trained, 0, 20), choice)[1] for choice in (True, False)])()
    needed = 0
    while accuracy(counting[0]) < task["accuracy"]:
        if (needed + between) * batch > len(order):
            raise RuntimeError(f"{task['accuracy']} was not reached in {needed} steps")
        train(*counting, needed, between)
        needed += between

    def run():
        fresh = start(foreach)
        begin = time.perf_counter()
        train(*fresh, 0, needed)
        return (time.perf_counter() - begin) * 1e3

    return run, None


PREPARE = {
    "mnist": prepare_mnist,
    "training": prepare_training,
    "inference": prepare_inference,
    "matmul": prepare_matmul,
    "batchNorm": prepare_normalization,
    "layerNorm": prepare_normalization,
    "crossEntropy": prepare_cross_entropy,
    "elu": prepare_elu,
    "dropout": prepare_dropout,
    "adam": prepare_adam,
}

prepared = None


def answer(command):
    global prepared
    if command["do"] == "release":
        prepared = None
        return {}
    if command["do"] == "run":
        milliseconds = []
        for _ in range(command["samples"]):
            figures = None
            begin = time.perf_counter()
            for _ in range(command["runs"]):
                result = prepared()
                if isinstance(result, float):
                    figures = (figures or 0) + result
            milliseconds.append((time.perf_counter() - begin) * 1e3 if figures is None else figures)
        return {"milliseconds": milliseconds}
    task = command["task"]
    prepare = PREPARE.get(task["kind"])
    if prepare is None:
        return {"able": False}
    prepared, check = prepare(task, read_arrays(command["fixture"]))
    return {"able": True, **({} if check is None else {"check": check})}


for line in sys.stdin:
    try:
        result = answer(json.loads(line))
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"answer": result}, separators=(",", ":")), flush=True)
