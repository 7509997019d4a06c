// Serves the page and says where.
import { servePage } from './page.ts';

console.log(`The conformance page: ${await servePage(5180)}`);
