// Serves the page and says where; --open shows it.
import { servePage } from './page.ts';

console.log(`The conformance page: ${await servePage({ open: process.argv.includes('--open') })}`);
