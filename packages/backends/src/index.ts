// Finds an nn backend by its name and loads it on demand.
export { backendNamed, backendNames } from './backendNamed.ts';
export type { BackendGrants, BackendName } from './table.ts';
