// TensorFlow.js on its WebAssembly backend: eager operations, gradients by its tape, its own Adam.
import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';

const epsilon = 1e-5;

export const start = new URL('start.mjs', import.meta.url);

export async function open({ threads }) {
  // In Node, it is this package that brings the gradients.
  await import('@tensorflow/tfjs-layers');
  setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();
  return { prepare: async ({ task, model, arrays }) => tasks[task.kind]?.(task, tensorsOf(arrays), model) };
}

const tensorsOf = (arrays) => Object.fromEntries(Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));

const tasks = {
  training: prepareTraining,
  inference: prepareInference,
  matmul: (task, { a, b }) => repeat(() => [tf.matMul(a, b, task.transposeA)]),
  batchNorm: (_task, { x, gamma, beta, dy }) => repeatWithGradients(batchNorm, [x, gamma, beta], dy),
  layerNorm: (_task, { x, gamma, beta, dy }) => repeatWithGradients(layerNorm, [x, gamma, beta], dy),
  crossEntropy: (task, { x, y }) => {
    const targets = tf.oneHot(y, task.shape[1]);
    const gradient = tf.valueAndGrad((logits) => meanCrossEntropy(logits, targets));
    return repeat(() => {
      const { value, grad } = gradient(x);
      return [value, grad];
    });
  },
  elu: (_task, { x, dy }) => repeatWithGradients((input) => tf.elu(input), [x], dy),
  dropout: (_task, { x }) => ({ run: () => tf.dispose(tf.dropout(x, 0.5)) }),
  adam: prepareAdam,
};

/** Runs and frees the results; `check` is the sum of their mean magnitudes. */
function repeat(compute) {
  const results = tf.tidy(compute);
  const check = results.reduce((sum, result) => sum + tf.tidy(() => tf.mean(tf.abs(result)).dataSync()[0]), 0);
  tf.dispose(results);
  return { check, run: () => tf.tidy(() => void compute()) };
}

function repeatWithGradients(forward, operands, dy) {
  const gradients = tf.valueAndGrads(forward);
  return repeat(() => {
    const { value, grads } = gradients(operands, dy);
    return [value, ...grads];
  });
}

function batchNorm(x, gamma, beta) {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const { mean, variance } = tf.moments(x, axes);
  return tf.batchNorm(x, mean, variance, beta, gamma, epsilon);
}

function layerNorm(x, gamma, beta) {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon))), gamma), beta);
}

function meanCrossEntropy(logits, targets) {
  return tf.losses.softmaxCrossEntropy(targets, logits);
}

/** The model as a function; in inference, batch normalization uses the moments it starts from: 0 and 1. */
function networkOf({ layers }, variables, training) {
  const moments = new Map(
    layers.filter(({ type }) => type === 'batchNorm').map(({ name, features }) => [name, [tf.zeros([features]), tf.ones([features])]]),
  );
  const apply = {
    dense: ({ name, bias }, x) => {
      const y = tf.matMul(x, variables[`${name}/kernel`]);
      return bias ? tf.add(y, variables[`${name}/bias`]) : y;
    },
    conv2d: ({ name }, x) => tf.conv2d(x, variables[`${name}/kernel`], 1, 'same'),
    batchNorm: ({ name }, x) => {
      const [gamma, beta] = [variables[`${name}/gamma`], variables[`${name}/beta`]];
      return training ? batchNorm(x, gamma, beta) : tf.batchNorm(x, ...moments.get(name), beta, gamma, epsilon);
    },
    maxPool2d: (_, x) => tf.maxPool(x, 2, 2, 'valid'),
    flatten: (_, x) => tf.reshape(x, [x.shape[0], -1]),
    relu: (_, x) => tf.relu(x),
    selu: (_, x) => tf.selu(x),
  };
  return (input) => layers.reduce((x, layer) => apply[layer.type](layer, x), input);
}

function prepareTraining(_task, { x, y, ...arrays }, model) {
  const trained = Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => /\/(kernel|bias|gamma|beta)$/.test(name))
      .map(([name, array]) => [name, tf.variable(array)]),
  );
  const network = networkOf(model, trained, true);
  const targets = tf.oneHot(y, 10);
  const optimizer = tf.train.adam(1e-3);
  const step = () => optimizer.minimize(() => meanCrossEntropy(network(x), targets), true, Object.values(trained));
  const check = step().dataSync()[0];
  return { check, run: () => tf.dispose(step()), dispose: () => tf.disposeVariables() };
}

function prepareInference(_task, { x, y: _labels, ...arrays }, model) {
  const network = networkOf(model, arrays, false);
  const predict = () => {
    const y = tf.tidy(() => network(x));
    const data = y.dataSync();
    y.dispose();
    return data;
  };
  const first = predict();
  return { check: first.reduce((sum, value) => sum + Math.abs(value), 0) / first.length, run: () => void predict() };
}

function prepareAdam(_task, { w, g }) {
  tf.variable(w, true, 'w');
  const optimizer = tf.train.adam(1e-3);
  const run = () => optimizer.applyGradients({ w: g });
  run();
  return { run, dispose: () => tf.disposeVariables() };
}
