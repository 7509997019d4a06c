// What a conformance case is, what it is run with, and what comes of it. Nothing here needs Node: a page runs the same cases.
import type { Backend, Capabilities, OpName } from '@nn/core';

/** What an author can aim at, one after the other. */
export const levels = ['forward', 'gradients', 'training', 'life cycle'] as const;
export type Level = (typeof levels)[number];

/** `quick`: every op, and every case that catches a known mistake. `full`: more data and more shapes for each, larger ones included. */
export const tiers = ['quick', 'full'] as const;
export type Tier = (typeof tiers)[number];

/** What a case may use. */
export interface CaseContext {
  /** It is shared by all cases and outlives them: a case disposes what it makes, and not the backend. */
  readonly backend: Backend;
  /** On all tolerances: 1 for CPU float32 or better, 4 for WebAssembly and GPUs. */
  readonly factor: number;
  /** Bytes that the device holds now, where the author of the backend can tell. */
  readonly bytesInUse?: (() => number) | undefined;
  readonly peers?: Peers | undefined;
}

/**
 * The same backend on other numbers of threads, by what is special about each: `{ 'one thread': () => myBackend({ threads: 1 }) }`. All must
 * give the same bits.
 */
export type Peers = Readonly<Record<string, () => Backend | Promise<Backend>>>;

/** What a failing case shows beside its reason. */
export interface Evidence {
  /** The program as text. */
  readonly program?: string;
  readonly expected?: string;
  readonly actual?: string;
}

/** What a case found: it passes unless there is a reason. */
export interface CaseOutcome {
  readonly reason?: string;
  /** The toolkit lacks something that the case needs: the reason says what, and the case counts as unsupported. */
  readonly waits?: true;
  /** The error that is the largest part of what is allowed. Both are 0 where results have to be equal. */
  readonly measured?: number;
  readonly allowed?: number;
  readonly evidence?: Evidence;
}

/** One thing that a backend must do. */
export interface ConformanceCase {
  /** Unique: `forward/softmax/rows`. */
  readonly id: string;
  readonly level: Level;
  /** What the case is about, a row of the matrix: an op, `layer batchNorm`, `optimizer adam`, `errors`. */
  readonly subject: string;
  /** The op, where the case is about a single one. */
  readonly op?: OpName;
  readonly tier: Tier;
  /** Why the case says nothing about a backend with these capabilities; undefined when it does. */
  readonly unsupported?: (capabilities: Capabilities, context: CaseContext) => string | undefined;
  /** Errors are failures, not exceptions: {@link runSuite} catches them. */
  run(context: CaseContext): Promise<CaseOutcome>;
}

/**
 * `pass`; `fail`; `unsupported`: the backend declares that it cannot, or the run has no means to look; `skipped`: it fails as its
 * author expected. The last two have a reason and count against the coverage.
 */
export type CaseStatus = 'pass' | 'fail' | 'unsupported' | 'skipped';

/** One line of a report. */
export interface CaseReport extends Pick<ConformanceCase, 'id' | 'level' | 'subject' | 'tier'>, CaseOutcome {
  readonly backend: string;
  readonly status: CaseStatus;
  readonly op?: OpName;
  readonly milliseconds: number;
  /** The command that runs this case alone. */
  readonly rerun: string;
}

/** A failure that the author of a backend knows of. */
export interface ExpectedFailure {
  /** The id of a case, or a part of ids. */
  readonly id: string;
  readonly reason: string;
  /** A day, `2027-03-01`: from then on the failure counts. */
  readonly expires: string;
}
