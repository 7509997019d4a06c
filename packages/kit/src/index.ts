// @nn/kit: everything but the backends under one name. It re-exports and tree-shakes; install single packages to install less.
export * from '@nn/core';
export * from '@nn/data';
export * from '@nn/initializers';
export * from '@nn/layers';
export * from '@nn/optim';
export * from '@nn/train';

// Names that two packages have. Here they are what builds models and trains them; @nn/core has the functions of tensors.
export { avgPool2d, conv2d, logSoftmax, maxPool2d, sigmoid, softmax, tanh } from '@nn/layers';
export { softmaxCrossEntropy } from '@nn/train';
export { constant, oneHot } from '@nn/core';
export { oneHot as oneHotLabels } from '@nn/data';
export { constant as constantInitializer, zeros } from '@nn/initializers';
