// The four files of an MNIST data set and where they can come from.
import type { NdArray } from '@nn/core';

export type Split = 'train' | 'test';

export interface MnistFile {
  readonly name: string;
  /** Of the official MNIST file, uncompressed, in hexadecimal. */
  readonly sha256: string;
}

/** Reads one of the files, wherever they are. */
export type ReadMnistFile = (file: MnistFile) => Promise<NdArray>;

export const mnistFiles: Readonly<Record<Split, { readonly images: MnistFile; readonly labels: MnistFile }>> = {
  train: {
    images: { name: 'train-images-idx3-ubyte', sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db' },
    labels: { name: 'train-labels-idx1-ubyte', sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5' },
  },
  test: {
    images: { name: 't10k-images-idx3-ubyte', sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7' },
    labels: { name: 't10k-labels-idx1-ubyte', sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2' },
  },
};

/** The names under which the file is found: some unpackers put a point where the official name has a hyphen. */
export function variantsOf(name: string): readonly string[] {
  const withPoint = name.replace('-idx', '.idx');
  return [`${name}.gz`, name, `${withPoint}.gz`, withPoint];
}
