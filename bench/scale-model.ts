/** Writes docs/scale.md and its plots: see `scale-model/page.ts`. `bun bench/scale-model.ts` */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePage } from './scale-model/page.ts';

const docs = join(import.meta.dir, '../docs');
const { markdown, plots } = makePage();
mkdirSync(join(docs, 'scale'), { recursive: true });
writeFileSync(join(docs, 'scale.md'), markdown);
for (const [name, svg] of Object.entries(plots)) writeFileSync(join(docs, 'scale', name), svg);
