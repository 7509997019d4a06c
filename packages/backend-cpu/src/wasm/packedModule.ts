// How compiled modules travel inside a script: deflated, in base64. Base64 hides repetitions from whoever compresses the script for a
// download, so they are taken out before.
import { nodeModule } from '../pool/host.ts';

/** The bytes of a module that scripts/compileKernels.ts has packed. */
export async function unpackModule(packed: string): Promise<Uint8Array<ArrayBuffer>> {
  const deflated = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const zlib = nodeModule('node:zlib');
  // Node inflates in one call, and would take longer to set up its streams than for all else here.
  if (zlib !== undefined) return zlib.inflateRawSync(deflated);
  const inflated = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}
