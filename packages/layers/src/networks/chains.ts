// Rewriting the chains of a model: layers that stand next to each other in a `sequential`, and what becomes of the paths.
import type { AnyLayer } from '@nn/core';
import { frozen, joinPath, named } from '@nn/core';
import { sequential } from '../containers/sequential.ts';

/** A layer at its place in a chain. */
export interface Link {
  /** Its path in the model as it was. */
  readonly path: string;
  readonly layer: AnyLayer;
}

/** A rewritten model. */
export interface Rewritten {
  readonly model: AnyLayer;
  /** The path that a variable has now; undefined when its layer is gone. */
  readonly pathOf: (variable: string) => string | undefined;
}

/**
 * Rewrites every `sequential` of a model, also those in containers that can be made again with other children. `edit` gets the links of one
 * chain and returns those of the new one: with other layers, or fewer. Layers that a chain applies twice are not among the links that
 * may change, `fixed` says which. Pinned names and frozen layers stay what they are.
 */
export function rewriteChains(model: AnyLayer, edit: (links: readonly Link[], fixed: ReadonlySet<string>) => readonly Link[]): Rewritten {
  const { layer, moves } = rewrite({ path: '', layer: model }, edit);
  return { model: layer, pathOf: (variable) => movedPath(variable, moves) };
}

/** Where a layer is now, relative to the container that is asked; a whole one takes along all that stands below it. */
interface Move {
  readonly to: string;
  readonly whole: boolean;
}

/** A layer made again, and where what was at a path in it is now. */
interface Part {
  readonly layer: AnyLayer;
  readonly moves: ReadonlyMap<string, Move>;
}

type Edit = Parameters<typeof rewriteChains>[1];

function rewrite({ path, layer }: Link, edit: Edit): Part {
  const { children = {}, withChildren } = layer;
  const here = (whole: boolean): [string, Move] => [path, { to: '', whole }];
  if (withChildren === undefined) return { layer, moves: new Map([here(true)]) };
  const parts = new Map(
    Object.entries(children).map(([name, child]) => [name, rewrite({ path: joinPath(path, name), layer: child }, edit)]),
  );
  const movesWithin = (old: string, now: string): [string, Move][] =>
    Array.from(parts.get(old)!.moves, ([from, { to, whole }]) => [from, { to: to === '' ? now : joinPath(now, to), whole }]);
  if (layer.kind !== 'sequential') {
    const made = withChildren(Object.fromEntries(Array.from(parts, ([name, part]) => [name, part.layer])));
    return { layer: markedAs(layer, made), moves: new Map([here(false), ...[...parts.keys()].flatMap((name) => movesWithin(name, name))]) };
  }
  const names = namesOf(layer);
  const links = names.map((name): Link => ({ path: joinPath(path, name), layer: parts.get(name)!.layer }));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  const edited = edit(links, new Set(repeated.map((name) => joinPath(path, name))));
  const made = sequential(...edited.map((link) => link.layer));
  const newNames = namesOf(made);
  const moves = edited.flatMap((link, index) => movesWithin(link.path.split('/').at(-1)!, newNames[index]!));
  return { layer: markedAs(layer, made), moves: new Map([here(false), ...moves]) };
}

/** The names of a chain's layers in the order of application. */
function namesOf(chain: AnyLayer): readonly string[] {
  return (chain.options['order'] ?? Object.keys(chain.children ?? {})) as readonly string[];
}

/** A layer with the pinned name of another one, and frozen if that is. */
export function markedAs({ name, frozen: isFrozen }: AnyLayer, made: AnyLayer): AnyLayer {
  const layer = name === undefined ? made : named(name, made);
  return isFrozen === true ? frozen(layer) : layer;
}

function movedPath(variable: string, moves: ReadonlyMap<string, Move>): string | undefined {
  const names = variable.split('/');
  for (let depth = names.length - 1; depth >= 0; depth--) {
    const move = moves.get(names.slice(0, depth).join('/'));
    // Of a container only its own variables are there: its layers have moves of their own, or are gone.
    if (move === undefined || !(move.whole || depth === names.length - 1)) continue;
    return [...(move.to === '' ? [] : [move.to]), ...names.slice(depth)].join('/');
  }
  return undefined;
}
