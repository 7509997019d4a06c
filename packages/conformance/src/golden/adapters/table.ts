// The adapters of all ops that the toolkit has, by the name the golden files use.
import type { Adapter } from '../adapter.ts';
import { onnxAdapters } from '../onnx/table.ts';
import { activations } from './activations.ts';
import { images } from './images.ts';
import { layers } from './layers.ts';
import { losses, penalties } from './losses.ts';
import { normalization } from './normalization.ts';
import { optimizers } from './optimizers.ts';
import { primitives } from './primitives.ts';
import { trajectories } from './trajectories.ts';
import { weightNormalization } from './weightNormalization.ts';

const adapters: ReadonlyMap<string, Adapter> = new Map(
  Object.entries({
    ...primitives,
    ...activations,
    ...layers,
    ...images,
    ...normalization,
    ...weightNormalization,
    ...losses,
    ...penalties,
    ...optimizers,
    ...trajectories,
    ...onnxAdapters,
  }),
);

/** The adapter of an op; undefined for an op that the toolkit does not have. */
export function adapterOf(op: string): Adapter | undefined {
  return adapters.get(op);
}
