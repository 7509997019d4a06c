// Optimizers, learning-rate schedules and gradient clipping for nn.
export {};
