// A checksum over variables, to notice files that were damaged. Not a protection against anybody.
import type { NdArray } from '@nn/core';
import { hashPath } from '@nn/core';

/** 32 bits over names, in their order, and elements as 8 hexadecimal digits: FNV-1a over bytes. */
export function checksum(variables: Iterable<readonly [name: string, value: NdArray]>): string {
  let hash = 0x811c9dc5;
  for (const [name, { data }] of [...variables].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash = Math.imul(hash ^ hashPath(name), 0x01000193);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let index = 0; index < bytes.length; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
