// What TensorFlow.js makes of values when an activation is part of its product.
import { openDevice } from '../tfjsBackend.ts';
import type { DeviceName } from '../vendor/contract.ts';

/** activation(value · 1 + 0) for each value, by the fused product of the device. */
export async function fusedActivation(device: DeviceName, activation: string, values: readonly number[]): Promise<number[]> {
  const { backend, runtime } = await openDevice({ device });
  const shape = [1, values.length, 1];
  const [result] = runtime.compute((scope) => {
    const a = scope.upload(Float32Array.from(values), shape, 'float32');
    const b = scope.upload(new Float32Array([1]), [1, 1, 1], 'float32');
    const bias = scope.upload(new Float32Array([0]), [1], 'float32');
    return [scope.run('_FusedMatMul', { a, b, bias }, { transposeA: false, transposeB: false, activation })];
  });
  const found = [...(await runtime.read({ dataId: result!, shape, dtype: 'float32' }))];
  runtime.backend.disposeData(result!);
  await backend.dispose();
  return found;
}
