// What a golden case needs and the toolkit does not have.

/** Thrown for a case that needs something the toolkit does not have yet: the case waits, it does not fail. */
export class NotYet extends Error {
  /** @param missing what is missing, in a few words: `'conv2d'` */
  constructor(missing: string) {
    super(missing);
    this.name = 'NotYet';
  }
}
