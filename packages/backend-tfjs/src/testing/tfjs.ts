// TensorFlow.js as an application uses it: the part that tests call.
import type { TypedArray } from '@nn/core';

export interface AppTensor {
  readonly shape: number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dataSync(): TypedArray;
  data(): Promise<TypedArray>;
  dispose(): void;
}

/** `@tensorflow/tfjs-core` */
export interface App {
  tensor(values: ArrayLike<number> | readonly (readonly number[])[], shape?: readonly number[], dtype?: string): AppTensor;
  matMul(a: AppTensor, b: AppTensor): AppTensor;
  add(a: AppTensor, b: AppTensor | number): AppTensor;
  tidy<Result>(compute: () => Result): Result;
  memory(): { readonly numTensors: number; readonly numDataBuffers: number; readonly numBytes: number };
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  removeBackend(name: string): void;
  ready(): Promise<void>;
}

function isApp(module: unknown): module is App {
  return typeof (module as Partial<App>).setBackend === 'function';
}

/** With the backends that Node has. */
export async function importApp(): Promise<App> {
  await Promise.all([import('#tfjs-backend-cpu'), import('#tfjs-backend-wasm')]);
  const module: unknown = await import('#tfjs-core');
  if (!isApp(module)) throw new Error('@tensorflow/tfjs-core is not installed.');
  return module;
}
