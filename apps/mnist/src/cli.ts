// The command nn-mnist.
export {};
