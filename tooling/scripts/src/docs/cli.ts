// Makes all documents anew; run in the root of the repository.
import { readFile, writeFile } from 'node:fs/promises';
import { documentsOf } from './documents.ts';
import { generators } from './generators.ts';
import { createProject } from './project.ts';
import { refreshed } from './refresh.ts';

const project = await createProject('.');
try {
  for (const path of documentsOf('.')) {
    const markdown = await readFile(path, 'utf8');
    const result = await refreshed({ root: '.', project, generators }, path, markdown).catch((error: Error) => {
      console.error(error.message);
      process.exitCode = 1;
      return markdown;
    });
    if (result === markdown) continue;
    await writeFile(path, result);
    console.log(`${path}: rewritten`);
  }
} finally {
  await project.remove();
}
