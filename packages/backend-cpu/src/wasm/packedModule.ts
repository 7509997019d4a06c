// How compiled modules travel inside a script: deflated, in base64. Base64 hides repetitions from whoever compresses the script for a
// download, so they are taken out before. A module that is much like another travels as what is different.
import { nodeModule } from '../host.ts';

/** What makes one module out of another: bytes that are added between runs that are copied. */
export interface ModuleDifference {
  /**
   * In threes: how many bytes to add, how far behind the end of the run before (0 for the first) the next run begins, and how long it is.
   * What is left of the added bytes comes last.
   */
  readonly steps: readonly number[];
  /** Packed. */
  readonly added: string;
}

/** The bytes that scripts/compileKernels.ts has packed. */
export async function unpack(packed: string): Promise<Uint8Array<ArrayBuffer>> {
  const deflated = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const zlib = nodeModule('node:zlib');
  // Node inflates in one call, and would take longer to set up its streams than for all else here.
  if (zlib !== undefined) return zlib.inflateRawSync(deflated);
  const inflated = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/** The module that is so different from `source`. */
export async function applyDifference({ steps, added }: ModuleDifference, source: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const extra = await unpack(added);
  const parts: Uint8Array[] = [];
  let used = 0;
  let end = 0;
  for (let step = 0; step < steps.length; step += 3) {
    const [count, distance, length] = [steps[step]!, steps[step + 1]!, steps[step + 2]!];
    const from = end + distance;
    end = from + length;
    parts.push(extra.subarray(used, (used += count)), source.subarray(from, end));
  }
  parts.push(extra.subarray(used));
  const module = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    module.set(part, at);
    at += part.length;
  }
  return module;
}
