/** Possible fusions, derived by hand from small genes: all orientations, both strands, frames to the exon. */
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { Fusions } from '../../../anntools/structural/fusions.ts';
import { type Call, entriesOf, twoContigs } from './two-contigs.ts';

const fusions = new Fusions(twoContigs);

function told(call: Call): string[] {
  return entriesOf((...given) => fusions.write(...given), call).map(([, name, , , five, three, frame]) =>
    [name, five, three, frame].join(' '),
  );
}

describe('which gene comes first follows from strand and orientation', () => {
  const cases: readonly (readonly [why: string, call: Call, fusions: readonly string[]])[] = [
    ['t[p[: + keeps its beginning, + its end', { at: 1350, alt: 'N[2:2150[' }, ['A::C intron2/2 intron1/2 in_frame']],
    ['t]p]: + keeps its beginning, − its end', { at: 1350, alt: 'N]1:3350]' }, ['A::B intron2/2 intron1/2 in_frame']],
    [
      ']p]t: − keeps its beginning, − its end',
      { contig: '2', at: 6150, alt: ']1:3350]N' },
      ['D::B intron2/2 intron1/2 in_frame'],
    ],
    [
      '[p[t: − keeps its beginning, + its end',
      { contig: '2', at: 6150, alt: '[2:2150[N' },
      ['D::C intron2/2 intron1/2 in_frame'],
    ],
    [']p]t: the mate is the first', { contig: '2', at: 2150, alt: ']1:1350]N' }, ['A::C intron2/2 intron1/2 in_frame']],
    ['t]p]: the mate is the first', { at: 3350, alt: 'N]1:1350]' }, ['A::B intron2/2 intron1/2 in_frame']],
    ['two beginnings', { at: 1350, alt: 'N]2:2150]' }, []],
    ['two ends', { at: 1350, alt: '[2:2150[N' }, []],
    ['a beginning on + and one on −', { at: 1350, alt: 'N[2:6150[' }, []],
    ['within one gene', { at: 1350, alt: 'N[1:1150[' }, []],
    ['a gene and none', { at: 1350, alt: 'N[1:2500[' }, []],
    ['a single breakend', { at: 1350, alt: 'N.' }, []],
    ['a contig that is not known', { at: 1350, alt: 'N[7:2150[' }, []],
    ['an assembled contig that is called as one that is', { at: 1350, alt: 'N[<2>:2150[' }, []],
    [
      'INFO tells the mate and the strands',
      { at: 1350, alt: '<BND>', info: 'CHR2=2;END2=2150;STRANDS=+-' },
      ['A::C intron2/2 intron1/2 in_frame'],
    ],
    ['INFO tells no strands', { at: 1350, alt: '<TRA>', info: 'CHR2=2;END=2150' }, []],
    ['deletion', { at: 1350, alt: '<DEL>', info: 'END=5150' }, ['A::E intron2/2 intron1/2 in_frame']],
    ['deletion of a beginning and an end', { at: 1350, alt: '<DEL>', info: 'END=3350' }, []],
    [
      'duplication: the gene at its end comes first',
      { at: 1350, alt: '<DUP>', info: 'END=5150' },
      ['E::A intron1/2 intron2/2 in_frame'],
    ],
    [
      'inversion: one at each end',
      { at: 1350, alt: '<INV>', info: 'END=3350' },
      ['A::B intron2/2 intron1/2 in_frame', 'B::A intron1/2 intron2/2 in_frame'],
    ],
    [
      'an inversion of which only the parts before its ends are known to be joined',
      { at: 1350, alt: '<INV>', info: 'END=3350;INV3' },
      ['A::B intron2/2 intron1/2 in_frame'],
    ],
    [
      'an inversion of which only the parts behind its ends are',
      { at: 1350, alt: '<INV>', info: 'CT=5to5;END=3350' },
      ['B::A intron1/2 intron2/2 in_frame'],
    ],
    ['a number of copies is no join', { at: 1350, alt: '<CNV>', info: 'END=5150;CN=0' }, []],
    ['abundance alone is claimed', { at: 1350, alt: '<DEL>', info: 'END=5150;SVCLAIM=D' }, []],
    [
      'adjacency is claimed',
      { at: 1350, alt: '<DEL>', info: 'END=5150;SVCLAIM=J' },
      ['A::E intron2/2 intron1/2 in_frame'],
    ],
    [
      'several ALTs',
      { at: 1350, alt: 'N[2:2150[,N]1:3350]' },
      ['A::C intron2/2 intron1/2 in_frame', 'A::B intron2/2 intron1/2 in_frame'],
    ],
  ];
  test.each(cases)('%s', (_, call, expected) => {
    expect(told(call)).toEqual([...expected]);
  });
});

describe('the frame', () => {
  // POS keeps its base: the last base that A keeps is POS − 1, zero-based; the first that C keeps is p − 1.
  const cases: readonly (readonly [why: string, at: number, alt: string, expected: string])[] = [
    ['50 coding bases before, 60 wanted', 1150, 'N[2:2150[', 'intron1/2 intron1/2 out_of_frame'],
    ['150 before, 160 wanted', 1350, 'N[2:2350[', 'intron2/2 intron2/2 out_of_frame'],
    ['inserted bases in an intron are spliced out', 1350, 'NACGT[2:2150[', 'intron2/2 intron1/2 in_frame'],
    // 10 bases of exon 2 (50 + 10), from the tenth of exon 2 on (60 + 9).
    ['within exons: 60 before, 69 wanted', 1210, 'N[2:2210[', 'exon2/3 exon2/3 in_frame'],
    ['within exons, one base off', 1211, 'N[2:2210[', 'exon2/3 exon2/3 out_of_frame'],
    ['within exons, the base off made up for by two inserted ones', 1211, 'NGG[2:2210[', 'exon2/3 exon2/3 in_frame'],
    ['exon to intron', 1210, 'N[2:2150[', 'exon2/3 intron1/2 unknown'],
    ['intron to exon', 1350, 'N[2:2210[', 'intron2/2 exon2/3 unknown'],
    ['the intron’s first base only: no donor', 1301, 'N[2:2150[', 'intron2/2 intron1/2 unknown'],
    ['its first two bases', 1302, 'N[2:2150[', 'intron2/2 intron1/2 in_frame'],
    ['the other intron’s last base only: no acceptor', 1350, 'N[2:2200[', 'intron2/2 intron1/2 unknown'],
    ['its last two bases', 1350, 'N[2:2199[', 'intron2/2 intron1/2 in_frame'],
    ['before either start codon', 1021, 'N[2:2011[', 'exon1/3 exon1/3 whole_cds'],
    ['up to the base before the start codon, from it on', 1050, 'N[2:2041[', 'exon1/3 exon1/3 whole_cds'],
    ['before the one start codon, behind the other', 1021, 'N[2:2060[', 'exon1/3 exon1/3 utr'],
    ['behind the stop codon', 1470, 'N[2:2210[', 'exon3/3 exon2/3 utr'],
    ['a transcript that does not code', 1350, 'N[2:8150[', 'intron2/2 intron1/1 non_coding'],
  ];
  test.each(cases)('%s', (_, at, alt, expected) => {
    const [entry = ''] = told({ at, alt });
    expect(entry.split(' ').slice(1).join(' ')).toBe(expected);
  });

  const uncertain: readonly (readonly [why: string, info: string, frame: string])[] = [
    ['nobody says how far off', 'IMPRECISE', 'unknown'],
    ['the interval stays in the introns', 'IMPRECISE;CIPOS=-40,30', 'in_frame'],
    ['the interval reaches an exon', 'IMPRECISE;CIPOS=-60,30', 'unknown'],
    ['the mate’s interval reaches an exon', 'IMPRECISE;CIPOS=-10,10;CIEND=-10,60', 'unknown'],
    ['a precise one whose spelling is free', 'CIPOS=0,70;HOMLEN=70', 'in_frame'],
  ];
  test.each(uncertain)('imprecise: %s', (_, info, frame) => {
    expect(told({ at: 1350, alt: 'N[2:2150[', info })).toEqual([`A::C intron2/2 intron1/2 ${frame}`]);
  });
});

test('both records of a pair of breakends tell the same fusion', () => {
  const place = fc.record({ contig: fc.constantFrom('1', '2'), at: fc.integer({ min: 900, max: 8400 }) });
  const spelled = (
    bases: string,
    joinsLeft: boolean,
    bracket: string,
    { contig, at }: { contig: string; at: number },
  ) => {
    const mate = `${bracket}${contig}:${at}${bracket}`;
    return joinsLeft ? `${bases}${mate}` : `${mate}${bases}`;
  };
  fc.assert(
    fc.property(place, place, fc.boolean(), fc.boolean(), (one, other, oneLeft, otherLeft) => {
      const here = { ...one, alt: spelled('N', oneLeft, otherLeft ? ']' : '[', other) };
      const there = { ...other, alt: spelled('N', otherLeft, oneLeft ? ']' : '[', one) };
      expect(told(here).sort()).toEqual(told(there).sort());
    }),
    { numRuns: 500 },
  );
});

test('the frame is that of counting coding bases one by one', () => {
  const { transcripts } = twoContigs;
  const coding = [0, 1, 2, 3, 4].map((t) => {
    const bases: number[] = [];
    for (let exon = transcripts.exonFirst[t] ?? 0; exon < (transcripts.exonFirst[t + 1] ?? 0); exon++)
      for (let base = transcripts.exonStart[exon] ?? 0; base < (transcripts.exonEnd[exon] ?? 0); base++)
        if (base >= (transcripts.cdsStart[t] ?? 0) && base < (transcripts.cdsEnd[t] ?? 0)) bases.push(base);
    return bases;
  });
  const within = fc.integer({ min: 0, max: 4 }).chain((t) =>
    fc.record({
      t: fc.constant(t),
      base: fc.integer({ min: transcripts.start[t] ?? 0, max: (transcripts.end[t] ?? 0) - 1 }),
    }),
  );
  let compared = 0;
  fc.assert(
    fc.property(within, within, fc.integer({ min: 0, max: 4 }), (five, three, inserted) => {
      fc.pre(five.t !== three.t);
      const contig = (t: number) => twoContigs.contigs.names[transcripts.contig[t] ?? 0] ?? '';
      const isForward = (t: number) => transcripts.strand[t] === 1;
      // What the 5' partner keeps lies on the left of its break on the forward strand; what the 3' one keeps, on the right.
      const bases = `N${'A'.repeat(inserted)}`;
      const bracket = isForward(three.t) ? '[' : ']';
      const mate = `${bracket}${contig(three.t)}:${three.base + 1}${bracket}`;
      const alt = isForward(five.t) ? `${bases}${mate}` : `${mate}${[...bases].reverse().join('')}`;
      const [entry = ''] = told({ contig: contig(five.t), at: five.base + 1, alt });
      const [, , , frame = ''] = entry.split(' ');
      const keeps = ({ t, base }: typeof five, other: number, left: boolean) =>
        left === isForward(t) ? other <= base : other >= base;
      const kept = (coding[five.t] ?? []).filter((base) => keeps(five, base, true)).length;
      const lost = (coding[three.t] ?? []).filter((base) => !keeps(three, base, false)).length;
      if (!frame.endsWith('_frame')) return;
      compared++;
      const between = entry.includes('intron') ? 0 : inserted;
      expect(frame).toBe((kept + between - lost) % 3 === 0 ? 'in_frame' : 'out_of_frame');
      expect([kept, lost].every((count) => count < 210)).toBe(true);
    }),
    { numRuns: 1000 },
  );
  expect(compared).toBeGreaterThan(100);
});
