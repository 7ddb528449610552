/** Lines of a VCF on a made-up world: records that lie where something can go wrong, in every way of writing them. */
import * as fc from 'fast-check';
import type { World } from './world.ts';

/** Where something begins or ends: contigs, exons, coding sequence. */
interface Border {
  contig: string;
  bases: string;
  at: number;
}

const base = fc.constantFrom('A', 'C', 'G', 'T');
const bases = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: base, minLength: 1, maxLength });

/** A change of bases that are there, at one of them: the REF's length, and the ALT. */
type Change = (bases: string, at: number) => [refLength: number, alt: string];

const change: fc.Arbitrary<Change> = fc.oneof(
  base.map((alt): Change => () => [1, alt]),
  bases(12).map((added): Change => (text, at) => [1, `${text[at]}${added}`]),
  // Copies of what follows.
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 })).map(([length, refLength]): Change => {
    return (text, at) => [
      refLength,
      text.slice(at, at + refLength) + text.slice(at + refLength, at + refLength + length),
    ];
  }),
  fc.integer({ min: 2, max: 7 }).map((length): Change => (text, at) => [length, text[at] ?? 'N']),
  fc.integer({ min: 8, max: 60 }).map((length): Change => (text, at) => [length, text[at] ?? 'N']),
  fc.tuple(fc.integer({ min: 1, max: 6 }), bases(6)).map(([length, alt]): Change => () => [length, alt]),
  bases(5).map((alt): Change => () => [alt.length, alt]),
  fc.integer({ min: 2, max: 5 }).map((length): Change => (text, at) => [length, turned(text.slice(at, at + length))]),
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 4 })).map(([length, copies]): Change => {
    return (text, at) => [length, text.slice(at, at + length).repeat(copies)];
  }),
);

/** The reverse complement. */
function turned(text: string): string {
  return [...text]
    .map((letter) => 'TGCAN'['ACGTN'.indexOf(letter)])
    .reverse()
    .join('');
}

/** What a record says of an allele. */
export interface Variant {
  contig: string;
  /** One-based. */
  position: number;
  ref: string;
  alt: string;
}

function variantOf({ contig, bases, at: border }: Border, by: number, change: Change): Variant {
  const at = Math.max(0, Math.min(bases.length - 1, border + by));
  const [length, alt] = change(bases, at);
  return { contig, position: at + 1, ref: bases.slice(at, at + length), alt };
}

/** A change of the bases near a border. */
export function anyVariant(world: World): fc.Arbitrary<Variant> {
  return fc
    .tuple(fc.constantFrom(...bordersOf(world)), fc.integer({ min: -24, max: 24 }), change)
    .map((drawn) => variantOf(...drawn));
}

const usually = <Value>(value: Value, ...others: fc.Arbitrary<Value>[]): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, ...others);

/** Numbers in every way of writing them, and what is none. */
export const NUMBERS = [
  ...'. .. 0 1 1. .5 5. 0.5 -1 +1 1e-5 1E-5 1e-05 1e2 1e+2 1e-300 1e e5 nan inf 0x10 1_0 1.2.3'.split(' '),
  ...'999999999 1000000000 4095.9 4096 99999999.999999 12345678901234567890 0.1234567890123456789'.split(' '),
  ...'0.9999999999999999 1.0000000000000001 1.9999999999999999999 99.99999999999999999'.split(' '),
  '',
  ' 1',
  '1 ',
];

const number = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NUMBERS) },
  fc.double({ min: 0, max: 1, noNaN: true }).map(String),
  fc
    .tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 30 }))
    .map(([digits, power]) => `${digits}e-${power}`),
  fc.tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 1e9 })).map((parts) => parts.join('.')),
);
const frequencies = fc.array(number, { minLength: 1, maxLength: 3 }).map((values) => `AF=${values.join(',')}`);
const entry = fc.oneof(
  frequencies,
  fc.constantFrom(
    'DB',
    'AF',
    'AF=',
    'AFR=0.5',
    'XAF=1',
    'AC=1',
    'END=',
    'END=x',
    'E=1',
    'CSQ=old',
    '',
    '.',
    'SVLEN=-5',
    'Ü=1',
  ),
  fc.integer({ min: 0, max: 5000 }).map((end) => `END=${end}`),
);
const info = usually(
  'AC=1',
  fc.constantFrom('.', '', ';', ';;'),
  frequencies,
  fc.array(entry, { maxLength: 4 }).map((all) => all.join(';')),
);

const alts = fc.constantFrom(
  '*',
  '.',
  '<DEL>',
  '<NON_REF>',
  '<DUP:TANDEM>',
  'G]2:50]',
  'G.',
  'N',
  'AN',
  'R',
  '',
  'a',
  'D4',
  'IAC',
  'é',
);
const samples = fc.constantFrom('', '\tGT\t0/1', '\tGT\t.\t1|1\t0/0', '\t', '\tGT', `\tGT${'\t0/1'.repeat(300)}`);

/** A line that is a record, or nearly. */
export function anyRecord(variants: fc.Arbitrary<Variant>): fc.Arbitrary<string> {
  return fc
    .record({
      variant: variants,
      contig: usually<string | null>(null, fc.constantFrom('chr1', 'unheard_of', 'chrM', '', 'x'.repeat(300))),
      position: usually<string | null>(
        null,
        fc.constantFrom('0', '00', '', 'x', '1', '2147483647', '2147483648', '99999999999', '1.0', '-1'),
      ),
      isZeroed: usually(false, fc.constant(true)),
      ref: usually<string | null>(null, base, fc.constantFrom('N', 'n', 'R', '', 'AN', 'X', 'a', '.')),
      alt: usually<string | null>(null, alts),
      more: usually(
        '',
        fc.array(fc.oneof(bases(3), alts), { minLength: 1, maxLength: 3 }).map((all) => `,${all.join(',')}`),
      ),
      isLower: usually(false, fc.constant(true)),
      id: fc.constantFrom('.', 'rs1', '', 'a;b'),
      quality: usually('50', number),
      filter: fc.constantFrom('.', 'PASS', 'q10', '', 'PASS;q10', 'pass', 'PASSE', 'P'),
      info,
      samples,
    })
    .map((one) => {
      const { variant } = one;
      const ref = one.ref ?? variant.ref;
      const alt = (one.alt ?? variant.alt) + one.more;
      const position = (one.isZeroed ? '0' : '') + (one.position ?? variant.position);
      const alleles = one.isLower ? [ref.toLowerCase(), alt] : [ref, alt];
      return (
        [one.contig ?? variant.contig, position, one.id, ...alleles, one.quality, one.filter, one.info].join('\t') +
        one.samples
      );
    });
}

/** Any line at all. */
export function anyLine(variants: fc.Arbitrary<Variant>): fc.Arbitrary<string> {
  const record = anyRecord(variants);
  return fc.oneof(
    { weight: 20, arbitrary: record },
    fc.tuple(record, fc.nat({ max: 9 })).map(([line, columns]) => line.split('\t', columns).join('\t')),
    fc.constantFrom('', ' ', '\t', '\t\t\t\t\t\t\t', '#CHROM again', '##late=1', '\r', 'x\r'),
  );
}

/** Lines as a text: in order or not, with newlines of one kind or the other, the last one or not. */
export function anyText(lines: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.array(lines, { maxLength, size: 'max' }),
      fc.boolean(),
      fc.constantFrom('\n', '\n', '\r\n'),
      fc.constantFrom('', '\n', '\r'),
    )
    .map(([all, isSorted, newline, last]) => {
      return (isSorted ? all.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)) : all).join(newline) + last;
    });
}

function placeOf(line: string): string {
  const [contig, position = ''] = line.split('\t', 2);
  return `${contig}\t${position.padStart(10, '0')}`;
}

export function bordersOf({ contigs, transcripts }: World): Border[] {
  return contigs.flatMap(({ name, bases }) => {
    const models = transcripts.filter(({ contig }) => contig === name);
    const spans = models.flatMap(({ exons, cds }) => [...exons, ...(cds ?? [])]);
    const places = new Set([0, bases.length, ...spans.flatMap(({ start, end }) => [start, end])]);
    return [...places].map((at) => ({ contig: name, bases, at }));
  });
}

/** The usual line of a variant. */
export function lineOf({ contig, position, ref, alt }: Variant): string {
  return `${contig}\t${position}\t.\t${ref}\t${alt}\t50\tPASS\tAF=0.25`;
}
