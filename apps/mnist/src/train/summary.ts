// The lines before and after training: what is trained on what, and what came out.
import type { Network } from '@nn/kit';
import { hiddenUnits } from '../run/model.ts';
import type { ImageSets } from '../run/images.ts';
import type { RunConfig } from '../run/runConfig.ts';
import type { RunResult } from '../run/runFolder.ts';
import { settingText } from '../settings/settings.ts';
import { countText, durationText, lossText, percentText } from '../commandLine/texts.ts';

/** Data, network and recipe. */
export function announcement(config: RunConfig, { train, test }: ImageSets, network: Network): readonly string[] {
  const { image, optimizer, rate, schedule, batch, seed, data } = config;
  const [height = 0, width = 0] = image;
  return [
    `data     ${countText(train.size)} training and ${countText(test.size)} test images of ${height} × ${width} from ${data ?? 'MNIST'}`,
    `network  ${[unitsText(config), ...betweenLayers(config)].join(', ')}: ${countText(network.summary().trainable)} parameters`,
    `recipe   ${[`${optimizer}, ${schedule} rate from ${rate}, batches of ${batch}, seed ${seed}`, ...besides(config)].join(', ')}`,
  ];
}

/** The final table. @param program how this program is called */
export function outcome(result: RunResult, folder: string, program: string): readonly string[] {
  const { testAccuracy, testLoss, seconds, samplesPerSecond, epochs } = result;
  return [
    `test accuracy  ${percentText(testAccuracy)}`,
    `test loss      ${lossText(testLoss)}`,
    `training       ${durationText(seconds)} for ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, ${countText(samplesPerSecond)} samples/s`,
    `run            ${folder}`,
    `try it         ${program} predict ${folder} --index 7`,
  ];
}

/** What not every recipe has. */
function besides({ l1, l2, augmentation, prepare, swap }: RunConfig): readonly string[] {
  return [
    ...(l1 === 0 ? [] : [`l1 ${l1}`]),
    ...(l2 === 0 ? [] : [`l2 ${l2}`]),
    ...(augmentation.length === 0 ? [] : [settingText('augmentation', augmentation)]),
    ...(prepare === 'none' ? [] : [`kernels scaled by ${prepare}`]),
    ...(swap.length === 0 ? [] : [`then ${settingText('swap', swap)}`]),
  ];
}

/** "784-256-10": what each layer gives; "2 convolutions-128-10" for a cnn. */
function unitsText(config: RunConfig): string {
  const [height = 0, width = 0] = config.image;
  const before = config.model === 'cnn' ? '2 convolutions' : height * width;
  return [before, ...hiddenUnits(config), config.classes].join('-');
}

function betweenLayers({ normalization, order, activation, dropout, ...config }: RunConfig): readonly string[] {
  if (config.model === 'mlp' && hiddenUnits(config).length === 0) return [];
  const normalized = normalization === 'none' ? [] : [`${normalization} normalization`];
  const activated = order === 'pre' ? [...normalized, activation] : [activation, ...normalized];
  return dropout === 0 ? activated : [...activated, `dropout ${dropout}`];
}
