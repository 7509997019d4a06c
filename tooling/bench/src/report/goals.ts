// What nn aims at, per version of Node, and whether a run reached it.
import { inChromium, inChromiumAlone, ours, oursOnOneThread } from '../contenders.ts';
import { fractionOfLimit } from '../limits.ts';
import type { Results, Row } from '../results.ts';
import { fastestOf, millisecondsOf, ratio } from '../results.ts';
import { markdownTable, percent, shortNumber } from './format.ts';
import { limitsOf } from './limitsOf.ts';

interface Goal {
  readonly title: string;
  /** The figure of a run; undefined where what it needs was not measured. */
  readonly figure: (results: Results) => number | undefined;
  readonly sense: 'at most' | 'at least';
  readonly bounds: Bounds;
  readonly show: (figure: number) => string;
}

/** With the engines of Node 20 and of Node 24, which joins vectors to 256 bit. */
type Bounds = readonly [node20: number, node24: number];

const both = (bound: number): Bounds => [bound, bound];
const rowOf = ({ rows }: Results, name: string): Row | undefined => rows.find((row) => row.name === name);

/** nn / the fastest setting of a contender. */
function againstPeer(name: string, group: string, title: string, bounds: Bounds): Goal {
  const figure = (results: Results) => {
    const row = rowOf(results, name);
    const peer = row && fastestOf(results, row, group);
    return row === undefined || peer === undefined ? undefined : ratio(row, ours, peer);
  };
  return { title: `${title}: nn / ${group}`, figure, sense: 'at most', bounds, show: shortNumber };
}

/** How many times as fast nn is. */
function timesFaster(name: string, group: string, title: string, bounds: Bounds): Goal {
  const figure = (results: Results) => {
    const row = rowOf(results, name);
    return row && ratio(row, group, ours);
  };
  return { title: `${title}: ${group} / nn`, figure, sense: 'at least', bounds, show: shortNumber };
}

function ofLimit(name: string, contender: string, threads: (results: Results) => number, title: string, bound: number): Goal {
  const figure = (results: Results) => {
    const row = rowOf(results, name);
    const taken = row && millisecondsOf(row, contender);
    return row && taken && fractionOfLimit(row, taken, limitsOf(results), threads(results));
  };
  return { title, figure, sense: 'at least', bounds: both(bound), show: percent };
}

/** A figure of nn itself. */
function plain(name: string, title: string, show: (value: number) => string, bound: number, contender: string = ours): Goal {
  const figure = (results: Results) => {
    const row = rowOf(results, name);
    return row && millisecondsOf(row, contender);
  };
  return { title, figure, sense: 'at most', bounds: both(bound), show };
}

const inUnit = (unit: string) => (value: number) => `${shortNumber(value)} ${unit}`;
const milliseconds = inUnit('ms');

/** How much longer it takes on a page that is not cross-origin isolated. */
function withoutIsolation(name: string, title: string, bound: number): Goal {
  const figure = (results: Results) => {
    const row = rowOf(results, name);
    return row && ratio(row, inChromiumAlone, inChromium);
  };
  return { title, figure, sense: 'at most', bounds: both(bound), show: shortNumber };
}

function againstOneThread(name: string, title: string, bounds: Bounds): Goal {
  const figure = (results: Results) => {
    const [row, alone] = [rowOf(results, name), rowOf(results, 'mlp-128')];
    const [taken, takenAlone] = [row && millisecondsOf(row, ours), alone && millisecondsOf(alone, oursOnOneThread)];
    return taken !== undefined && takenAlone !== undefined ? taken / takenAlone : undefined;
  };
  return { title, figure, sense: 'at most', bounds, show: shortNumber };
}

const goals: readonly Goal[] = [
  againstPeer('mlp-128', 'pytorch', 'MLP-BN step, batch 128', [1.3, 0.8]),
  againstPeer('mlp-32', 'pytorch', 'MLP-BN step, batch 32', [0.8, 0.6]),
  againstPeer('mlp-512', 'pytorch', 'MLP-BN step, batch 512', [1.7, 1]),
  againstPeer('deep-selu-128', 'pytorch', 'deep SELU step', [1.1, 0.7]),
  againstPeer('cnn-64', 'pytorch', 'CNN step', [1.6, 1.1]),
  timesFaster('mlp-128', 'tfjs-wasm', 'MLP-BN step, batch 128', [30, 50]),
  timesFaster('mlp-128', 'jax-js', 'MLP-BN step, batch 128', [4, 7]),
  ofLimit('matmul-512', oursOnOneThread, () => 1, 'matrix product 512³, one thread: of the arithmetic', 0.9),
  ofLimit('matmul-dw', oursOnOneThread, () => 1, 'dW 784×128×256, one thread: of the arithmetic', 0.9),
  againstPeer('batchNorm-512x1024', 'pytorch', 'batch norm [512, 1024]', [1.1, 0.8]),
  againstPeer('layerNorm-512x1024', 'pytorch', 'layer norm [512, 1024]', [1.1, 0.8]),
  againstPeer('batchNorm-32x28x28x64', 'pytorch', 'batch norm [32, 28, 28, 64]', [0.6, 0.5]),
  againstPeer('crossEntropy', 'pytorch', 'softmax cross-entropy', both(0.3)),
  againstPeer('elu', 'pytorch', 'ELU 1M', [1.1, 1.05]),
  againstPeer('dropout', 'pytorch', 'dropout 1M', both(0.1)),
  ofLimit('adam-10M', ours, ({ threads }) => threads, 'Adam 10M: of the memory bandwidth', 0.7),
  againstPeer('mlp-inference-1', 'onnxruntime-web', 'MLP-BN inference, batch 1', both(1)),
  againstPeer('mlp-inference-128', 'onnxruntime-web', 'MLP-BN inference, batch 128', [0.6, 0.5]),
  againstPeer('cnn-inference-64', 'onnxruntime-web', 'CNN inference, batch 64', [0.6, 0.5]),
  plain('start', 'import to first prediction, Node', milliseconds, 100),
  plain('start', 'import to first prediction, Chromium', milliseconds, 300, inChromium),
  withoutIsolation('mlp-128', 'MLP-BN step, batch 128: page not isolated / isolated', 2.1),
  againstPeer('mnist', 'pytorch', 'MNIST to 97 %', [1.5, 1]),
  againstOneThread('mlp-128', 'MLP-BN step, batch 128: all threads / one thread', [0.56, 0.58]),
  againstOneThread('busy-mlp-128', 'the same with one core busy / one thread', both(1.15)),
  plain('overhead', 'replayed step − its kernels, of the step', percent, 0.05),
  plain('allocation', 'bytes allocated per step', inUnit('B'), 0),
  plain('compile', 'program to first step', milliseconds, 50),
];

/** A row per goal whose figure was measured. */
export function goalsTable(results: Results): string {
  const major = Number(/^v(\d+)/.exec(results.machine.node)?.[1]);
  const column = major >= 24 ? 1 : 0;
  const rows = goals.flatMap(({ title, figure, sense, bounds, show }) => {
    const reached = figure(results);
    if (reached === undefined) return [];
    const bound = bounds[column];
    const holds = sense === 'at most' ? reached <= bound : reached >= bound;
    return [[title, `${sense === 'at most' ? '≤' : '≥'} ${show(bound)}`, show(reached), holds ? 'holds' : 'missed']];
  });
  return markdownTable(['goal', 'bound', 'measured', ''], rows);
}
