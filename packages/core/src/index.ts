// The contracts of nn: tensors, programs, gradients, random numbers, layers and backends.
export {};
