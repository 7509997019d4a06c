// Deliberately wrong backends, and what others need to write theirs.
export { catchMutant } from './catch.ts';
export type { Mutant, MutantKind, MutantRun } from './mutant.ts';
export { ofBackend, ofComposite, ofDevice, ofExpressions, ofPrimitive, ofThreads, unchangedBackend } from './mutant.ts';
export { mutants } from './mutants.ts';
