// One command that says whether a backend of nn is right.
export {};
