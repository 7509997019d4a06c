// Finds an nn backend by its name and loads it on demand.
export {};
