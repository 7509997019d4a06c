// The mutants that come with the package: mistakes that were made in well-known libraries, and their relatives.
import { definitionMutants } from './definitions.ts';
import { expressionMutants } from './expressions.ts';
import { kernelMutants } from './kernels.ts';
import { memoryMutants } from './memory.ts';
import type { Mutant } from './mutant.ts';

export const mutants: readonly Mutant[] = [...kernelMutants, ...definitionMutants, ...expressionMutants, ...memoryMutants];
