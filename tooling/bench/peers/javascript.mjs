// Plain loops over typed arrays, as one would write them without a library: what the engine alone makes of the single operations.

const epsilon = 1e-5;

export async function open() {
  return { prepare: async ({ task, arrays }) => tasks[task.kind]?.(task, arrays) };
}

const tasks = {
  matmul({ m, k, n, transposeA }, { a, b }) {
    const y = new Float32Array(m * n);
    const [rowStride, stride] = transposeA ? [1, m] : [k, 1];
    return repeat(() => matmul(y, { data: a.data, rowStride, stride }, b.data, [m, k, n]), [y]);
  },
  batchNorm({ shape }, arrays) {
    const features = shape.at(-1);
    return normalization(arrays, { groups: features, size: arrays.x.data.length / features, step: features, groupStep: 1 });
  },
  layerNorm({ shape }, arrays) {
    const features = shape.at(-1);
    return normalization(arrays, { groups: arrays.x.data.length / features, size: features, step: 1, groupStep: features });
  },
  crossEntropy({ shape: [rows, classes] }, { x, y }) {
    const [loss, dx] = [new Float32Array(1), new Float32Array(x.data.length)];
    return repeat(() => void (loss[0] = crossEntropy(dx, x.data, y.data, rows, classes)), [loss, dx]);
  },
  elu({ size }, { x, dy }) {
    const [y, dx] = [new Float32Array(size), new Float32Array(size)];
    return repeat(() => elu(y, dx, x.data, dy.data), [y, dx]);
  },
  dropout({ size }, { x }) {
    const y = new Float32Array(size);
    return { run: () => void x.data.forEach((value, index) => (y[index] = Math.random() < 0.5 ? 0 : 2 * value)) };
  },
  adam(_task, { w, g, m, v }) {
    let step = 0;
    return repeat(() => adam(w.data, g.data, m.data, v.data, ++step), [w.data, m.data, v.data]);
  },
};

function repeat(run, results) {
  run();
  const check = results.reduce((sum, data) => sum + data.reduce((total, value) => total + Math.abs(value), 0) / data.length, 0);
  return { run, check };
}

/** y ← a b, the inner loop along rows of b and y. */
function matmul(y, { data: a, rowStride, stride }, b, [m, k, n]) {
  y.fill(0);
  for (let row = 0; row < m; row++) {
    for (let inner = 0; inner < k; inner++) {
      const factor = a[row * rowStride + inner * stride];
      const [from, to] = [inner * n, row * n];
      for (let column = 0; column < n; column++) y[to + column] += factor * b[from + column];
    }
  }
}

/** Groups of `size` elements, `step` apart, are normalized; gamma and beta belong to features, which are the last axis. */
function normalization(
  { x: { data: x }, dy: { data: dy }, gamma: { data: gamma }, beta: { data: beta } },
  { groups, size, step, groupStep },
) {
  const [y, dx] = [new Float32Array(x.length), new Float32Array(x.length)];
  const [dGamma, dBeta] = [new Float32Array(gamma.length), new Float32Array(gamma.length)];
  const features = gamma.length;
  const run = () => {
    dGamma.fill(0);
    dBeta.fill(0);
    for (let group = 0; group < groups; group++) {
      const first = group * groupStep;
      const end = first + size * step;
      let sum = 0;
      for (let index = first; index < end; index += step) sum += x[index];
      const mean = sum / size;
      let squares = 0;
      for (let index = first; index < end; index += step) squares += (x[index] - mean) ** 2;
      const scale = 1 / Math.sqrt(squares / size + epsilon);
      let [sumG, sumGX] = [0, 0];
      for (let index = first; index < end; index += step) {
        const feature = index % features;
        const normalized = (x[index] - mean) * scale;
        y[index] = normalized * gamma[feature] + beta[feature];
        sumG += dy[index] * gamma[feature];
        sumGX += dy[index] * gamma[feature] * normalized;
        dGamma[feature] += dy[index] * normalized;
        dBeta[feature] += dy[index];
      }
      const [meanG, meanGX] = [sumG / size, sumGX / size];
      for (let index = first; index < end; index += step) {
        dx[index] = scale * (dy[index] * gamma[index % features] - meanG - (x[index] - mean) * scale * meanGX);
      }
    }
  };
  return repeat(run, [y, dx, dGamma, dBeta]);
}

function crossEntropy(dx, x, labels, rows, classes) {
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const first = row * classes;
    let largest = -Infinity;
    for (let index = first; index < first + classes; index++) largest = Math.max(largest, x[index]);
    let sum = 0;
    for (let index = first; index < first + classes; index++) sum += dx[index] = Math.exp(x[index] - largest);
    for (let index = first; index < first + classes; index++) dx[index] /= sum * rows;
    dx[first + labels[row]] -= 1 / rows;
    loss += Math.log(sum) - (x[first + labels[row]] - largest);
  }
  return loss / rows;
}

function elu(y, dx, x, dy) {
  for (let index = 0; index < x.length; index++) {
    const value = x[index];
    const exponential = value > 0 ? 1 : Math.exp(value);
    y[index] = value > 0 ? value : exponential - 1;
    dx[index] = dy[index] * exponential;
  }
}

/** Kingma and Ba (2015), algorithm 1. */
function adam(w, g, m, v, step) {
  const [first, second] = [1 / (1 - 0.9 ** step), 1 / (1 - 0.999 ** step)];
  for (let index = 0; index < w.length; index++) {
    const gradient = g[index];
    m[index] = 0.9 * m[index] + 0.1 * gradient;
    v[index] = 0.999 * v[index] + 0.001 * gradient * gradient;
    w[index] -= (0.001 * m[index] * first) / (Math.sqrt(v[index] * second) + 1e-8);
  }
}
