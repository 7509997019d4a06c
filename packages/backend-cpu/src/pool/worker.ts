// The script of a worker. It is bundled and started from a string; its first message says what it is to be.
import { KernelInstance, OtherThreadFailed } from '../wasm/kernelInstance.ts';
import { createMemory, LocalMemory } from '../wasm/memory.ts';
import { RunFailure } from '../wasm/runFailure.ts';
import { ControlBlock } from './control.ts';
import type { Assignment, MemberRole, Order, Report } from './messages.ts';
import { workerPort } from './port.ts';
import { SpareBuffers, worthMoving } from './spareBuffers.ts';

const port = workerPort();
port.listen((assignment: Assignment) => {
  // Orders may come before the lock does.
  const early: Order[] = [];
  port.listen((order: Order) => early.push(order));
  void start(assignment, early);
});

async function start(assignment: Assignment, early: readonly Order[]): Promise<void> {
  if (assignment.lock !== undefined) await holdForLife(assignment.lock);
  if (assignment.role === 'member') serveAsMember(assignment.module, assignment);
  else serveAsOwner(assignment.module, early);
}

/** A lock that the browser releases when this worker ends, however it ends. A page that is refused locks does without, as one that has none. */
function holdForLife(lock: string): Promise<void> {
  return new Promise((resolve) => {
    const held = navigator.locks.request(lock, () => {
      resolve();
      return new Promise(() => {});
    });
    held.catch(() => resolve());
  });
}

/** Takes part in every job; never returns to the event loop. Thread 0, where a worker is that, reports the end of each. */
function serveAsMember(module: WebAssembly.Module, { memory, thread }: MemberRole): never {
  const control = new ControlBlock(memory);
  const kernels = new KernelInstance(module, memory);
  control.signIn();
  port.post({ report: 'ready' });
  let number = 0;
  for (;;) {
    number = kernels.runtime.waitForJob(number);
    const job = control.jobOf(number);
    if (job === undefined || thread >= job.threads) continue;
    const { header, threads } = job;
    try {
      let finished = kernels.start(header, thread, threads);
      while (!finished) finished = kernels.proceed(thread, threads);
      if (thread === 0) port.post({ report: 'done' });
    } catch (error) {
      if (!(error instanceof OtherThreadFailed)) control.fail(thread, new RunFailure(String(error), kernels.position));
      if (thread === 0) port.post(failed(control.failure));
    }
  }
}

/** Does what it is told by messages, those that came early first. */
function serveAsOwner(module: WebAssembly.Module, early: readonly Order[]): void {
  const memory = createMemory();
  const local = new LocalMemory(memory);
  const emptied = new SpareBuffers();
  const kernels = new KernelInstance(module, memory);
  const follow = (order: Order): Report | undefined => {
    if (order.order === 'read') return { report: 'values', values: local.read(order.pointer, order.dtype, order.length) };
    if (order.order === 'run') {
      kernels.start(order.header, 0, 1);
      return { report: 'done', emptied: emptied.takeAll() };
    }
    if (order.order === 'reserve') local.reserve(order.end);
    else if (order.order === 'write') {
      const { pointer, dtype, values } = order;
      local.write(pointer, dtype, values);
      if (values.byteLength >= worthMoving) emptied.keep(values.buffer as ArrayBuffer);
    } else local.copy(order.from, order.to, order.bytes);
    return undefined;
  };

  /** An order without an answer that could not be followed, such as a write beyond the memory: the next answer is that. */
  let earlier: RunFailure | undefined;
  const answer = (order: Order): void => {
    let report: Report | undefined;
    try {
      report = follow(order);
    } catch (error) {
      earlier ??= new RunFailure(String(error), order.order === 'run' ? kernels.position : undefined);
    }
    if (order.order !== 'read' && order.order !== 'run') return;
    const answered = earlier === undefined ? report! : failed(earlier);
    port.post(answered, movedWith(answered));
    earlier = undefined;
  };
  port.listen(answer);
  port.post({ report: 'ready' });
  for (const order of early) answer(order);
}

/** What the page gets without a copy: nobody here needs it any more. */
function movedWith(report: Report): readonly ArrayBuffer[] {
  if (report.report === 'done') return report.emptied ?? [];
  if (report.report !== 'values' || report.values.byteLength < worthMoving) return [];
  return [report.values.buffer as ArrayBuffer];
}

function failed({ message, command }: RunFailure): Report {
  return { report: 'failed', message, command };
}
