// onnxruntime-web, the WebAssembly build of ONNX Runtime: inference only.
import * as ort from 'onnxruntime-web';
import { onnxModel } from './onnx.mjs';

export const start = new URL('start.mjs', import.meta.url);

export async function open({ threads }) {
  ort.env.wasm.numThreads = threads;
  return { prepare: async ({ task, model, arrays }) => (task.kind === 'inference' ? prepareInference(model, arrays) : undefined) };
}

async function prepareInference(model, { x, ...arrays }) {
  const session = await ort.InferenceSession.create(onnxModel(model, arrays, x.shape[0]), { executionProviders: ['wasm'] });
  const feeds = { x: new ort.Tensor('float32', x.data, x.shape) };
  const predict = async () => (await session.run(feeds)).y.data;
  const first = await predict();
  const check = first.reduce((sum, value) => sum + Math.abs(value), 0) / first.length;
  return { check, run: predict, dispose: () => session.release() };
}
