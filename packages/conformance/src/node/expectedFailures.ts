// Known failures in a file.
import { readFileSync } from 'node:fs';
import { DataError, FormatError } from '@nn/core';
import { isRecord, parseJson } from '../golden/format.ts';
import type { ExpectedFailure } from '../suite/contract.ts';

/** @throws DataError when there is no such file; FormatError for what is no list of ids, reasons and days */
export function loadExpectedFailures(path: string): ExpectedFailure[] {
  const content = parseJson(textOf(path), path);
  if (!Array.isArray(content)) throw new FormatError(`${path}: a list is needed, [{ "id": …, "reason": …, "expires": "2027-03-01" }].`);
  return content.map((entry: unknown, index) => {
    if (!isRecord(entry)) throw new FormatError(`${path}: entry ${index} is no record.`);
    const { id, reason, expires } = entry;
    if (typeof id !== 'string' || typeof reason !== 'string' || typeof expires !== 'string' || Number.isNaN(Date.parse(expires)))
      throw new FormatError(`${path}: entry ${index} needs an id, a reason and a day on which it is over, as in 2027-03-01.`);
    return { id, reason, expires };
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DataError(`${path} cannot be read.`, 'data.missing', { cause });
  }
}
