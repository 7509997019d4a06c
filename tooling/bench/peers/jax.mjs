// jax-js on its WebAssembly device: compiled functions (jit). Its arrays are counted: a call takes what it is given, `.ref` keeps it.
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, random, tree, valueAndGrad, vjp } from '@jax-js/jax';

const epsilon = 1e-5;
const [beta1, beta2, adamEpsilon, learningRate] = [0.9, 0.999, 1e-8, 1e-3];

export const start = new URL('start.mjs', import.meta.url);

export async function open() {
  await init('wasm');
  defaultDevice('wasm');
  return { prepare: async ({ task, model, arrays }) => tasks[task.kind]?.(task, arraysOf(arrays), model) };
}

const arraysOf = (arrays) =>
  Object.fromEntries(Object.entries(arrays).map(([name, { shape, data }]) => [name, np.array(data).reshape([...shape])]));

const tasks = {
  training: prepareTraining,
  inference: prepareInference,
  matmul: ({ transposeA }, operands) => repeat(({ a, b }) => [np.matmul(transposeA ? a.transpose() : a, b)], operands),
  batchNorm: (_task, operands) => repeat(({ x, gamma, beta, dy }) => withGradients(batchNorm, [x, gamma, beta], dy), operands),
  layerNorm: (_task, operands) => repeat(({ x, gamma, beta, dy }) => withGradients(layerNorm, [x, gamma, beta], dy), operands),
  crossEntropy: ({ shape: [, classes] }, { x, y }) =>
    repeat(({ logits, targets }) => valueAndGrad(meanCrossEntropy)(logits, targets), { logits: x, targets: nn.oneHot(y, classes) }),
  elu: (_task, operands) => repeat(({ x, dy }) => withGradients((input) => nn.elu(input), [x], dy), operands),
  dropout: prepareDropout,
  adam: prepareAdam,
};

/** Runs a compiled function on the same operands; `check` is the sum of the results' mean magnitudes. */
async function repeat(compute, operands) {
  const compiled = jit(compute);
  const call = () => compiled(tree.ref(operands));
  const results = call();
  return { check: await magnitude(results), run: () => finish(call()), dispose: () => tree.dispose(operands) };
}

async function finish(results) {
  await blockUntilReady(results);
  tree.dispose(results);
}

async function magnitude(results) {
  let sum = 0;
  for (const result of results) sum += (await np.mean(np.abs(result)).data())[0];
  return sum;
}

function withGradients(forward, operands, dy) {
  const [y, pullBack] = vjp(forward, operands);
  return [y, ...pullBack(dy)];
}

/** Over all axes but the last. */
const batchNorm = (x, gamma, beta) =>
  normalize(
    x,
    gamma,
    beta,
    x.shape.slice(0, -1).map((_, axis) => axis),
  );
const layerNorm = (x, gamma, beta) => normalize(x, gamma, beta, [x.shape.length - 1]);

function normalize(x, gamma, beta, axes) {
  const centered = x.ref.sub(np.mean(x, axes, { keepdims: true }));
  const variance = np.mean(np.square(centered.ref), axes, { keepdims: true });
  return centered
    .div(np.sqrt(variance.add(epsilon)))
    .mul(gamma)
    .add(beta);
}

const meanCrossEntropy = (logits, targets) => np.mean(np.sum(nn.logSoftmax(logits).mul(targets), -1)).neg();

/** In training batch normalization uses the batch, in inference the moments it starts from: 0 and 1. Images are channels first inside. */
function networkOf({ layers }, training) {
  const apply = {
    dense: ({ name, bias }, x, variables) => {
      const y = np.matmul(x, variables[`${name}/kernel`].ref);
      return bias ? y.add(variables[`${name}/bias`].ref) : y;
    },
    conv2d: ({ name }, x, variables) =>
      channelsLast(lax.conv(channelsFirst(x), variables[`${name}/kernel`].ref.transpose([3, 2, 0, 1]), [1, 1], 'SAME')),
    batchNorm: ({ name }, x, variables) => {
      const [gamma, beta] = [variables[`${name}/gamma`].ref, variables[`${name}/beta`].ref];
      return training ? batchNorm(x, gamma, beta) : x.mul(gamma.div(Math.sqrt(1 + epsilon))).add(beta);
    },
    maxPool2d: (_, x) => {
      const [batch, height, width, channels] = x.shape;
      return np.max(x.reshape([batch, height / 2, 2, width / 2, 2, channels]), [2, 4]);
    },
    flatten: (_, x) => x.reshape([x.shape[0], -1]),
    relu: (_, x) => nn.relu(x),
    selu: (_, x) => nn.selu(x),
  };
  return (variables, input) => {
    const y = layers.reduce((x, layer) => apply[layer.type](layer, x, variables), input);
    tree.dispose(variables);
    return y;
  };
}

const channelsFirst = (x) => x.transpose([0, 3, 1, 2]);
const channelsLast = (x) => x.transpose([0, 2, 3, 1]);

const isTrained = (name) => /\/(kernel|bias|gamma|beta)$/.test(name);

async function prepareTraining(_task, { x, y, ...arrays }, model) {
  let variables = Object.fromEntries(Object.entries(arrays).filter(([name]) => isTrained(name)));
  const network = networkOf(model, true);
  const lossAndGradients = valueAndGrad((trained, input, targets) => meanCrossEntropy(network(trained, input), targets));
  const compiled = jit((state, input, targets) => {
    const { trained, moments, corrections } = state;
    const [loss, gradients] = lossAndGradients(tree.ref(trained), input, targets);
    return { loss, ...adamStep(trained, gradients, moments, corrections) };
  });
  const targets = nn.oneHot(y, 10);
  let moments = { m: zerosLike(variables), v: zerosLike(variables) };
  let count = 0;
  const step = async () => {
    const { loss, trained, ...updated } = compiled({ trained: variables, moments, corrections: corrections(++count) }, x.ref, targets.ref);
    [variables, moments] = [trained, updated.moments];
    await blockUntilReady({ loss: loss.ref, trained, moments });
    return loss;
  };
  const check = (await (await step()).data())[0];
  return { check, run: async () => (await step()).dispose(), dispose: () => tree.dispose({ variables, moments, x, targets }) };
}

const zerosLike = (arrays) => Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, np.zeros([...shape])]));

/** Factors that undo the pull of the zeros that the moments begin with, as arrays so that nothing is compiled again. */
const corrections = (step) => np.array(new Float32Array([1 / (1 - beta1 ** step), 1 / (1 - beta2 ** step)]));

/** Kingma and Ba (2015), algorithm 1, on records of arrays. */
function adamStep(trained, gradients, moments, factors) {
  const updated = { trained: {}, moments: { m: {}, v: {} } };
  const [first, second] = [factors.ref.slice(0), factors.slice(1)];
  for (const name of Object.keys(trained)) {
    const g = gradients[name];
    const m = moments.m[name].mul(beta1).add(g.ref.mul(1 - beta1));
    const v = moments.v[name].mul(beta2).add(np.square(g).mul(1 - beta2));
    const update = m.ref.mul(first.ref).div(np.sqrt(v.ref.mul(second.ref)).add(adamEpsilon));
    updated.trained[name] = trained[name].sub(update.mul(learningRate));
    updated.moments.m[name] = m;
    updated.moments.v[name] = v;
  }
  first.dispose();
  second.dispose();
  return updated;
}

async function prepareInference(_task, { x, y, ...variables }, model) {
  y.dispose();
  const used = Object.fromEntries(Object.entries(variables).filter(([name]) => isTrained(name)));
  const compiled = jit(networkOf(model, false));
  const predict = () => compiled(tree.ref(used), x.ref).data();
  const first = await predict();
  const check = first.reduce((sum, value) => sum + Math.abs(value), 0) / first.length;
  return { check, run: predict, dispose: () => tree.dispose({ used, x }) };
}

async function prepareDropout(task, { x }) {
  const compiled = jit((key, input) => np.where(random.uniform(key, [task.size]).less(0.5), 0, input.mul(2)));
  let count = 0;
  return { run: () => finish([compiled(random.key(++count), x.ref)]), dispose: () => x.dispose() };
}

async function prepareAdam(_task, { w, g, m, v }) {
  let [trained, moments, count] = [{ w }, { m: { w: m }, v: { w: v } }, 0];
  const compiled = jit(adamStep);
  const run = async () => {
    const updated = compiled(trained, { w: g.ref }, moments, corrections(++count));
    ({ trained, moments } = updated);
    await blockUntilReady(updated);
  };
  await run();
  const check = await magnitude([trained.w.ref, moments.m.w.ref, moments.v.w.ref]);
  return { check, run, dispose: () => tree.dispose({ trained, moments, g }) };
}
