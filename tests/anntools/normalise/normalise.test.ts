/** Normalising from outside: what a record becomes, and what holds for all of them. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { referenceFromModels } from '../../../anntools/bundle/in-memory.ts';
import type { Reference } from '../../../anntools/bundle/reference.ts';
import { Normaliser, type NormaliseOptions } from '../../../anntools/normalise/normaliser.ts';
import { anntools } from '../../support/command.ts';
import { basesOf, makeSmallReference } from '../../support/small-reference.ts';
import { header, inChunks } from '../../support/vcf.ts';

function referenceOf(bases: string): Reference {
  return referenceFromModels({
    name: 'made-up',
    assembly: 'made-up',
    contigs: [{ name: '1', length: bases.length }],
    sequences: new Map([['1', bases]]),
    genes: [],
    transcripts: [],
  });
}

const HEADER = [
  '##INFO=<ID=AC,Number=A,Type=Integer,Description="x">',
  '##INFO=<ID=DP,Number=1,Type=Integer,Description="x">',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="x">',
  '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="x">',
  '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="x">',
];

function normalise(lines: readonly string[], options: NormaliseOptions): string[] {
  const written: string[] = [];
  const normaliser = new Normaliser(HEADER, options, (line) => written.push(line));
  for (const line of lines) normaliser.push(line.replaceAll(' ', '\t'));
  normaliser.end();
  return written.map((line) => line.replaceAll('\t', ' '));
}

//             123456789012345678901234567890
const bases = 'GGGCACACACAGGGATTTTTTTTCAGCATG';
const reference = referenceOf(bases);

describe('one allele', () => {
  test.each([
    ['1 14 . G A', '1 14 . G A', 'a substitution stays'],
    ['1 9 . ACA A', '1 3 . GCA G', 'a repeat is deleted at its left end'],
    ['1 11 . A ACA', '1 3 . G GCA', 'a repeat is lengthened at its left end'],
    ['1 22 . T TT', '1 15 . A AT', 'a run'],
    ['1 2 . GG G', '1 1 . GG G', 'not before the contig'],
    ['1 24 . CAGC CTGC', '1 25 . A T', 'what is shared is taken off'],
    ['1 24 . CAG GTC', '1 24 . CAG GTC', 'what is not shared stays'],
    ['1 24 . cagc ctgc', '1 25 . a t', 'letters keep their case'],
    ['1 9 . ACA ACACA,A', '1 3 . GCA GCACA,G', 'alleles of a record move together'],
    ['1 9 . ACA A,*', '1 9 . ACA A,*', 'beside * nothing moves'],
    ['1 9 . A A]1:4]', '1 9 . A A]1:4]', 'breakends stay'],
    ['1 14 . GATT .', '1 14 . G .', 'REF alone is one base'],
  ])('%s becomes %s: %s', (given, expected) => {
    expect(normalise([`${given} . . .`], { reference })).toEqual([`${expected} . . .`]);
  });

  test.each([
    ['1 9 . A <DEL> . . END=11', '1 3 . G <DEL> . . END=5'],
    ['1 9 . A <DUP:TANDEM> . . SVLEN=2', '1 3 . G <DUP:TANDEM> . . SVLEN=2'],
    ['1 9 . A <INV> . . END=11', '1 9 . A <INV> . . END=11'],
    ['1 9 . A <DEL> . . .', '1 9 . A <DEL> . . .'],
    ['1 9 . ACA A . . END=11', '1 3 . GCA G . . END=5'],
  ])('%s becomes %s', (given, expected) => {
    expect(normalise([given], { reference })).toEqual([expected]);
  });
});

describe('a REF that the reference contradicts', () => {
  test.each([
    ['keep', ['1 14 . C A . . .']],
    ['drop', []],
    ['set', ['1 14 . G A . . .']],
  ] as const)('%s', (mismatch, expected) => {
    expect(normalise(['1 14 . C A . . .'], { reference, mismatch })).toEqual([...expected]);
  });

  test('is refused, with line and place', () => {
    expect(() => normalise(['1 14 . C A . . .'], { reference })).toThrow('(1:14)');
    expect(() => normalise(['7 14 . C A . . .'], { reference })).toThrow("contig '7'");
  });

  test('an ALT that is the reference’s changes places, genotypes and AC too', () => {
    const given = '1 14 . C G . . AC=1 GT 0/1 0|0';
    expect(normalise([given], { reference, mismatch: 'set' })).toEqual(['1 14 . G C . . AC=3 GT 1/0 1|1']);
  });
});

describe('splitting and joining', () => {
  const whole = '1 14 . G A,GT 9 PASS AC=1,2;DP=8 GT:AD:PL 1/2:1,2,3:0,1,2,3,4,5 0/1:4,5,6:.';
  const parts = [
    '1 14 . G A 9 PASS AC=1;DP=8 GT:AD:PL 1/0:1,2:0,1,2 0/1:4,5:.',
    '1 14 . G GT 9 PASS AC=2;DP=8 GT:AD:PL 0/1:1,3:0,3,5 0/0:4,6:.',
  ];

  test('values are picked by the header’s Number', () => {
    expect(normalise([whole], { split: 'any' })).toEqual(parts);
  });

  test('other alleles may be missing', () => {
    const [, second] = normalise([whole], { split: 'any', splitting: { otherAlleles: '.' } });
    expect(second).toContain('./1:1,3:0,3,5 0/.:4,6:.');
  });

  test('joined again, what cannot be known is missing', () => {
    expect(normalise(parts, { join: 'any' })).toEqual([whole.replace('0,1,2,3,4,5', '0,1,2,3,.,5')]);
  });

  test('records of other kinds stay apart', () => {
    expect(normalise(parts, { join: 'both' })).toEqual(parts);
    expect(normalise([whole], { split: 'snps' })).toEqual(parts);
  });

  test('a wrong number of values is refused, or left out', () => {
    const wrong = '1 14 . G A,T . . AC=1';
    expect(() => normalise([wrong], { split: 'any' })).toThrow('1 values of INFO/AC, where 2 ALTs make 2');
    expect(normalise([wrong], { split: 'any', splitting: { lenient: true } })).toEqual([
      '1 14 . G A . . .',
      '1 14 . G T . . .',
    ]);
  });

  test('what a record was can be told', () => {
    expect(normalise(['1 9 . ACA ACACA,A . . .'], { reference, split: 'any', originalTag: 'WAS' })).toEqual([
      '1 3 . G GCA . . WAS=1|9|ACA|ACACA,A|1',
      '1 3 . GCA G . . WAS=1|9|ACA|ACACA,A|2',
    ]);
  });
});

test('records that become the same are left out', () => {
  const lines = ['1 7 . ACA A . . .', '1 9 . ACA A . . .', '1 14 . G A . . .'];
  expect(normalise(lines, { reference, duplicates: 'exact' })).toEqual(['1 3 . GCA G . . .', '1 14 . G A . . .']);
});

describe('properties', () => {
  const letters = (min: number, max: number) =>
    fc.array(fc.constantFrom('A', 'C'), { minLength: min, maxLength: max }).map((all) => all.join(''));
  /** Few letters, so that much repeats. */
  const change = fc
    .record({ contig: letters(30, 60), start: fc.nat(25), length: fc.integer({ min: 1, max: 5 }), alt: letters(1, 5) })
    .filter(({ contig, start, length, alt }) => contig.slice(start, start + length) !== alt);
  const lineOf = (contig: string, start: number, length: number, alt: string) =>
    `1 ${start + 1} . ${contig.slice(start, start + length)} ${alt} . . .`;
  const read = (line: string) => {
    const [, position = '', , ref = '', alt = ''] = line.split(' ');
    return { start: Number(position) - 1, ref, alt };
  };
  const edited = (contig: string, line: string) => {
    const { start, ref, alt } = read(line);
    return contig.slice(0, start) + alt + contig.slice(start + ref.length);
  };

  test('the same change, written once and for all', () => {
    fc.assert(
      fc.property(change, ({ contig, start, length, alt }) => {
        const options = { reference: referenceOf(contig) };
        const given = lineOf(contig, start, length, alt);
        const [once = ''] = normalise([given], options);
        expect(edited(contig, once)).toBe(edited(contig, given));
        expect(normalise([once], options)).toEqual([once]);
        expect(read(once).start).toBeLessThanOrEqual(start + Math.min(length, alt.length) - 1);
      }),
    );
  });

  test('every way to write a change becomes one', () => {
    fc.assert(
      fc.property(change, fc.nat(3), fc.nat(3), ({ contig, start, length, alt }, left, right) => {
        const options = { reference: referenceOf(contig) };
        const from = Math.max(0, start - left);
        const to = Math.min(contig.length, start + length + right);
        const padded = contig.slice(from, start) + alt + contig.slice(start + length, to);
        expect(normalise([lineOf(contig, from, to - from, padded)], options)).toEqual(
          normalise([lineOf(contig, start, length, alt)], options),
        );
      }),
    );
  });
});

describe('anntools normalise', () => {
  const folder = mkdtempSync(join(tmpdir(), 'normalise-'));
  const small = join(folder, 'small');
  beforeAll(() => makeSmallReference(small));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ref = basesOf('1').slice(1150, 1153);
  const text = `${header()}1\t1151\t.\t${ref}\t${ref.slice(0, 2)},${ref}A\t.\t.\t.\r\n`;
  const file = join(folder, 'in.vcf');
  beforeAll(() => writeFileSync(file, text));

  test('writes text to standard output, the same for any chunks', async () => {
    const { code, bytes, err } = await anntools(['normalise', file, '-r', small, '--split', 'any']);
    expect(code).toBe(0);
    expect(err).toBe('in.vcf: 1 records read, 2 written\n');
    const cut = await anntools(['normalise', '-', '-r', small, '--split', 'any'], {
      stdin: () => inChunks(Buffer.from(text), [1, 7, 64]),
    });
    expect(cut.bytes.toString()).toBe(bytes.toString());
    expect(bytes.toString()).toStartWith(header());
  });

  test('writes BGZF by the name of the output', async () => {
    const out = join(folder, 'out.vcf.gz');
    await anntools(['normalise', file, '-r', small, '-o', out, '--original', 'WAS', '--join', 'both']);
    expect(gunzipSync(readFileSync(out)).toString()).toContain('##INFO=<ID=WAS,');
  });

  test.each([
    [['--split', 'some'], '--split is one of any, snps, indels, both'],
    [['--split', 'any', '--join', 'any'], 'split or joined, not both'],
    [['-r', '/nowhere'], '/nowhere'],
  ])('%p is refused in a sentence', async (args, words) => {
    const { code, err } = await anntools(['normalise', file, ...args]);
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(words);
  });
});
