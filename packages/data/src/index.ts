// Datasets, batching, shuffling, standardization and MNIST for nn.
export {};
