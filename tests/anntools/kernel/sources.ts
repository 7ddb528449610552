/** Sources of known variants and tracks on a made-up world, with values of every kind that their files can hold. */
import * as fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { KnownField } from '../../../anntools/lookup/known-format.ts';
import { type KnownValue, KnownWriter } from '../../../anntools/lookup/known-writer.ts';
import { readTrack, type Track } from '../../../anntools/tracks/track.ts';
import type { Variant } from './lines.ts';
import type { World } from './world.ts';

const whole = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.constantFrom(0xfd, 0xfe, 0xff, 0xfffd, 0xfffe, 0xffff, 0xfffffd, 0xfffffe, 0xffffff),
  fc.constantFrom(0x7fffffff, 0x80000000, 0xbfffffff, 1e9, 999_999_999),
);
const float = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1, 1e-5, 1e-6, 1e-7, 1.25e-9, 999_999, 100_000, 1e30, -0.5, 0.1, 123.456, 1e-15),
  fc.tuple(fc.nat({ max: 999_999 }), fc.nat({ max: 15 })).map(([digits, power]) => Number(`${digits}e-${power}`)),
);
const word = fc.constantFrom('Benign', 'Likely pathogenic; maybe', 'a,b', '', 'é', 'x'.repeat(300), 'y'.repeat(2000));
const identifier = fc.oneof(whole, fc.constantFrom('rs7', '7|8', 'rs1;rs2', 'COSV9', '.'));
const maybe = (value: fc.Arbitrary<KnownValue>): fc.Arbitrary<KnownValue> =>
  fc.oneof({ weight: 3, arbitrary: value }, fc.constant(null));

/** Kinds of fields, by what their values are: a column of numbers, of texts or of both. */
const FIELDS = [
  [{ id: 'AF', column: 'float', description: '' }, float],
  [{ id: 'N', column: 'integer', description: '' }, whole],
  [{ id: 'RARE', column: 'integer', description: '' }, fc.oneof({ weight: 30, arbitrary: fc.constant(null) }, whole)],
  [{ id: 'SIG', column: 'word', description: '' }, word],
  [{ id: 'BOTH', column: 'mixed', description: '' }, fc.oneof(whole, word)],
  [{ id: 'RS', column: 'integer', description: '', prefix: 'rs' }, whole],
  [{ id: 'IDS', column: 'mixed', description: '', prefix: 'COSV' }, identifier],
] as const satisfies readonly (readonly [KnownField, fc.Arbitrary<KnownValue>])[];

export interface Known {
  fields: KnownField[];
  entries: { variant: Variant; isLeft: boolean; values: KnownValue[] }[];
}

/** A source that knows some of the variants, as they are or moved to the left. */
export function anyKnown(variants: fc.Arbitrary<Variant>): fc.Arbitrary<Known> {
  return fc.subarray([...FIELDS], { minLength: 1 }).chain((fields) =>
    fc.record({
      fields: fc.constant(fields.map(([field]) => field)),
      entries: fc.array(
        fc.record({
          variant: variants,
          isLeft: fc.boolean(),
          values: fc.tuple(...fields.map(([, value]) => maybe(value))),
        }),
        { minLength: 1, maxLength: 200, size: 'max' },
      ),
    }),
  );
}

export function writeKnown(folder: string, { contigs }: World, { fields, entries }: Known): void {
  const name = basename(folder);
  const named = fields.map((field) => ({ ...field, id: `${name}_${field.id}` }));
  const writer = new KnownWriter(folder, {
    name,
    version: '1',
    assembly: 'world',
    fields: named,
    rsField: `${name}_RS`,
  });
  for (const { variant, isLeft, values } of entries) {
    const bases = contigs.find(({ name }) => name === variant.contig)?.bases ?? '';
    const { contig, position, ref, alt } = isLeft ? moved(bases, variant) : variant;
    if (ref === alt) continue;
    writer.begin(contig);
    writer.add(position - 1, ref, alt, values);
  }
  writer.finish();
}

/** The same change as far to the left as it can be written. */
function moved(bases: string, variant: Variant): Variant {
  let { position, ref, alt } = variant;
  for (;;) {
    while (ref !== '' && alt !== '' && ref.at(-1) === alt.at(-1)) [ref, alt] = [ref.slice(0, -1), alt.slice(0, -1)];
    if ((ref !== '' && alt !== '') || position === 1) return { ...variant, position, ref, alt };
    position--;
    const before = bases[position - 1] ?? 'N';
    [ref, alt] = [before + ref, before + alt];
    if (ref.at(-1) !== alt.at(-1)) return { ...variant, position, ref, alt };
  }
}

const name = fc.constantFrom('', 'a', 'b', 'c c', 'd;e', 'x'.repeat(100));

/** Lines of a BED: short and long regions, empty ones, many at one place, named or not. */
export function anyRegions({ contigs }: World): fc.Arbitrary<string[]> {
  return fc.constantFrom(...contigs).chain(({ name: contig, length }) => {
    const region = fc
      .tuple(
        fc.nat({ max: length }),
        fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 20, max: 400 }), fc.nat({ max: length })),
        name,
        fc.oneof({ weight: 60, arbitrary: fc.constant(1) }, fc.constantFrom(2, 21)),
      )
      .map(([start, long, label, copies]) =>
        Array.from({ length: copies }, () => `${contig}\t${start}\t${start + long}\t${label}`),
      );
    return fc.array(region, { minLength: 1, maxLength: 60, size: 'max' }).map((lines) => lines.flat());
  });
}

export async function trackOf(path: string, lines: readonly string[]): Promise<Track> {
  writeFileSync(path, `${lines.join('\n')}\n`);
  return readTrack({ name: basename(path, '.bed'), path });
}
