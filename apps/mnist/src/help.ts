// The texts around the lists of flags: examples, and what the flags do not say.

/** @param program how this program is called */
export function programHelp(program: string): string {
  return `
Begin with:
  ${program} train                    train the network of the lectures on MNIST
  ${program} train --help             what can be changed about it
  ${program} predict <run> --index 7  what the network says about test image 7

Exit codes: 0 done, 1 failed, 2 not understood, 130 stopped with Ctrl-C (the run is kept).`;
}

export function trainHelp(program: string): string {
  return `
The network takes the pixels of an image (0 to 1) and gives a score for each class. Its hidden layers are
  dense, normalization, activation, dropout        with --order pre
  dense, activation, normalization, dropout        with --order post
With --model cnn, two convolutions of 3 × 3 (32 and 64 filters) come before them, each with normalization, activation and pooling.

What a run leaves in its folder:
  config.json          all settings
  metrics.jsonl        a line for each epoch and about a hundred steps of each
  model.safetensors    the network, written after each epoch
  result.json          test accuracy and loss, time and speed
Ctrl-C stops after the running step and keeps the run; another one after a second stops at once.

Examples:
  ${program} train --epochs 1 --seed 7
      the same numbers every time
  ${program} train --normalization none --limit 5000 --out runs/plain
  ${program} train --normalization batch --limit 5000 --out runs/normalized
      what batch normalization does: both begin with the same weights and see the same images
  ${program} train --hidden 512,512,512 --activation selu --normalization none --dropout 0.1
      a self-normalizing network
  ${program} train --model cnn --batch 64 --epochs 6
      99 of 100 test images, in some minutes
  ${program} train --swap reference@1 --swap cpu@2
      the second epoch in float64, with the same numbers to a tolerance
  ${program} train --data ~/fashion-mnist
      the four IDX files of another data set`;
}

export function predictHelp(program: string): string {
  return `
A PNG of the network's own size is taken as it is. Of any other, transparent, coloured or gray, the drawing is cut out, scaled to
20 of 28 pixels and centered, as the images of MNIST were made. Where the background is light, dark and light are exchanged.

Examples:
  ${program} predict runs/plain --index 7
  ${program} predict runs/plain --image five.png
  ${program} predict runs/plain --index 7 --json`;
}
