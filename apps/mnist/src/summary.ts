// The lines before and after training: what is trained on what, and what came out.
import type { Network } from '@nn/kit';
import type { ImageSets } from './images.ts';
import type { RunConfig } from './runConfig.ts';
import type { RunResult } from './runFolder.ts';
import { countText, durationText, percentText } from './texts.ts';

/** Data, network and recipe. */
export function announcement(config: RunConfig, { train, test }: ImageSets, network: Network): readonly string[] {
  const { image, hidden, classes, optimizer, rate, schedule, batch, seed, data } = config;
  const [height = 0, width = 0] = image;
  const units = [height * width, ...hidden, classes].join('-');
  return [
    `data     ${countText(train.size)} training and ${countText(test.size)} test images of ${height} × ${width} from ${data ?? 'MNIST'}`,
    `network  ${[units, ...betweenLayers(config)].join(', ')}: ${countText(network.summary().trainable)} parameters`,
    `recipe   ${optimizer}, ${schedule} rate from ${rate}, batches of ${batch}, seed ${seed}`,
  ];
}

/** The final table. @param program how this program is called */
export function outcome(result: RunResult, folder: string, program: string): readonly string[] {
  const { testAccuracy, testLoss, seconds, samplesPerSecond, epochs } = result;
  return [
    `test accuracy  ${percentText(testAccuracy)}`,
    `test loss      ${testLoss.toFixed(4)}`,
    `training       ${durationText(seconds)} for ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, ${countText(samplesPerSecond)} samples/s`,
    `run            ${folder}`,
    `try it         ${program} predict ${folder} --index 7`,
  ];
}

function betweenLayers({ hidden, normalization, order, activation, dropout }: RunConfig): readonly string[] {
  if (hidden.length === 0) return [];
  const normalized = normalization === 'none' ? [] : [`${normalization} normalization`];
  const activated = order === 'pre' ? [...normalized, activation] : [activation, ...normalized];
  return dropout === 0 ? activated : [...activated, `dropout ${dropout}`];
}
