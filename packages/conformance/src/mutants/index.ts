// Deliberately wrong backends, and what others need to write theirs.
export { catchMutant } from './catch.ts';
export type { Mutant, MutantKind } from './mutant.ts';
export { ofBackend, ofComposite, ofDevice, ofExpressions, ofPrimitive, unchangedBackend } from './mutant.ts';
export { mutants } from './mutants.ts';
