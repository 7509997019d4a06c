// Layers for nn: dense, normalization, dropout, activations and containers.
export {};
