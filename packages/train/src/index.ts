// Losses, metrics, rules and the trainer of nn.
export {};
