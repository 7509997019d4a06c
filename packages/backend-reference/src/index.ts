// The float64 interpreter of nn: the definition of the numbers.
export {};
