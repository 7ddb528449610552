import { expect, test } from 'bun:test';
import * as fc from 'fast-check';

import type { FastaTaker } from '../../anntools/fasta.ts';
import { FastaReader } from '../../anntools/fasta.ts';

/** Reads text cut into pieces of the given sizes; letters that are not A–Z are refused. */
function read(text: string, ...sizes: number[]): [name: string, description: string, letters: string][] {
  const contigs: [string, string, string][] = [];
  const taker: FastaTaker = {
    contig: (name, description) => void contigs.push([name, description, '']),
    letters(bytes, start, end) {
      for (let at = start; at < end; at++) {
        const letter = String.fromCharCode(bytes[at] ?? 0);
        if (!/[A-Za-z]/.test(letter)) return at;
        const contig = contigs.at(-1);
        if (contig) contig[2] += letter;
      }
      return -1;
    },
  };
  const reader = new FastaReader(taker, text.startsWith('##gff'));
  const bytes = Buffer.from(text);
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes.length > 0 ? Math.max(1, sizes[i % sizes.length] ?? 1) : bytes.length;
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  reader.end();
  return contigs;
}

test.each([
  [
    'lines of any length',
    '>1 one\nACG\nT\n\nAC\n>2\nA',
    [
      ['1', 'one', 'ACGTAC'],
      ['2', '', 'A'],
    ],
  ],
  ['no newline at the end', '>1\nACGT', [['1', '', 'ACGT']]],
  [
    'carriage returns',
    '>1 one\r\nAC\r\nGT\r\n>2\r\nA\r\n',
    [
      ['1', 'one', 'ACGT'],
      ['2', '', 'A'],
    ],
  ],
  ['white space in and after letters', '>1\nACGTA CGTAC \nGG\t\n', [['1', '', 'ACGTACGTACGG']]],
  [
    'an empty contig',
    '>1\n>2\nA\n',
    [
      ['1', '', ''],
      ['2', '', 'A'],
    ],
  ],
  ['blanks before the name and comment lines', '> 1  first\n;comment\nAC\n', [['1', 'first', 'AC']]],
  ['a GFF3 with a FASTA section', '##gff-version 3\n1\tt\tgene\t1\t9\n##FASTA\n>1\nAC\n', [['1', '', 'AC']]],
] as const)('%s', (_, text, expected) => {
  expect(read(text)).toEqual(expected as unknown as ReturnType<typeof read>);
});

test.each([
  ['', /no sequence/],
  ['\n\n', /no sequence/],
  ['ACGT\n', /line 1 .*'ACGT'/],
  ['>1\nAC\nA!C\n', /line 3 .*'!'/],
  ['>1\nAC\n>2\nA\n>1\nC\n', /line 5 .* 1 again.* line 1/],
  ['>1\nAC\n>\nA\n', /line 3 .*without a name/],
])('%j is refused by line', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('where a stream is cut makes no difference', () => {
  const text = '>chr1 a b\nACGT\r\nAC\n\n>2\nNNNN\nac\n>3 x\n';
  const whole = read(text);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      expect(read(text, ...sizes)).toEqual(whole);
    }),
  );
});
