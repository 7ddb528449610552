/** From descriptions back to the genome: c. → g. → c. returns. */
import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Reference } from '../../../anntools/bundle/reference.ts';
import { InputError } from '../../../anntools/errors.ts';
import { HgvsResolver } from '../../../anntools/hgvs/resolve.ts';
import { leftAlign, type Aligned } from '../../../anntools/normalise/align.ts';
import { ourRows, referenceOf as referenceOfFiles, SHARED } from '../conformance/answers.ts';
import { annotate, lineOf, mirrored, mirroredEdit, referenceOf, threeExonWorld } from '../consequence/made-up.ts';

/** The one way to write a change. */
function placeOf(asked: Reference, contig: number, start: number, ref: string, alt: string): Aligned {
  const baseAt = (offset: number) => String.fromCharCode(asked.sequence.base(contig, offset));
  const anchor = baseAt(start - 1);
  return leftAlign(start - 1, [anchor + ref, anchor + alt], baseAt);
}

const world = threeExonWorld();
const other = mirrored(world);
const reference = referenceOf(world);

describe('on the forward strand', () => {
  const resolver = new HgvsResolver(reference);

  test.each([
    ['T1.2:c.4G>T', 2013, 'G', 'T'],
    ['T1:c.4G>T', 2013, 'G', 'T'],
    ['T1.2(MADE):c.-10G>A', 2000, 'G', 'A'],
    ['T1.2:c.*1C>T', 2300, 'C', 'T'],
    ['T1.2:c.30+1G>C', 2040, 'G', 'C'],
    ['T1.2:c.31-1G>C', 2139, 'G', 'C'],
    ['T1.2:c.16_18del', 2025, 'AAA', ''],
    ['T1.2:c.16_18delAAA', 2025, 'AAA', ''],
    ['T1.2:c.16_18del3', 2025, 'AAA', ''],
    ['T1.2:c.16_18dup', 2028, '', 'AAA'],
    ['T1.2:c.18_19insCG', 2028, '', 'CG'],
    ['T1.2:c.16_17delinsTTTT', 2025, 'AA', 'TTTT'],
    ['T1.2:c.71_73inv', 2280, 'TGG', 'CCA'],
    ['T1.2:c.16A[5]', 2025, 'AAA', 'AAAAA'],
    ['T1.2:c.16_18[2]', 2025, 'AAA', 'AAAAAA'],
    ['T1.2:c.4=', 2013, 'G', 'G'],
    ['1:g.2014G>T', 2013, 'G', 'T'],
    ['1:g.2026_2028dup', 2028, '', 'AAA'],
  ])('%s', (text, start, ref, alt) => {
    expect(resolver.resolve(text)).toEqual({ contig: 0, start, end: start + ref.length, ref, alt });
  });

  test.each([
    ['T9:c.4G>T', "the reference has no transcript 'T9'"],
    ['NC_000009.12:g.4G>T', "no contig 'NC_000009.12'"],
    ['T1.2:n.4G>T', 'the transcript codes: c.'],
    ['T1.2:c.4A>T', "the reference has 'G' there"],
    ['T1.2:c.4_6del4', 'it spans 3 bases'],
    ['T1.2:c.29+1G>C', 'its intron does not lie beside that base'],
    ['T1.2:c.*99G>C', 'the transcript has no such base'],
    ['T1.2:c.18_16del', 'its positions are in the wrong order'],
    ['T1.2:c.18_20insA', 'an insertion lies between two neighbours'],
    ['T1.2:c.(4_6)_7del', 'its place is not known exactly'],
    ['T1.2:c.?_7del', 'its place is not known'],
    ['T1.2:c.4', 'it names a place without a change'],
    ['T1.2:c.4_6copy2', 'the bases it brings are not told'],
    ['P1.3:p.Ala2Ser', 'a protein or RNA does not tell'],
  ])('%s is refused: %s', (text, words) => {
    expect(() => resolver.resolve(text)).toThrow(InputError);
    expect(() => resolver.resolve(text)).toThrow(words);
  });
});

describe('every description leads back to its change', () => {
  const edit = fc
    .record({
      start: fc.integer({ min: 2001, max: 2310 }),
      length: fc.nat(6),
      to: fc.array(fc.constantFrom('A', 'C', 'G', 'T'), { maxLength: 6 }).map((all) => all.join('')),
    })
    .map(({ start, length, to }) => ({ start, end: start + length, to }));

  test.each([
    ['forward', world, false],
    ['reverse', other, true],
  ] as const)('on the %s strand', (_, made, isMirrored) => {
    const asked = referenceOf(made);
    const resolver = new HgvsResolver(asked);
    fc.assert(
      fc.property(edit, (told) => {
        const change = isMirrored ? mirroredEdit(world, told) : told;
        const ref = made.bases.slice(change.start, change.end);
        fc.pre(ref !== change.to);
        const columns = ['HGVSc', 'HGVSg'];
        const [row = {}] = annotate(asked, lineOf(made.bases, change), { columns, manner: 'specification' });
        for (const column of columns) {
          const text = row[column] ?? '';
          if (text === '') continue;
          const { start, ref: from, alt } = resolver.resolve(text);
          expect(placeOf(asked, 0, start, from, alt)).toEqual(placeOf(asked, 0, change.start, ref, change.to));
        }
      }),
      { numRuns: 500 },
    );
  });
});

const regions = join(SHARED, 'conformance/vep');

describe.skipIf(!existsSync(regions))('49 regions of real transcripts (needs shared data)', () => {
  const columns = ['Allele', 'Feature', 'HGVSc', 'HGVSg'];

  test('every description leads back to its change', () => {
    let told = 0;
    for (const name of readdirSync(regions)) {
      const asked = referenceOfFiles(join(regions, name, 'ref.fa'), join(regions, name, 'genes.gff3'));
      const resolver = new HgvsResolver(asked);
      const options = { distance: 0, transcripts: 'all', columns, manner: 'specification' } as const;
      for (const row of ourRows(asked, join(regions, name, 'variants.vcf'), options).values()) {
        const [contig = '', position = '', ref = '', alt = ''] = row.key.split(' ');
        const expected = placeOf(asked, asked.contigs.idOf(contig), Number(position) - 1, ref, alt);
        for (const column of ['HGVSc', 'HGVSg']) {
          const text = row.columns[column] ?? '';
          if (text === '') continue;
          const found = resolver.resolve(text);
          expect(placeOf(asked, found.contig, found.start, found.ref, found.alt)).toEqual(expected);
          told++;
        }
      }
    }
    expect(told).toBeGreaterThan(90_000);
  }, 60_000);
});
