// A page draws and listens only while nothing computes: long work on its main thread stops now and then.
import { nextTask } from '@nn/core';
import { place } from '../vendor/place.ts';

/** Milliseconds that a page may be busy. */
const patience = 12;

/** A function to be asked between two kernels: on the main thread of a page, a promise from time to time that lets the page have its turn. */
export function breathing(): () => Promise<void> | undefined {
  if (place.document === undefined) return () => undefined;
  let last = performance.now();
  const breathe = async (): Promise<void> => {
    await nextTask();
    last = performance.now();
  };
  return () => (performance.now() - last < patience ? undefined : breathe());
}
