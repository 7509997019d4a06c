// A strict JSON reader that is told what to expect: for headers of files that nobody vouches for.
// JSON.parse keeps the last of two equal keys, builds whatever is nested and may run out of stack; here each is an error.
import { FormatError } from '../errors/errors.ts';

const deepest = 64;

// Each is found at the latest at the end of the text.
const noSpace = /[^ \t\n\r]|$/;
const endOfToken = /[ \t\n\r,:[\]{}"]|$/;
const quoteOrBackslash = /["\\]|$/;

/** Reads one JSON text from start to end; each method takes the next value and throws a FormatError where it is something else. */
export class JsonReader {
  readonly #what: string;
  readonly #text: string;
  #at = 0;

  /** @param what names the text in messages */
  constructor(bytes: Uint8Array, what: string) {
    this.#what = what;
    try {
      // A byte order mark is kept, and refused: JSON has none.
      this.#text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw this.error('there are bytes that are not UTF-8', { cause });
    }
  }

  /** An object: `member` is called at each value, and has to read it. */
  object(member: (key: string) => void): void {
    const keys = new Set<string>();
    this.#sequence('{', '}', () => {
      const key = this.string();
      if (keys.has(key)) throw this.error(`the key ${JSON.stringify(key)} is there twice`);
      keys.add(key);
      this.#take(':');
      member(key);
    });
  }

  /** An array: `element` is called at each value, and has to read it. */
  array(element: (index: number) => void): void {
    let index = 0;
    this.#sequence('[', ']', () => element(index++));
  }

  /** A string of well-formed Unicode. */
  string(): string {
    this.#take('"');
    const start = this.#at - 1;
    for (this.#skipTo(quoteOrBackslash); this.#text[this.#at] === '\\'; this.#skipTo(quoteOrBackslash)) this.#at += 2;
    if (this.#at >= this.#text.length) throw this.error('a string does not end');
    this.#at += 1;
    const value = this.#scalar(this.#text.slice(start, this.#at)) as string;
    if (/\p{Surrogate}/u.test(value)) throw this.error('a string holds half of a surrogate pair');
    return value;
  }

  /** An integer from 0 to 2⁵³ − 1, written without fraction or exponent. */
  integer(): number {
    const token = this.#token();
    const value = /^\d{1,16}$/.test(token) ? Number(this.#scalar(token)) : Number.NaN;
    if (!Number.isSafeInteger(value)) throw this.error(`an integer from 0 to 2^53 - 1 is needed, but "${token.slice(0, 24)}" is there`);
    return value;
  }

  /** A value of any kind, which is checked and forgotten. */
  skip(depth = 0): void {
    if (depth > deepest) throw this.error(`values are nested deeper than ${deepest}`);
    switch (this.#peek()) {
      case '{':
        return this.object(() => this.skip(depth + 1));
      case '[':
        return this.array(() => this.skip(depth + 1));
      case '"':
        this.string();
        return;
      default:
        this.#scalar(this.#token());
    }
  }

  /** Nothing but white space may follow. */
  end(): void {
    if (this.#peek() !== '') throw this.error('there is more after the end of its value');
  }

  /** An error that says where reading has come to. */
  error(defect: string, options?: ErrorOptions): FormatError {
    return new FormatError(`${this.#what}: ${defect} (before character ${this.#at}).`, 'format.invalid', options);
  }

  #sequence(open: string, close: string, entry: () => void): void {
    this.#take(open);
    if (this.#peek() !== close) {
      for (entry(); this.#peek() !== close; entry()) this.#take(',');
    }
    this.#at += 1;
  }

  /** The next character that is not white space, or '' at the end. */
  #peek(): string {
    this.#skipTo(noSpace);
    return this.#text[this.#at] ?? '';
  }

  #take(expected: string): void {
    const found = this.#peek();
    if (found !== expected) throw this.error(`${expected} is needed, but ${found ? JSON.stringify(found) : 'the text ends'} is there`);
    this.#at += 1;
  }

  /** The text of a number, true, false or null. */
  #token(): string {
    this.#peek();
    return this.#skipTo(endOfToken);
  }

  /** Goes on to the next match, and gives what it passed. */
  #skipTo(pattern: RegExp): string {
    const rest = this.#text.slice(this.#at);
    const passed = rest.slice(0, rest.search(pattern));
    this.#at += passed.length;
    return passed;
  }

  #scalar(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw this.error('there is no JSON value', { cause });
    }
  }
}
