// `normalize` and its gradient for any axes and any stretching of gamma and beta, element by element, all by thread 0. What layers
// use most is in normalizeColumns.ts and normalizeRows.ts.
import { extentOf, rankOf, rowCount, rowStart, strideOf } from './loops';
import { storeStatistics } from './statistics';

/**
 * args: x, gamma, beta, y, mean, variance, center, correction, reciprocalDeviation (0 for outputs that nobody reads), number of
 * statistics, elements per statistic, workspace (16 bytes per statistic), epsilon, then a nest of [x, statistics, gamma, beta].
 */
export function normalizeAny(args: usize, thread: i32, _threads: i32): void {
  if (thread != 0) return;
  const statistics = load<i32>(args, 36);
  const each = <f64>load<i32>(args, 40);
  const means = load<usize>(args, 44);
  const squares = means + (<usize>statistics << 3);
  const nest = args + 52;
  memory.fill(means, 0, <usize>statistics << 4);
  sumAny(load<usize>(args), nest, means);
  for (let at = means; at < squares; at += 8) store<f64>(at, load<f64>(at) / each);
  squareAny(load<usize>(args), nest, means, squares);
  for (let index = 0; index < statistics; index++) {
    const at = <usize>index << 3;
    const factor = storeStatistics(args + 16, index, load<f64>(means + at), load<f64>(squares + at) / each, load<f32>(args, 48));
    store<f64>(squares + at, <f64>factor);
  }
  if (load<usize>(args, 12) != 0) writeAny(args, nest, means, squares);
}

function sumAny(x: usize, nest: usize, sums: usize): void {
  const inner = rankOf(nest) - 1;
  const step = <usize>strideOf(nest, 1, inner) << 3;
  const rows = rowCount(nest);
  for (let row = 0; row < rows; row++) {
    let at = x + (<usize>rowStart(nest, 0, row) << 2);
    let sum = sums + (<usize>rowStart(nest, 1, row) << 3);
    for (const end = at + rowBytes(nest, inner); at < end; at += 4, sum += step) store<f64>(sum, load<f64>(sum) + <f64>load<f32>(at));
  }
}

function squareAny(x: usize, nest: usize, means: usize, sums: usize): void {
  const inner = rankOf(nest) - 1;
  const step = <usize>strideOf(nest, 1, inner) << 3;
  const rows = rowCount(nest);
  for (let row = 0; row < rows; row++) {
    let at = x + (<usize>rowStart(nest, 0, row) << 2);
    let offset = <usize>rowStart(nest, 1, row) << 3;
    for (const end = at + rowBytes(nest, inner); at < end; at += 4, offset += step) {
      const deviation = <f64>load<f32>(at) - load<f64>(means + offset);
      store<f64>(sums + offset, load<f64>(sums + offset) + deviation * deviation);
    }
  }
}

function writeAny(args: usize, nest: usize, means: usize, factors: usize): void {
  const x = load<usize>(args);
  const y = load<usize>(args, 12);
  const inner = rankOf(nest) - 1;
  const statisticStep = <usize>strideOf(nest, 1, inner) << 3;
  const gammaStep = <usize>strideOf(nest, 2, inner) << 2;
  const betaStep = <usize>strideOf(nest, 3, inner) << 2;
  const rows = rowCount(nest);
  for (let row = 0; row < rows; row++) {
    let at = <usize>rowStart(nest, 0, row) << 2;
    let statistic = <usize>rowStart(nest, 1, row) << 3;
    let gamma = load<usize>(args, 4) + (<usize>rowStart(nest, 2, row) << 2);
    let beta = load<usize>(args, 8) + (<usize>rowStart(nest, 3, row) << 2);
    for (const end = at + rowBytes(nest, inner); at < end; at += 4, statistic += statisticStep, gamma += gammaStep, beta += betaStep) {
      const normalized = (<f64>load<f32>(x + at) - load<f64>(means + statistic)) * load<f64>(factors + statistic);
      store<f32>(y + at, <f32>(normalized * <f64>load<f32>(gamma) + <f64>load<f32>(beta)));
    }
  }
}

/**
 * args: x, gamma, center, correction, reciprocalDeviation, dy, dx, dGamma (0 for outputs that nobody reads), number of statistics,
 * elements per statistic, elements of gamma, workspace (16 bytes per statistic and 8 per gamma), then a nest of [x, statistics, gamma].
 * With x̂ the normalized values and g = dy γ: dx = r (g − mean g − x̂ mean(g x̂)), dGamma = Σ dy x̂.
 */
export function normalizeAnyGradient(args: usize, thread: i32, _threads: i32): void {
  if (thread != 0) return;
  const statistics = load<i32>(args, 32);
  const gammas = load<i32>(args, 40);
  const sums = load<usize>(args, 44);
  const projections = sums + (<usize>statistics << 3);
  const gammaSums = projections + (<usize>statistics << 3);
  const dGamma = load<usize>(args, 28);
  const nest = args + 48;
  memory.fill(sums, 0, gammaSums - sums + (<usize>gammas << 3));
  gradientSums(args, nest, sums, projections, gammaSums);
  if (dGamma != 0) {
    for (let index: usize = 0; index < <usize>gammas; index++) store<f32>(dGamma + (index << 2), <f32>load<f64>(gammaSums + (index << 3)));
  }
  if (load<usize>(args, 24) != 0) writeAnyGradient(args, nest, sums, projections);
}

function gradientSums(args: usize, nest: usize, sums: usize, projections: usize, gammaSums: usize): void {
  const dy = load<usize>(args, 20);
  const inner = rankOf(nest) - 1;
  const statisticStep = <usize>strideOf(nest, 1, inner);
  const gammaStep = <usize>strideOf(nest, 2, inner);
  const rows = rowCount(nest);
  for (let row = 0; row < rows; row++) {
    let at = <usize>rowStart(nest, 0, row) << 2;
    let statistic = <usize>rowStart(nest, 1, row);
    let gamma = <usize>rowStart(nest, 2, row);
    for (const end = at + rowBytes(nest, inner); at < end; at += 4, statistic += statisticStep, gamma += gammaStep) {
      const upstream = <f64>load<f32>(dy + at);
      const scaled = upstream * <f64>load<f32>(load<usize>(args, 4) + (gamma << 2));
      const normalized = normalizedAt(args, at, statistic << 2);
      addTo(sums + (statistic << 3), scaled);
      addTo(projections + (statistic << 3), scaled * normalized);
      addTo(gammaSums + (gamma << 3), upstream * normalized);
    }
  }
}

function writeAnyGradient(args: usize, nest: usize, sums: usize, projections: usize): void {
  const each = <f64>load<i32>(args, 36);
  const dy = load<usize>(args, 20);
  const dx = load<usize>(args, 24);
  const inner = rankOf(nest) - 1;
  const statisticStep = <usize>strideOf(nest, 1, inner);
  const gammaStep = <usize>strideOf(nest, 2, inner) << 2;
  const rows = rowCount(nest);
  for (let row = 0; row < rows; row++) {
    let at = <usize>rowStart(nest, 0, row) << 2;
    let statistic = <usize>rowStart(nest, 1, row);
    let gamma = load<usize>(args, 4) + (<usize>rowStart(nest, 2, row) << 2);
    for (const end = at + rowBytes(nest, inner); at < end; at += 4, statistic += statisticStep, gamma += gammaStep) {
      const scaled = <f64>load<f32>(dy + at) * <f64>load<f32>(gamma);
      const projection = (normalizedAt(args, at, statistic << 2) * load<f64>(projections + (statistic << 3))) / each;
      const factor = <f64>load<f32>(load<usize>(args, 16) + (statistic << 2));
      store<f32>(dx + at, <f32>(factor * (scaled - load<f64>(sums + (statistic << 3)) / each - projection)));
    }
  }
}

/** The normalized value of the element at `at`, in bytes; its statistics are at `statistic`. */
// @ts-ignore: decorator
@inline
function normalizedAt(args: usize, at: usize, statistic: usize): f64 {
  const mean = <f64>load<f32>(load<usize>(args, 8) + statistic) + <f64>load<f32>(load<usize>(args, 12) + statistic);
  return (<f64>load<f32>(load<usize>(args) + at) - mean) * <f64>load<f32>(load<usize>(args, 16) + statistic);
}

// @ts-ignore: decorator
@inline
function rowBytes(nest: usize, inner: i32): usize {
  return <usize>extentOf(nest, inner) << 2;
}

// @ts-ignore: decorator
@inline
function addTo(sum: usize, value: f64): void {
  store<f64>(sum, load<f64>(sum) + value);
}
