// The texts around the lists of flags: examples, and what the flags do not say.

/** @param program how this program is called */
export function programHelp(program: string): string {
  return `
Begin with:
  ${program} train                    train the network of the lectures on MNIST
  ${program} train --help             what can be changed about it
  ${program} compare --normalization none,batch
                                           what batch normalization does, with three seeds
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

export function compareHelp(program: string): string {
  return `
Values stand between commas, or behind the same flag given again; where a value has commas itself (--hidden, --swap, --data), only
behind the flag given again. Networks are the cross product of all lists; the first is the one the others are compared with.
Runs with the same seed begin with the same kernels, as far as shapes and initializers agree, and see the same batches, so a difference
between them comes from the settings. The table has means over the seeds, with 95 % intervals of paired differences.

What a comparison leaves in its folder:
  report.html          table, learning curves, gradients, activations and dead units of every layer; one file that needs no other
  comparison.json      the table as data
  <values>_seed-<n>    a run folder as train makes it, whose metrics.jsonl also has figures of the hidden layers
When it was stopped, the same command with --out <folder> goes on; with more values or seeds it keeps what is done.

Examples:
  ${program} compare --normalization none,batch,layer --seeds 5
  ${program} compare --init he,glorot,lecun --activation relu,selu --normalization none --limit 10000
  ${program} compare --hidden 256,128 --hidden 512 --dropout 0,0.2 --epochs 5
  ${program} compare --normalization none,batch --rate 0.001,0.01,0.1 --optimizer sgd
      does batch normalization bear higher learning rates? Runs that diverge are counted`;
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
