// The settings of a run, in one table: the flags of `train`, their help, their defaults and the fields of config.json.
import { backendNames } from '@nn/backends';
import {
  activations,
  initializerAliases,
  initializers,
  models,
  namesOf,
  normalizations,
  optimizers,
  orders,
  preparations,
  schedules,
  transforms,
} from './choices.ts';
import type { Field } from './fields.ts';
import { choice, combination, decimal, integer, integers, optional, text } from './fields.ts';
import { swapField } from '../run/swap.ts';

/** A setting: a kind of value with its default, and what its flag's help says. */
interface Setting<T> extends Field<T> {
  readonly default: T;
  readonly group: 'Network' | 'Training' | 'Data';
  readonly description: string;
  /** Another name of the flag. */
  readonly alias?: string;
  /** Says what the default is where the value does not. */
  readonly defaultText?: string;
}

type SettingHelp<T> = Omit<Setting<T>, keyof Field<T>>;

function setting<T>(field: Field<T>, help: SettingHelp<NoInfer<T>>): Setting<T> {
  return { ...field, ...help };
}

/** In the order of the help text. Flags have the same names: `--hidden`. */
export const settingTable = {
  model: setting(choice(models), {
    group: 'Network',
    default: 'mlp',
    description: 'fully connected (mlp), or with two convolutions before that (cnn)',
  }),
  hidden: setting(optional(integers('<sizes>', { from: 1, to: 65_536 })), {
    group: 'Network',
    default: null,
    defaultText: '256,128 in mlp, 128 in cnn',
    description: 'units of each fully connected hidden layer, separated by commas; "none" for no such layer',
  }),
  normalization: setting(choice(namesOf(normalizations)), {
    group: 'Network',
    default: 'batch',
    description:
      'rescales the hidden values over the batch, the layer, a group of 8 channels, each channel of an image (instance), or by their ' +
      `root mean square; or the kernels (weight); or nothing: ${namesOf(normalizations).join(', ')}`,
  }),
  order: setting(choice(orders), {
    group: 'Network',
    default: 'pre',
    description: 'normalization before (pre) or after (post) the activation',
  }),
  activation: setting(choice(namesOf(activations)), {
    group: 'Network',
    default: 'relu',
    description: `of the hidden layers: ${namesOf(activations).join(', ')}`,
  }),
  initializer: setting(choice(['auto', ...namesOf(initializers)], initializerAliases), {
    group: 'Network',
    alias: 'init',
    default: 'auto',
    description: `of all kernels: ${namesOf(initializers).join(', ')}; auto takes the one that fits the activation`,
  }),
  prepare: setting(choice(namesOf(preparations)), {
    group: 'Network',
    default: 'none',
    description:
      'scales the kernels by the first batch: layer by layer to variance 1 (lsuv), or every unit to mean 0 and deviation 1 (scaling)',
  }),
  dropout: setting(decimal('<rate>', { from: 0, to: 1 }), {
    group: 'Network',
    default: 0,
    description: 'part of the hidden values that is dropped in each training step',
  }),
  l1: setting(decimal('<strength>', { from: 0 }), {
    group: 'Training',
    default: 0,
    description: 'adds strength · ‖W‖₁ to the loss, for all kernels W; with --l2 too it is an elastic net',
  }),
  l2: setting(decimal('<strength>', { from: 0 }), {
    group: 'Training',
    default: 0,
    description: 'adds strength · ‖W‖² to the loss, for all kernels W',
  }),
  augmentation: setting(combination('<names>', namesOf(transforms)), {
    group: 'Training',
    default: [],
    defaultText: 'none',
    description: `changes every training image anew in each epoch: ${namesOf(transforms).join(', ')}, or several of them: shift+rotate`,
  }),
  optimizer: setting(choice(namesOf(optimizers)), {
    group: 'Training',
    default: 'adam',
    description: 'how the weights follow from the gradients; momentum is sgd with momentum 0.9',
  }),
  rate: setting(optional(decimal('<number>', { from: 0 })), {
    group: 'Training',
    default: null,
    defaultText: Object.entries(optimizers)
      .map(([name, { rate }]) => `${rate} for ${name}`)
      .join(', '),
    description: 'learning rate where it is highest',
  }),
  schedule: setting(choice(namesOf(schedules)), {
    group: 'Training',
    default: 'cosine',
    description: 'the learning rate falls to 0 along half a cosine, rises before that (oneCycle), or stays constant',
  }),
  batch: setting(integer('<count>', { from: 1 }), { group: 'Training', default: 128, description: 'images in a training step' }),
  epochs: setting(integer('<count>', { from: 1 }), { group: 'Training', default: 3, description: 'passes over the training images' }),
  seed: setting(integer('<number>', { from: 0, to: 2 ** 32 - 1 }), {
    group: 'Training',
    default: 0,
    description: 'fixes weights, shuffles and dropout: the same seed gives the same network, bit for bit',
  }),
  backend: setting(choice(backendNames), {
    group: 'Training',
    default: 'cpu',
    description: 'what computes: cpu, or reference (float64, slow on purpose: give it a --limit)',
  }),
  swap: setting(swapField, {
    group: 'Training',
    default: [],
    defaultText: 'none',
    description: 'goes on with another backend after an epoch: reference@1; may be given several times',
  }),
  data: setting(optional(text('<folder>')), {
    group: 'Data',
    default: null,
    defaultText: 'MNIST, installed with this program',
    description: 'folder with the four IDX files of a data set, such as Fashion-MNIST, plain or .gz',
  }),
  classes: setting(integer('<count>', { from: 2, to: 256 }), {
    group: 'Data',
    default: 10,
    description: 'number of classes in the data set',
  }),
  limit: setting(optional(integer('<count>', { from: 1 })), {
    group: 'Data',
    default: null,
    defaultText: 'all',
    description: 'train on the first images only; the test images are always all used',
  }),
} as const;

type SettingTable = typeof settingTable;

export type SettingName = keyof SettingTable;

/** Everything that fixes a run, by name. */
export type Settings = { readonly [Name in SettingName]: ReturnType<SettingTable[Name]['check']> };

export const settingNames = Object.keys(settingTable) as readonly SettingName[];

/** The settings of a run in which nothing is changed. */
export const defaultSettings: Settings = mapSettings((name) => settingTable[name].default);

/** Settings from unchecked values, which must all be there. @throws ConfigError naming `owner` and the first value that is none */
export function checkSettings(owner: string, values: Readonly<Record<string, unknown>>): Settings {
  return mapSettings((name) => settingTable[name].check(owner, name, values[name]));
}

/** A value as one would type it. */
export function settingText<Name extends SettingName>(name: Name, value: Settings[Name]): string {
  const field: Field<unknown> = settingTable[name];
  return field.print(value);
}

function mapSettings(valueOf: (name: SettingName) => unknown): Settings {
  return Object.fromEntries(settingNames.map((name) => [name, valueOf(name)])) as Settings;
}
