// The seed that the data of the cases are drawn with unless one is given.
export const defaultSeed = 1;
