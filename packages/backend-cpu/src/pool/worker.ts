// The script of a worker. It is bundled and started from a string.
export {};
