/**
 * What a transcript says must not depend on the strand it lies on: a contig read from its other strand, with its models
 * and variants turned over, has the same rows. And rows must not depend on the order of records, on what was asked
 * before, or on how the work is cut into pieces.
 */
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { ConsequenceEngine } from '../../../anntools/engine/engine.ts';
import type { Span, TranscriptModel } from '../../../anntools/models/gene-models.ts';
import { gene, transcript } from '../../support/models.ts';
import { annotate, lineOf, mirrored, mirroredEdit, recordOf, referenceOf, type Edit, type World } from './made-up.ts';

const LENGTH = 900;

const bases = (length: number) =>
  fc.array(fc.constantFrom('A', 'C', 'G', 'T'), { minLength: length, maxLength: length }).map((all) => all.join(''));

/** A transcript with exons and introns of any small length, coding or not, beginning in any phase. */
const model: fc.Arbitrary<TranscriptModel> = fc
  .record({
    start: fc.integer({ min: 20, max: 300 }),
    sizes: fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 })), {
      minLength: 1,
      maxLength: 4,
    }),
    coding: fc.boolean(),
    from: fc.nat(),
    to: fc.nat(),
    phase: fc.constantFrom(0, 1, 2) as fc.Arbitrary<0 | 1 | 2>,
    strand: fc.constantFrom(1, -1) as fc.Arbitrary<1 | -1>,
    id: fc.constantFrom('T1', 'T2', 'T3', 'T4', 'T5'),
  })
  .map(({ start, sizes, coding, from, to, phase, strand, id }) => {
    const exons: Span[] = [];
    let at = start;
    for (const [exon, intron] of sizes) {
      exons.push({ start: at, end: at + exon });
      at += exon + intron;
    }
    const length = exons.reduce((sum, exon) => sum + exon.end - exon.start, 0);
    const first = Math.min(from % length, to % length);
    const cds = coding ? codingParts(exons, first, Math.max(first + 1, Math.max(from % length, to % length))) : null;
    return transcript({ id, geneId: 'G1', proteinId: 'P', exons, cds, phase: cds === null ? 0 : phase, strand });
  });

/** The parts of exons between two offsets of the spliced forward strand. */
function codingParts(exons: readonly Span[], from: number, to: number): Span[] {
  const parts: Span[] = [];
  let at = 0;
  for (const { start, end } of exons) {
    const low = Math.max(from - at, 0);
    const high = Math.min(to - at, end - start);
    if (low < high) parts.push({ start: start + low, end: start + high });
    at += end - start;
  }
  return parts;
}

const world: fc.Arbitrary<World> = fc
  .record({
    text: bases(LENGTH),
    models: fc.uniqueArray(model, { selector: ({ id }) => id, minLength: 1, maxLength: 3 }),
  })
  .map(({ text, models }) => ({
    bases: text,
    genes: [gene({ span: { start: 0, end: LENGTH } })],
    transcripts: models,
  }));

const edit: fc.Arbitrary<Edit> = fc
  .record({
    start: fc.integer({ min: 1, max: LENGTH - 60 }),
    length: fc.nat(12),
    to: fc.integer({ min: 0, max: 12 }).chain(bases),
  })
  .map(({ start, length, to }) => ({ start, end: start + length, to }));

/** Edits that no trimming shortens, so that both strands describe the same bases. */
function isWhole(text: string, { start, end, to }: Edit): boolean {
  const ref = text.slice(start, end);
  if (ref === to) return false;
  return ref === '' || to === '' || ref.length === to.length || (ref[0] !== to[0] && ref.at(-1) !== to.at(-1));
}

const byFeature = (rows: Record<string, string>[]) =>
  rows
    .map(({ Allele: _allele, STRAND: _strand, HGVS_OFFSET, ...row }) => ({
      ...row,
      shift: HGVS_OFFSET?.replace('-', ''),
    }))
    .sort((a, b) =>
      ((a as Record<string, string>)['Feature'] ?? '').localeCompare((b as Record<string, string>)['Feature'] ?? ''),
    );

describe('the other strand', () => {
  test('says the same', () => {
    fc.assert(
      fc.property(world, edit, (made, change) => {
        fc.pre(isWhole(made.bases, change));
        const there = mirrored(made);
        const options = { manner: 'specification', distance: 100 } as const;
        const here = annotate(referenceOf(made), lineOf(made.bases, change), options);
        const mirror = annotate(referenceOf(there), lineOf(there.bases, mirroredEdit(made, change)), options);
        expect(byFeature(mirror)).toEqual(byFeature(here));
      }),
      { numRuns: 400 },
    );
  });
});

describe('rows depend on the record alone', () => {
  const records = fc.array(edit, { minLength: 2, maxLength: 30 });

  test('not on the order of records, nor on how they are cut into batches', () => {
    fc.assert(
      fc.property(
        world,
        records,
        fc.constantFrom('vep', 'specification'),
        fc.constantFrom('all', 'pick'),
        (made, edits, manner, transcripts) => {
          const reference = referenceOf(made);
          const options = { distance: 50, transcripts, manner } as const;
          const engine = new ConsequenceEngine(reference, options);
          const answer = (asked: ConsequenceEngine, change: Edit) => {
            const out = new ByteBuffer();
            const facts = asked.annotate(recordOf(lineOf(made.bases, change)), 0, out);
            return `${out.view().toString('latin1')} ${facts.worstRank} ${facts.low} ${facts.high} ${facts.gene}`;
          };
          const changes = edits.filter(({ start, end, to }) => made.bases.slice(start, end) !== to);
          for (const change of changes) {
            expect(answer(engine, change)).toBe(answer(new ConsequenceEngine(reference, options), change));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('every allele of bases has a row, whatever it is', () => {
    fc.assert(
      fc.property(world, edit, (made, change) => {
        fc.pre(made.bases.slice(change.start, change.end) !== change.to);
        const rows = annotate(referenceOf(made), lineOf(made.bases, change));
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) expect(row['Consequence']).not.toBe('');
      }),
      { numRuns: 200 },
    );
  });
});
