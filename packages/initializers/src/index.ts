// Initial values for parameters: Glorot, He, LeCun and plain distributions.
export {};
