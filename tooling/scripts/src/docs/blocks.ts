// Finds the fenced blocks of a Markdown file, and changes the file at places they give.

export interface Block {
  /** First word after the opening fence: `js`, `ts`, `sh`, `text`. */
  readonly language: string;
  /** The other words after the opening fence. */
  readonly info: readonly string[];
  /** Without the fences; empty or ending in a newline. */
  readonly text: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  /** Where the text begins, as an offset into the file. */
  readonly start: number;
  /** Behind the closing fence, as an offset into the file. */
  readonly end: number;
  /** Nothing but empty lines stands between this block and the one before it. */
  readonly adjoins: boolean;
}

/** The blocks of a file, in their order. */
export function blocksOf(markdown: string): Block[] {
  let previousEnd: number | undefined;
  return [...markdown.matchAll(/^```([^\n`]*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [whole, heading = '', text = ''] = match;
    const [language = '', ...info] = heading.trim().split(/\s+/);
    const line = markdown.slice(0, match.index).split('\n').length;
    const adjoins = previousEnd !== undefined && markdown.slice(previousEnd, match.index).trim() === '';
    const start = match.index + heading.length + '```\n'.length;
    previousEnd = match.index + whole.length;
    return { language, info, text, line, start, end: previousEnd, adjoins };
  });
}

/** Puts `text` in the place of everything from offset `from` to offset `to`. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The file after edits, which do not overlap and are in their order. */
export function applyEdits(markdown: string, edits: readonly Edit[]): string {
  return edits.reduceRight((result, { from, to, text }) => result.slice(0, from) + text + result.slice(to), markdown);
}
