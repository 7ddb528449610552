/**
 * Gene models of every kind that there is, drawn at random on contigs whose bases repeat themselves here and there, and
 * records that lie where something can go wrong: at the ends of exons, of coding sequence and of the contig.
 */
import * as fc from 'fast-check';
import { type BundleModels, buildBundleFromModels } from '../../../anntools/bundle/build.ts';
import {
  type ContigModel,
  type GeneModel,
  type Span,
  TranscriptFlag,
  type TranscriptModel,
} from '../../../anntools/models/gene-models.ts';
import { gene, transcript } from '../../support/models.ts';

export interface World {
  contigs: (Required<Pick<ContigModel, 'name' | 'length' | 'codonTable'>> & { bases: string; hasSequence: boolean })[];
  genes: GeneModel[];
  transcripts: TranscriptModel[];
}

/** Writes it as a reference bundle. */
export async function makeReference(folder: string, { contigs, genes, transcripts }: World): Promise<void> {
  const known = contigs.filter(({ hasSequence }) => hasSequence);
  const models: BundleModels = {
    contigs: contigs.map(({ name, length, codonTable }) => ({ name, length, codonTable })),
    genes,
    transcripts: transcripts.map((model) => ({ ...model, selenocysteines: [...model.selenocysteines] })),
    sequences: new Map(known.map(({ name, bases }) => [name, Buffer.from(bases)])),
    sources: [],
  };
  await buildBundleFromModels(folder, models, { name: 'world', assembly: 'world', now: new Date(0) });
}

const base = fc.constantFrom('A', 'C', 'G', 'T');
const text = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: base, minLength, maxLength });

/** Bases without order, and runs of one, two and three of them. */
const basesOf = (length: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: text(1, 60) },
        { weight: 1, arbitrary: fc.tuple(text(1, 4), fc.integer({ min: 2, max: 8 })).map(([one, n]) => one.repeat(n)) },
      ),
      { minLength: Math.ceil(length / 20), maxLength: Math.ceil(length / 20), size: 'max' },
    )
    .map((parts) => parts.join('').padEnd(length, 'GATTACA').slice(0, length));

/** Lengths of an exon and of the intron behind it. */
const exon = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 20, max: 120 }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 12 }) },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 500 }) },
  ),
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 60, max: 300 }) },
    { weight: 3, arbitrary: fc.integer({ min: 14, max: 40 }) },
  ),
);
const shortIntron = fc.integer({ min: 0, max: 13 });

const { NMD, CDS_START_NF, CDS_END_NF, MANE_SELECT, MANE_PLUS_CLINICAL, CCDS, GENCODE_BASIC } = TranscriptFlag;
const { EXTENT_ONLY, STRAND_UNKNOWN, NO_FRAME, NO_EXON_LINES, EXONS_OVERLAP } = TranscriptFlag;

const kind = fc.record({
  strand: fc.constantFrom(1 as const, -1 as const),
  isCoding: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  biotype: fc.constantFrom('protein_coding', 'nonsense_mediated_decay', 'lncRNA', 'IG_V_gene', ''),
  phase: fc.constantFrom(0 as const, 0 as const, 1 as const, 2 as const),
  flags: fc.constantFrom(0, 0, 0, CCDS | GENCODE_BASIC, MANE_SELECT, MANE_PLUS_CLINICAL, CDS_START_NF, CDS_END_NF),
  odd: fc.oneof(
    { weight: 30, arbitrary: fc.constant('') },
    fc.constantFrom('extent', 'strand', 'frame', 'exons', 'overlap', 'span', 'selenocysteine', 'mirna', 'slip'),
  ),
  /** Whether the coding sequence is made to read from ATG to its only stop. */
  isWhole: fc.boolean(),
  names: fc.constantFrom('', 'version', 'protein'),
});

const shape = fc.record({
  start: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 3000 }) }, fc.constantFrom(0, 1, 3)),
  exons: fc.array(exon, { minLength: 1, maxLength: 7 }),
  short: fc.oneof({ weight: 7, arbitrary: fc.constant(-1) }, shortIntron),
  /** Where the coding part begins and ends, in thousandths of the spliced transcript. */
  from: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })),
  to: fc.oneof(fc.constant(1000), fc.integer({ min: 450, max: 1000 })),
});

const drawn = fc.array(fc.tuple(shape, kind, fc.boolean()), { minLength: 1, maxLength: 9 });

/** A contig with its models; its length follows from them. */
const contigOf = (name: string): fc.Arbitrary<World> =>
  fc
    .tuple(drawn, fc.integer({ min: 0, max: 900 }), fc.constantFrom(1, 1, 1, 2, 11))
    .chain(([models, margin, codonTable]) => {
      const world: World = { contigs: [], genes: [], transcripts: [] };
      models.forEach(([shape, kind, isNewGene], i) => {
        const model = modelOf(name, i, shape, kind);
        const last = world.genes.at(-1);
        if (last === undefined || isNewGene) {
          const id = `G${name}${i}`;
          world.genes.push(
            gene({
              id,
              symbol: i % 3 === 0 ? '' : `S${id}`,
              contig: name,
              strand: kind.strand,
              hgncId: i % 2 ? `HGNC:${i}` : '',
              span: extentOf(model),
            }),
          );
          world.transcripts.push({ ...model, geneId: i % 7 === 6 ? '' : id });
        } else {
          const { start, end } = extentOf(model);
          last.span = { start: Math.min(last.span.start, start), end: Math.max(last.span.end, end) };
          world.transcripts.push({ ...model, geneId: last.id });
        }
      });
      const length = Math.max(...world.transcripts.map((model) => extentOf(model).end)) + margin;
      return basesOf(length).map((bases) => {
        const letters = [...bases];
        models.forEach(([, { isWhole }], i) => {
          const model = world.transcripts[i];
          if (isWhole && model) makeWhole(letters, model);
        });
        return { ...world, contigs: [{ name, length, codonTable, bases: letters.join(''), hasSequence: true }] };
      });
    });

/** Four contigs: two with all their bases, one with unknown ones in it, and one of which no bases are known. */
export const anyWorld: fc.Arbitrary<World> = fc
  .tuple(contigOf('1'), contigOf('2'), contigOf('MT'), contigOf('4'), contigOf('chrUn_5'))
  .map((worlds) => ({
    contigs: worlds.flatMap(({ contigs }, i) =>
      contigs.map((contig) => ({
        ...contig,
        bases: i === 3 ? `NNNNN${contig.bases.slice(5)}` : contig.bases,
        hasSequence: i < 4,
      })),
    ),
    genes: worlds.flatMap(({ genes }) => genes),
    transcripts: worlds.flatMap(({ transcripts }) => transcripts),
  }));

function extentOf({ exons, span }: TranscriptModel): Span {
  return span ?? { start: exons[0]?.start ?? 0, end: exons.at(-1)?.end ?? 0 };
}

type Shape = typeof shape extends fc.Arbitrary<infer One> ? One : never;
type Kind = typeof kind extends fc.Arbitrary<infer One> ? One : never;

function modelOf(contig: string, index: number, shape: Shape, kind: Kind): TranscriptModel {
  const { isCoding, biotype, phase, flags, odd, names, strand } = kind;
  const id = `T${contig}${'.'.repeat(index % 2)}${9 - index}`;
  const exons: Span[] = [];
  let at = shape.start;
  shape.exons.forEach(([length, intron], i) => {
    exons.push({ start: at, end: at + length });
    at += length + (i === 1 && shape.short >= 0 ? shape.short : intron);
  });
  const [first, second] = exons;
  if (odd === 'overlap' && first && second) first.end = second.start + 1;
  const spliced = exons.reduce((sum, { start, end }) => sum + end - start, 0);
  const cds = isCoding
    ? partsOf(exons, Math.floor((spliced * shape.from) / 1000), Math.ceil((spliced * shape.to) / 1000))
    : null;
  if (odd === 'slip' && cds && cds[0] && cds[0].end - cds[0].start > 8) {
    const { start, end } = cds[0];
    cds.splice(0, 1, { start, end: start + 5 }, { start: start + 4, end });
  }
  const isExtent = odd === 'extent' || odd === 'strand';
  const start = exons[0]?.start ?? 0;
  const end = exons.at(-1)?.end ?? 0;
  return transcript({
    id,
    contig,
    strand,
    exons: isExtent ? [{ start, end }] : exons,
    cds: isExtent ? null : cds,
    biotype,
    phase: cds ? phase : 0,
    flags: flags | (ODD_FLAGS[odd] ?? 0) | (biotype === 'nonsense_mediated_decay' ? NMD : 0),
    ...(names === '' ? {} : { version: '4' }),
    ...(names === 'protein' && cds ? { proteinId: `P${id}`, proteinVersion: '2' } : {}),
    ...(odd === 'span' ? { span: { start: Math.max(0, start - 9), end: end + 30 } } : {}),
    ...(odd === 'selenocysteine' ? { selenocysteines: [3] } : {}),
    ...(odd === 'mirna' ? { matureMirna: [{ start: start + 2, end: start + 9 }] } : {}),
    supportLevel: index % 6,
    appris: index % 8,
  });
}

const ODD_FLAGS: Record<string, number> = {
  extent: EXTENT_ONLY,
  strand: EXTENT_ONLY | STRAND_UNKNOWN,
  frame: NO_FRAME,
  exons: NO_EXON_LINES,
  overlap: EXONS_OVERLAP,
};

/** The parts of exons from one place of the spliced transcript to another. */
function partsOf(exons: readonly Span[], from: number, to: number): Span[] {
  let before = 0;
  return exons.flatMap(({ start, end }) => {
    const part = { start: start + Math.max(0, from - before), end: Math.min(end, start + to - before) };
    before += end - start;
    return part.start < part.end ? [part] : [];
  });
}

/** Makes the coding sequence read from a start codon to its only stop. */
function makeWhole(letters: string[], { cds, strand, phase }: TranscriptModel): void {
  const places = (cds ?? []).flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
  if (strand === -1) places.reverse();
  const put = (from: number, codon: string): void =>
    [...codon].forEach((letter, i) => {
      const place = places[from + i];
      if (place !== undefined) letters[place] = strand === 1 ? letter : (COMPLEMENT[letter] ?? letter);
    });
  const read = (place: number | undefined): string => {
    const letter = letters[place ?? -1] ?? 'N';
    return strand === 1 ? letter : (COMPLEMENT[letter] ?? letter);
  };
  for (let at = phase; at + 3 <= places.length; at += 3) {
    const codon = places
      .slice(at, at + 3)
      .map(read)
      .join('');
    if (/TAA|TAG|TGA|AGA|AGG/.test(codon)) put(at, 'GCC');
  }
  if (phase === 0) put(0, 'ATG');
  const rest = (places.length - phase) % 3;
  if (rest === 0 && places.length > 8) put(places.length - 3, 'TAA');
}

const COMPLEMENT: Record<string, string> = { A: 'T', C: 'G', G: 'C', T: 'A' };
