// Makes a document anew: runs its examples and writes what they print, fills in generated texts, checks the rest.
import type { Block, Edit } from './blocks.ts';
import { applyEdits, blocksOf } from './blocks.ts';
import { mistakes } from './checks.ts';
import type { Project } from './project.ts';
import { ProgramError } from './project.ts';
import { sameOutput } from './sameOutput.ts';

export interface Workspace {
  readonly root: string;
  /** Where examples run. */
  readonly project: Project;
  /** What fills the blocks ```text generated <name>. */
  readonly generators: Readonly<Record<string, () => string>>;
}

/**
 * The document as it should be. A `js` block is a whole program; the `text` block right behind it holds what it prints.
 * @throws when an example fails or the document names something that does not exist.
 */
export async function refreshed(workspace: Workspace, path: string, markdown: string): Promise<string> {
  const { root, project, generators } = workspace;
  const wrong = mistakes(root, path, markdown);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  const blocks = blocksOf(markdown);
  await checkTypes(project, path, blocks);
  const printed = await outputs(project, path, blocks);
  const edits = blocks.flatMap((block, index): Edit[] => {
    const output = printed.get(block);
    if (output !== undefined) return outputEdits(block, blocks[index + 1], output);
    return block.language === 'text' && block.info[0] === 'generated' ? [replace(block, generatedText(generators, path, block))] : [];
  });
  return applyEdits(markdown, edits);
}

/** What the `js` blocks print. */
async function outputs(project: Project, path: string, blocks: readonly Block[]): Promise<Map<Block, string>> {
  const programs = blocks.filter(({ language }) => language === 'js');
  if (programs.length === 0) return new Map();
  const printed = await project.run(programs.map(({ text }) => text)).catch((error: unknown) => {
    if (!(error instanceof ProgramError)) throw error;
    throw new Error(`${path}:${programs[error.program]?.line}: this example fails.\n${error.message}`, { cause: error });
  });
  return new Map(programs.map((program, index) => [program, printed[index] ?? '']));
}

/** Puts what a program printed behind it: in the place of what stands there, unless that is the same, or in a block of its own. */
function outputEdits(program: Block, next: Block | undefined, printed: string): Edit[] {
  if (next?.adjoins === true && next.language === 'text' && next.info.length === 0) {
    if (printed === '') return [{ from: program.end, to: next.end, text: '' }];
    return sameOutput(next.text, printed) ? [] : [replace(next, printed)];
  }
  return printed === '' ? [] : [{ from: program.end, to: program.end, text: `\n\n\`\`\`text\n${printed}\`\`\`` }];
}

function generatedText(generators: Workspace['generators'], path: string, block: Block): string {
  const name = block.info[1] ?? '';
  const generate = generators[name];
  if (generate === undefined)
    throw new Error(`${path}:${block.line}: nothing generates '${name}'; there is ${Object.keys(generators).join(', ')}`);
  return `${generate().trimEnd()}\n`;
}

const replace = ({ start, text }: Block, by: string): Edit => ({ from: start, to: start + text.length, text: by });

/** Type-checks the `ts` blocks that are no excerpts. */
async function checkTypes(project: Project, path: string, blocks: readonly Block[]): Promise<void> {
  const modules = blocks
    .filter(({ language, info }) => language === 'ts' && info.length === 0)
    .map(({ line, text }) => [`line-${line}.ts`, text]);
  if (modules.length === 0) return;
  await project.checkTypes(Object.fromEntries(modules) as Record<string, string>).catch((error: unknown) => {
    throw new Error(`${path}: ${String(error)}`, { cause: error });
  });
}
