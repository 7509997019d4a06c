// Flags of V8 that make the kernels faster and are not on by default. They concern the whole process, so users have to ask for them.
import { nodeModule, nodeVersion } from '../host.ts';

/** By the major version of Node. Relaxed SIMD needs no flag from Node 21 on; two vectors are joined to 256 bit from Node 24 on. */
function flagsOf(version: number): string[] {
  if (version === 20) return ['--experimental-wasm-relaxed-simd'];
  return version >= 24 ? ['--experimental-wasm-revectorize'] : [];
}

/** Sets what this engine has; returns what was set. Kernels compiled before keep their form. */
export function setExperimentalFlags(): string[] {
  const [v8, version] = [nodeModule('node:v8'), nodeVersion()];
  if (v8 === undefined || version === undefined) return [];
  const flags = flagsOf(version);
  for (const flag of flags) v8.setFlagsFromString(flag);
  return flags;
}
