import { afterAll, describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { KnownWriter } from '../../../anntools/lookup/known-writer.ts';
import { KnownVariants } from '../../../anntools/lookup/known.ts';
import type { KnownField } from '../../../anntools/lookup/known-format.ts';
import { AltAlleles } from '../../../anntools/vcf/alleles.ts';
import { VcfRecord } from '../../../anntools/vcf/record.ts';

const root = mkdtempSync(join(tmpdir(), 'known-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Variant {
  contig: string;
  /** One-based. */
  position: number;
  ref: string;
  alt: string;
}

const fields: KnownField[] = [
  { id: 'K_ID', column: 'integer', description: 'number' },
  { id: 'K_AF', column: 'float', description: 'frequency' },
  { id: 'K_SIG', column: 'word', description: 'significance' },
];

let folders = 0;

function build(variants: readonly (Variant & { values: (number | string | null)[] })[]): KnownVariants {
  const folder = join(root, String(folders++));
  const writer = new KnownWriter(folder, { name: 'K', version: '1', assembly: 'test', fields, rsField: '' });
  for (const contig of new Set(variants.map((one) => one.contig))) {
    writer.begin(contig);
    for (const one of variants.filter((other) => other.contig === contig)) {
      writer.add(one.position - 1, one.ref, one.alt, one.values);
    }
  }
  writer.finish();
  return new KnownVariants(folder);
}

const record = new VcfRecord();
const alleles = new AltAlleles();

/** What is added to the INFO of a line. */
function lookUp(known: KnownVariants, contig: string, position: number, ref: string, alts: string): string {
  const bytes = Buffer.from(`${contig}\t${position}\t.\t${ref}\t${alts}\t.\t.\t.`);
  record.parse(bytes, 0, bytes.length, 1);
  alleles.parse(record);
  const out = new ByteBuffer();
  const id = known.contigOf(contig);
  if (id >= 0 && known.find(id, alleles) > 0) known.write(out, true);
  return out.view().toString();
}

describe('known variants', () => {
  const known = build([
    { contig: '1', position: 100, ref: 'A', alt: 'C', values: [1, 0.25, 'Pathogenic'] },
    { contig: '1', position: 100, ref: 'A', alt: 'G', values: [2, 0, null] },
    { contig: '1', position: 100, ref: 'ATT', alt: 'A', values: [3, null, 'Likely pathogenic; maybe'] },
    { contig: '1', position: 1_048_576, ref: 'G', alt: 'GACGTACGT', values: [4, 1e-5, 'x'] },
    { contig: '1', position: 1_048_577, ref: 'C', alt: 'T', values: [5, 0.5, 'y'] },
    { contig: 'MT', position: 5, ref: 'C', alt: 'T', values: [6, null, null] },
  ]);

  test.each([
    ['1', 100, 'A', 'C', 'K_ID=1;K_AF=0.25;K_SIG=Pathogenic'],
    ['chr1', 100, 'a', 'c', 'K_ID=1;K_AF=0.25;K_SIG=Pathogenic'],
    ['1', 100, 'A', 'G', 'K_ID=2;K_AF=0'],
    ['1', 100, 'A', 'T', ''],
    ['1', 100, 'A', 'T,G,C', 'K_ID=.,2,1;K_AF=.,0,0.25;K_SIG=.,.,Pathogenic'],
    ['1', 100, 'ATT', 'A', 'K_ID=3;K_SIG=Likely_pathogenic%3B_maybe'],
    ['1', 99, 'CATTG', 'CAG', 'K_ID=3;K_SIG=Likely_pathogenic%3B_maybe'],
    ['1', 100, 'ATT', 'AT', ''],
    ['1', 1_048_576, 'G', 'GACGTACGT', 'K_ID=4;K_AF=0.00001;K_SIG=x'],
    ['1', 1_048_576, 'G', 'GACGTACGA', ''],
    ['1', 1_048_577, 'C', 'T', 'K_ID=5;K_AF=0.5;K_SIG=y'],
    ['1', 5_000_000, 'C', 'T', ''],
    ['chrM', 5, 'C', 'T', 'K_ID=6'],
    ['2', 100, 'A', 'C', ''],
    ['1', 100, 'A', '<DEL>,*,.', ''],
  ])('%s:%i %s>%s gives %p', (contig, position, ref, alts, info) => {
    expect(lookUp(known, contig, position, ref, alts)).toBe(info);
  });

  test('the base of the reference is told where a known variant replaces one', () => {
    expect(known.refBaseAt(0, 99)).toBe('A');
    expect(known.refBaseAt(0, 1_048_576)).toBe('C');
    expect(known.refBaseAt(0, 1_048_575)).toBe('');
    expect(known.refBaseAt(0, 98)).toBe('');
  });

  test('places are found by number', () => {
    expect(known.placesBy('K_ID').get(5)).toEqual({ contig: 0, offset: 1_048_576 });
    expect(known.placesBy('K_ID').get(6)).toEqual({ contig: 1, offset: 4 });
    expect(known.placesBy('absent').size).toBe(0);
  });

  test('a folder that holds no source, or a damaged one, is refused with a sentence', () => {
    expect(() => new KnownVariants(root)).toThrow(/no readable source of known variants/);
    const folder = join(root, 'old');
    new KnownWriter(folder, { name: 'K', version: '1', assembly: 'test', fields, rsField: '' }).finish();
    writeFileSync(join(folder, 'known.json'), '{"format": 9}');
    expect(() => new KnownVariants(folder)).toThrow(/another format version/);
  });

  test('every variant is found again and no other, in any order', () => {
    const bases = (maxLength: number) =>
      fc.string({ unit: fc.constantFrom('A', 'C', 'G', 'T', 'N'), minLength: 1, maxLength });
    const variant = fc.record({
      contig: fc.constantFrom('1', '2'),
      position: fc.oneof(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1_048_570, max: 1_048_590 }),
        fc.integer({ min: 1, max: 2e8 }),
      ),
      ref: bases(6),
      alt: bases(6),
    });
    const spelled = ({ contig, position, ref, alt }: Variant): string => {
      while (ref !== '' && alt !== '' && ref.at(-1) === alt.at(-1)) [ref, alt] = [ref.slice(0, -1), alt.slice(0, -1)];
      while (ref !== '' && alt !== '' && ref[0] === alt[0])
        [ref, alt, position] = [ref.slice(1), alt.slice(1), position + 1];
      return `${contig}:${position} ${ref}>${alt}`;
    };
    fc.assert(
      fc.property(
        fc.array(variant, { minLength: 1, maxLength: 40 }),
        fc.array(variant, { maxLength: 40 }),
        (inside, asked) => {
          const changing = inside.filter(({ ref, alt }) => ref !== alt);
          const byName = new Map(changing.map((one) => [spelled(one), one]));
          const unique = [...byName.values()];
          const source = build(unique.map((one, i) => ({ ...one, values: [i, null, null] })));
          const numbers = new Map(unique.map((one, i) => [spelled(one), i]));
          for (const one of [...changing, ...asked, ...changing.toReversed()]) {
            const number = one.ref === one.alt ? undefined : numbers.get(spelled(one));
            expect(lookUp(source, one.contig, one.position, one.ref, one.alt)).toBe(
              number === undefined ? '' : `K_ID=${number}`,
            );
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
