// Bytes as text in a script.
import { deflateRawSync } from 'node:zlib';

/** The form that `unpack` of src/wasm/packedModule.ts undoes. */
export const packed = (bytes: Uint8Array): string => deflateRawSync(bytes, { level: 9 }).toString('base64');
