// A short name for what a program computes, for caches and reports.
import type { Program } from '../program/program.ts';
import { canonicalText } from '../program/text.ts';
import { hashPath } from '../rng/threefry.ts';

/** 64 bits of hash over the canonical text, as 16 hexadecimal digits. Layer paths and source lines do not enter. */
export function hashProgram(program: Program): string {
  const text = canonicalText(program);
  return [text, `#${text}`].map((part) => hashPath(part).toString(16).padStart(8, '0')).join('');
}
