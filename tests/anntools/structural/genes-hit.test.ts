/** Genes hit by structural variants, told by hand from small genes. */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { Fusions } from '../../../anntools/structural/fusions.ts';
import { GenesHit } from '../../../anntools/structural/genes-hit.ts';
import { type Call, entriesOf, twoContigs } from './two-contigs.ts';

const genes = new GenesHit(twoContigs);

function told(call: Call): string[] {
  return entriesOf((...given) => genes.write(...given), call).map(([number, symbol, , , ...rest]) =>
    [number, symbol, ...rest.map((value) => value || '-')].join(' '),
  );
}

const deletion = (at: number, end: number): Call => ({ at, alt: '<DEL>', info: `END=${end}` });

const cases: readonly (readonly [why: string, call: Call, entries: readonly string[]])[] = [
  ['no gene', deletion(1500, 2000), []],
  ['a whole gene', deletion(900, 1500), ['1 A whole 1-3/3 1-2/2 100.00 100.00']],
  ['all but its last base', deletion(900, 1499), ['1 A start 1-3/3 1-2/2 99.80 100.00']],
  // 50 of 210 coding bases lie in exon 1.
  ['its beginning', deletion(900, 1150), ['1 A start 1/3 1/2 30.00 23.81']],
  ['its end', deletion(1350, 1600), ['1 A end 3/3 2/2 30.00 28.57']],
  ['the beginning of a gene on −', deletion(3350, 3600), ['1 B start 1/3 1/2 30.00 28.57']],
  ['an exon', deletion(1150, 1350), ['1 A inside 2/3 1-2/2 40.00 47.62']],
  ['within an intron', deletion(1150, 1160), ['1 A intron - 1/2 2.00 0.00']],
  ['two genes', deletion(1350, 3250), ['1 A end 3/3 2/2 30.00 28.57', '1 B end 2-3/3 2/2 50.00 47.62']],
  ['a gene that does not code', { contig: '2', at: 8250, alt: '<DUP>', info: 'END=8400' }, ['1 N end 2/2 - 16.67 -']],
  ['an insertion into an exon', { at: 1250, alt: '<INS>', info: 'SVLEN=300' }, ['1 A inside 2/3 - - -']],
  [
    'an insertion into an intron',
    { at: 1350, alt: '<INS:ME:L1>', info: 'END=1350;SVLEN=6000' },
    ['1 A intron - 2/2 - -'],
  ],
  ['an insertion before a gene', { at: 1000, alt: '<INS>' }, []],
  ['both ends of a breakend', { at: 1250, alt: 'N[2:2150[' }, ['1 A breakend 2/3 - - -', '1 C mate - 1/2 - -']],
  ['the other end alone', { at: 2500, alt: ']2:6450]N' }, ['1 D mate 1/3 - - -']],
  ['an assembled contig of the same name', { at: 2500, alt: 'N[<2>:2150[' }, []],
  [
    'each ALT',
    { at: 1350, alt: '<DEL>,<DUP>', info: 'SVLEN=10,3300' },
    ['1 A intron - 2/2 2.00 0.00', '2 A end 3/3 2/2 30.00 28.57', '2 B whole 1-3/3 1-2/2 100.00 100.00'],
  ],
  ['fifty bases spelled out', { at: 1250, ref: 'N'.repeat(51), alt: 'N' }, ['1 A inside 2/3 - 10.00 23.81']],
  ['forty-nine bases', { at: 1250, ref: 'N'.repeat(50), alt: 'N' }, []],
  ['fifty inserted bases spelled out', { at: 1250, alt: `N${'A'.repeat(50)}` }, ['1 A inside 2/3 - - -']],
  [
    'small ALTs beside a large one',
    { at: 1250, ref: 'NA', alt: 'N,<DEL>', info: 'SVLEN=.,20' },
    ['2 A inside 2/3 - 4.00 9.52'],
  ],
];

test.each(cases)('%s', (_, call, entries) => {
  expect(told(call)).toEqual([...entries]);
});

test('whatever INFO claims, there is an answer, and it is the same in any order', () => {
  const fusions = new Fusions(twoContigs);
  const number = fc.oneof(fc.integer({ min: -9, max: 7000 }), fc.constantFrom(0, 2147483647, 9_999_999_999, -1e12));
  const call = fc
    .record({
      contig: fc.constantFrom('1', '2'),
      at: fc.oneof(fc.integer({ min: 0, max: 7000 }), fc.constantFrom(0, 10_001, 2147483646)),
      alt: fc.constantFrom(
        '<DEL>',
        '<DUP:TANDEM>',
        '<INV>',
        '<INS>',
        '<CNV>',
        '<CN7>',
        '<CPX>',
        '<TRA>',
        'N[2:0[',
        ']1:10001]N',
        '[2:99999999999[N',
        '.N',
      ),
      end: number,
      length: number,
      ci: number,
    })
    .map(({ end, length, ci, ...rest }) => ({
      ...rest,
      info: `END=${end};SVLEN=${length};CIPOS=${ci},${-ci};CHR2=2;CT=5to3${ci > 0 ? ';IMPRECISE' : ''}`,
    }));
  fc.assert(
    fc.property(fc.array(call, { maxLength: 8 }), (calls) => {
      const ask = (one: Call) => [
        entriesOf((...given) => genes.write(...given), one),
        entriesOf((...given) => fusions.write(...given), one),
      ];
      const forth = calls.map(ask);
      expect(calls.toReversed().map(ask).toReversed()).toEqual(forth);
      for (const entry of forth.flat(2)) expect([7, 9]).toContain(entry.length);
    }),
    { numRuns: 300 },
  );
});
