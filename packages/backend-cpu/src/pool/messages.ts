// What is said between a backend and its workers.
import type { DType, TypedArray } from '@nn/core';

/** The first message to a worker: what it is going to be. */
export type Assignment = { readonly module: WebAssembly.Module; readonly lock: string | undefined } & (MemberRole | OwnerRole);

/** One of several threads over a shared memory; jobs come through its control block. */
export interface MemberRole {
  readonly role: 'member';
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
}

/** Alone with a memory of its own, where none can be shared; everything comes as an {@link Order}. */
export interface OwnerRole {
  readonly role: 'owner';
}

/** What the owner of a memory is asked to do, in order. */
export type Order =
  | { readonly order: 'reserve'; readonly end: number }
  /** Large values are all of a buffer that is moved. */
  | { readonly order: 'write'; readonly pointer: number; readonly dtype: DType; readonly values: TypedArray }
  | { readonly order: 'copy'; readonly from: number; readonly to: number; readonly bytes: number }
  | { readonly order: 'read'; readonly pointer: number; readonly dtype: DType; readonly length: number }
  | { readonly order: 'run'; readonly header: number };

/** What a worker says. Thread 0 of members reports the end of each job; an owner answers each `read` and `run`, in order. */
export type Report =
  | { readonly report: 'ready' }
  /** With the buffers that came with values, moved back. */
  | { readonly report: 'done'; readonly emptied?: readonly ArrayBuffer[] }
  | { readonly report: 'failed'; readonly message: string; readonly command: number | undefined }
  | { readonly report: 'values'; readonly values: TypedArray };
