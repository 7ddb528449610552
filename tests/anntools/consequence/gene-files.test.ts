/** The same models out of a GFF3, a GTF and memory give the same rows. */
import { expect, test } from 'bun:test';
import { parseGeneFile } from '../../../anntools/annotation-files/read.ts';
import { gff3Lines, gtfLines } from '../../support/gene-files.ts';
import { annotate, lineOf, mirrored, referenceOf, threeExonWorld, type World } from './made-up.ts';

const world = threeExonWorld();

test.each([
  ['forward', world],
  ['reverse', mirrored(world)],
] as const)('GFF3, GTF and memory agree on the %s strand', (_, made) => {
  const asRead = (lines: readonly string[]): World => ({ ...made, ...parseGeneFile(Buffer.from(lines.join('\n'))) });
  const worlds = [
    made,
    asRead(gff3Lines(made.genes, made.transcripts)),
    asRead(gtfLines(made.genes, made.transcripts)),
  ];
  const references = worlds.map(referenceOf);
  let told = 0;
  for (let start = 1950; start < made.bases.length - 1950; start++) {
    for (const to of [made.bases[start] === 'A' ? 'C' : 'A', '', 'GATTA']) {
      const line = lineOf(made.bases, { start, end: start + 1, to });
      const [memory, ...files] = references.map((reference) => annotate(reference, line));
      for (const rows of files) expect(rows).toEqual(memory ?? []);
      told += memory?.length ?? 0;
    }
  }
  expect(told).toBeGreaterThan(3000);
});
