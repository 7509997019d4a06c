// Freezing parts of a model: they keep their parameters and their running statistics, whatever is trained around them.
import { ConfigError } from '../errors/errors.ts';
import type { AnyLayer } from './contract.ts';
import { frozen, mapLayers, walkLayers } from './describe.ts';
import { matchPath } from './paths.ts';

/**
 * The model with the layers frozen whose path matches: `freeze(model, '**\/batchNorm*')`, `freeze(model, 'encoder')`. What stands in a
 * frozen layer is frozen with it. Variables keep their paths, so those of the model that was trained before fit. A rule with
 * `frozen: true` holds parameters alone, this holds running statistics as well and applies the layer as inference does.
 *
 * @param match glob over paths of layers: `*` within a segment, `**` over segments
 * @throws ConfigError when no layer matches; what a `block` applies is code, freeze the whole block or use `frozen(layer)` in it
 */
export function freeze<Model extends AnyLayer>(model: Model, match: string): Model {
  expectMatch(model, match);
  // What it takes and gives does not change.
  return mapLayers(model, (layer, path) => (matchPath(match, path) ? frozen(layer) : layer)) as Model;
}

/** The opposite of {@link freeze}. @throws ConfigError when no layer matches */
export function unfreeze<Model extends AnyLayer>(model: Model, match: string): Model {
  expectMatch(model, match);
  return mapLayers(model, (layer, path) => (matchPath(match, path) ? Object.freeze({ ...layer, frozen: false }) : layer)) as Model;
}

function expectMatch(model: AnyLayer, match: string): void {
  const paths = Array.from(walkLayers(model), ({ path }) => path);
  if (paths.some((path) => matchPath(match, path))) return;
  throw new ConfigError(`No layer of the model matches "${match}". Its layers are ${paths.filter((path) => path !== '').join(', ')}.`);
}
