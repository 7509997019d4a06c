// Programs that only look.
import type { Program } from '@nn/core';

/** The program with its variables as they were after every run. */
export function withoutWrites(program: Program): Program {
  const variables = Object.fromEntries(Object.entries(program.variables).map(([name, { read }]) => [name, { read }]));
  return { ...program, variables };
}
