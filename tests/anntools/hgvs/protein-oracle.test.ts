/**
 * `p.` by the specification against the definition (`mutated-protein.ts`): made-up genes, cut into exons anywhere, on
 * either strand, with changes of 1 to 40 bases in their coding sequences. What a description says must turn the protein
 * of the reference into the protein of the edited message, and stand where HGVS wants it.
 */
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { Span } from '../../../anntools/models/gene-models.ts';
import { gene, transcript } from '../../support/models.ts';
import {
  annotate,
  lineOf,
  mirrored,
  mirroredEdit,
  referenceOf,
  type Edit,
  type World,
} from '../consequence/made-up.ts';
import { contradiction, productOf } from './mutated-protein.ts';

const STOPS = ['TAA', 'TAG', 'TGA'];
const CODONS = [...'ACGT'].flatMap((a) => [...'ACGT'].flatMap((b) => [...'ACGT'].map((c) => a + b + c)));
const SENSE = CODONS.filter((codon) => !STOPS.includes(codon));

const bases = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom('A', 'C', 'G', 'T'), { minLength, maxLength }).map((all) => all.join(''));

interface Gene {
  world: World;
  coding: Span[];
}

/** A gene of few different codons, so that there are repeats, in up to four exons. */
const madeUp: fc.Arbitrary<Gene> = fc
  .record({
    kinds: fc.uniqueArray(fc.constantFrom(...SENSE), { minLength: 2, maxLength: 20 }),
    order: fc.array(fc.nat(), { minLength: 4, maxLength: 30 }),
    stop: fc.constantFrom(...STOPS),
    before: bases(3, 12),
    behind: bases(2, 80),
    flank: bases(60, 60),
    intron: bases(26, 26),
    cuts: fc.uniqueArray(fc.nat(), { maxLength: 3 }),
  })
  .map(({ kinds, order, stop, before, behind, flank, intron, cuts }) => {
    const coding = `ATG${order.map((i) => kinds[i % kinds.length]).join('')}${stop}`;
    const message = before + coding + behind;
    const borders = [...new Set(cuts.map((cut) => 3 + (cut % (message.length - 6))))].sort((a, b) => a - b);
    const exons: Span[] = [];
    const parts: Span[] = [];
    let text = flank;
    let at = 0;
    for (const border of [...borders, message.length]) {
      const start = text.length;
      text += message.slice(at, border);
      exons.push({ start, end: text.length });
      const from = Math.max(before.length, at);
      const to = Math.min(before.length + coding.length, border);
      if (from < to) parts.push({ start: start + from - at, end: start + to - at });
      if (border < message.length) text += `GT${intron}AG`;
      at = border;
    }
    text += flank;
    const model = transcript({
      id: 'T1',
      version: '1',
      geneId: 'G1',
      proteinId: 'P1',
      proteinVersion: '1',
      exons,
      cds: parts,
    });
    const span = { start: exons[0]?.start ?? 0, end: exons.at(-1)?.end ?? 0 };
    return { world: { bases: text, genes: [gene({ span })], transcripts: [model] }, coding: parts };
  });

/** Where and what: numbers that are fitted to the gene. */
interface Wanted {
  part: number;
  at: number;
  removed: number;
  added: string;
  copies: boolean;
  mirror: boolean;
}

const change: fc.Arbitrary<Wanted> = fc.record({
  part: fc.nat(),
  at: fc.nat(),
  removed: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 1, max: 40 })),
  added: fc.oneof(fc.constant(''), bases(1, 3), bases(1, 40)),
  copies: fc.boolean(),
  mirror: fc.boolean(),
});

/** The change as an edit behind the start codon inside one coding part, if it is one. */
function fitted({ world, coding }: Gene, { part, at, removed, added, copies }: Wanted): Edit | undefined {
  const place = coding[part % coding.length];
  if (place === undefined) return undefined;
  const start = place.start + (at % (place.end - place.start));
  const end = Math.min(place.end, start + removed);
  const before = coding.slice(0, part % coding.length).reduce((sum, span) => sum + span.end - span.start, 0);
  if (before + start - place.start < 3 || (start === end && start === place.start)) return undefined;
  const to = copies && start === end ? world.bases.slice(Math.max(place.start, start - added.length), start) : added;
  return world.bases.slice(start, end) === to ? undefined : { start, end, to };
}

/** Terms of which one must be there, for a change behind the start codon and before the stop codon; empty: any. */
function termsFor({ start, end, to }: Edit, before: string, after: { residues: string; stops: boolean }): string[] {
  const more = to.length - (end - start);
  // A stop before the stop leaves the protein as it was.
  if (more !== 0 && after.residues === before) return [];
  if (more % 3 !== 0) return ['frameshift_variant'];
  if (after.stops && after.residues.length < before.length + more / 3) return ['stop_gained'];
  if (more > 0) return ['inframe_insertion', 'protein_altering_variant', 'missense_variant'];
  if (more < 0) return ['inframe_deletion', 'protein_altering_variant'];
  return [after.residues === before ? 'synonymous_variant' : 'missense_variant'];
}

describe('terms of coding changes', () => {
  test('follow, by the specification, from the old protein and the new one', () => {
    fc.assert(
      fc.property(madeUp, change, (made, wanted) => {
        const edit = fitted(made, wanted);
        const last = made.coding.at(-1);
        const stopsHere = edit !== undefined && last !== undefined && edit.start >= last.start;
        fc.pre(edit !== undefined && last !== undefined && last.end - last.start > 3);
        fc.pre(!stopsHere || (edit.end <= last.end - 3 && edit.start < last.end - 3));
        const world = wanted.mirror ? mirrored(made.world) : made.world;
        const there = wanted.mirror ? mirroredEdit(made.world, edit) : edit;
        const [model] = world.transcripts;
        const [row] = annotate(referenceOf(world), lineOf(world.bases, there), {
          manner: 'specification',
          columns: ['Consequence'],
        });
        const terms = row?.['Consequence']?.split('&') ?? [];
        fc.pre(model !== undefined && !terms.some((term) => /splice_(donor|acceptor)_variant|intron/.test(term)));
        const one = termsFor(there, productOf(world, model).residues, productOf(world, model, there));
        if (one.length > 0)
          expect(`${one.join(' or ')}: ${terms.some((term) => one.includes(term)) ? 'yes' : terms.join('&')}`).toBe(
            `${one.join(' or ')}: yes`,
          );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('descriptions of proteins', () => {
  test('turn the old protein into the new one', () => {
    fc.assert(
      fc.property(madeUp, change, (made, wanted) => {
        const edit = fitted(made, wanted);
        fc.pre(edit !== undefined);
        const world = wanted.mirror ? mirrored(made.world) : made.world;
        const there = wanted.mirror ? mirroredEdit(made.world, edit) : edit;
        const [model] = world.transcripts;
        const [row] = annotate(referenceOf(world), lineOf(world.bases, there), {
          manner: 'specification',
          columns: ['HGVSp', 'HGVSc'],
        });
        const { HGVSc = '', HGVSp = '' } = row ?? {};
        // Shifted into an intron or over the end of the coding sequence or the transcript, the change is another one.
        fc.pre(model !== undefined && HGVSc !== '' && !/[+*]|\d-/.test(HGVSc));
        const before = productOf(world, model);
        const after = productOf(world, model, there);
        // Behind the stop codon, once shifted, there is nothing to tell.
        if (HGVSp === '') expect(after.residues).toBe(before.residues);
        else if (HGVSp.endsWith(':p.?')) expect(after.stops).toBe(false);
        else expect(`${HGVSp} ${contradiction(HGVSp, before, after) ?? ''}`).toBe(`${HGVSp} `);
      }),
      { numRuns: 1500 },
    );
  });
});
