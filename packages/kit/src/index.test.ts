// Every name of the packages is in the kit, and where two packages share a name the kit has the documented one.
import * as core from '@nn/core';
import * as data from '@nn/data';
import * as initializers from '@nn/initializers';
import * as layers from '@nn/layers';
import * as optim from '@nn/optim';
import * as train from '@nn/train';
import { expect, test } from 'vitest';
import * as kit from './index.ts';

const packages: Record<string, object> = { core, data, initializers, layers, optim, train };

test.each(Object.entries(packages))('the kit has every name of @nn/%s', (_name, exported) => {
  // A name that two packages export, without a choice between them, is silently in neither.
  expect(Object.keys(exported).filter((name) => !(name in kit))).toEqual([]);
});

test('a shared name is that of the package that builds and trains', () => {
  const shared = Object.entries(packages).flatMap(([name, exported]) => Object.keys(exported).map((key) => [key, name] as const));
  const owners = new Map<string, string[]>();
  for (const [key, name] of shared) owners.set(key, [...(owners.get(key) ?? []), name]);
  const choices = [...owners]
    .filter(([, names]) => names.length > 1)
    .map(([key, names]) => [
      key,
      names.find((name) => (packages[name] as Record<string, unknown>)[key] === (kit as Record<string, unknown>)[key]),
    ]);
  expect(Object.fromEntries(choices)).toEqual({
    avgPool2d: 'layers',
    constant: 'core',
    conv2d: 'layers',
    logSoftmax: 'layers',
    maxPool2d: 'layers',
    oneHot: 'core',
    sigmoid: 'layers',
    softmax: 'layers',
    softmaxCrossEntropy: 'train',
    tanh: 'layers',
    zeros: 'initializers',
  });
});
