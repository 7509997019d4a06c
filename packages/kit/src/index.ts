// One import for nn: core, layers, initializers, optimizers, training and data.
export {};
