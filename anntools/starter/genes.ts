/**
 * Gene models out of ideogram's tables of genes and of coding transcripts (Ensembl 110, GRCh38). What is hard is that
 * the tables are compressed by leaving out: lengths are end minus start, a transcript's place is told as an offset from
 * its gene's start, and for one gene in six those offsets count from something else. A gene's structures are taken
 * only where they prove themselves: the smallest offset is 0 and the largest end is the gene's length exactly. Then
 * 15,818 of 15,831 are MANE Select's to the base, and the other 13 genes have another transcript in MANE's release
 * (`tests/anntools/starter/accuracy.ts` measures it). All other genes are kept as extents.
 */
import { TranscriptFlag } from '../models/gene-models.ts';
import type { GeneModel, Span, TranscriptModel } from '../models/gene-models.ts';
import { biotypeByName } from './biotypes.ts';
import { linesOf, rowsOf } from './tables.ts';

export interface StarterModels {
  genes: GeneModel[];
  transcripts: TranscriptModel[];
  /** Genes whose exons are known, and those of which only the extent is. */
  withExons: number;
  extentsOnly: number;
}

interface GeneRow {
  contig: string;
  span: Span;
  id: string;
  symbol: string;
  description: string;
}

/** A transcript as the table tells it, on the chromosome. */
interface Structure {
  name: string;
  /** Of its gene. */
  symbol: string;
  biotype: string;
  strand: 1 | -1;
  exons: Span[];
  /** From the first to the last coding base: what the untranslated parts leave. */
  coding: Span;
}

/** Keys of the table's comment "biotype keys". */
const BIOTYPES = ['protein_coding', 'nonsense_mediated_decay', 'non_stop_decay', 'protein_coding_LoF'];
/** Keys of the table's comment "subpart keys": 5' UTR, exon, 3' UTR. */
const FIVE_PRIME_UTR = 0;
const EXON = 1;

/** Reads both tables. `contigs` are the names that are kept; scaffolds and the mitochondrion are not. */
export function nuclearModels(genes: Uint8Array, structures: Uint8Array, contigs: ReadonlySet<string>): StarterModels {
  const rows = [...rowsOf(genes)].map(geneRow).filter(({ contig }) => contigs.has(contig));
  const bySymbol = Map.groupBy(rows, ({ symbol }) => symbol);
  const startOf = (symbol: string): number | undefined => bySymbol.get(symbol)?.[0]?.span.start;
  const structuresOf = Map.groupBy(readStructures(structures, startOf), ({ symbol }) => symbol);
  const models: StarterModels = { genes: [], transcripts: [], withExons: 0, extentsOnly: 0 };
  for (const row of rows) {
    // Transcripts name their gene by its symbol alone: where two genes share it, nobody knows whose they are.
    const known = bySymbol.get(row.symbol)?.length === 1 ? (structuresOf.get(row.symbol) ?? []) : [];
    const exact = isExact(row, known);
    const coding = structuresOf.has(row.symbol);
    const gene = geneModel(row, known[0]?.strand ?? 1, coding ? 'protein_coding' : biotypeByName(row.description));
    models.genes.push(gene);
    if (exact) models.transcripts.push(...known.map((structure, i) => transcriptModel(row, structure, i === 0)));
    else models.transcripts.push(extentModel(gene, known.length > 0));
    if (exact) models.withExons++;
    else models.extentsOnly++;
  }
  return models;
}

function geneRow([contig, start, length, slimId, symbol, description]: string[]): GeneRow {
  const first = Number(start);
  return {
    contig,
    span: { start: first - 1, end: first + Number(length) },
    id: `ENSG${slimId.padStart(11, '0')}`,
    symbol,
    description: description ?? '',
  };
}

/**
 * The transcripts of the table, placed on the chromosome. Of 1.9 million cells none becomes a string: that would be
 * most of the memory this takes.
 * @param startOf where the (first) gene of a symbol starts; undefined when there is none.
 */
function* readStructures(table: Uint8Array, startOf: (symbol: string) => number | undefined): Generator<Structure> {
  for (const line of linesOf(table)) {
    if (line.startsWith('#')) continue;
    const [name, offset, biotype, strand] = line.split('\t', 4);
    const symbol = symbolOf(name ?? '');
    const geneStart = startOf(symbol);
    if (strand === undefined || geneStart === undefined) continue;
    const forward = strand !== '-';
    const first = geneStart + Number(offset);
    const exons: Span[] = [];
    const coding = { start: 0, end: Infinity };
    const numbers = new NumberScanner(line, name.length + offset.length + biotype.length + strand.length + 4);
    for (let part = numbers.next(); part >= 0; part = numbers.next()) {
      const start = first + numbers.next();
      const end = start + numbers.next() + 1;
      if (part === EXON) exons.push({ start, end });
      else if ((part === FIVE_PRIME_UTR) === forward) coding.start = Math.max(coding.start, end);
      else coding.end = Math.min(coding.end, start);
    }
    if (exons.length === 0) continue;
    exons.sort((a, b) => a.start - b.start);
    yield { name, symbol, biotype: BIOTYPES[Number(biotype)] ?? '', strand: forward ? 1 : -1, exons, coding };
  }
}

/** `ACE2-201` is a transcript of ACE2. */
function symbolOf(transcript: string): string {
  return transcript.replace(/-\d{3}$/, '');
}

/** Reads the whole numbers of a text, whatever stands between them. */
class NumberScanner {
  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  /** The next number, or -1 at the end. */
  next(): number {
    const { text } = this;
    let value = -1;
    for (; this.at < text.length; this.at++) {
      const digit = text.charCodeAt(this.at) - 48;
      if (digit >= 0 && digit <= 9) value = (value < 0 ? 0 : value * 10) + digit;
      else if (value >= 0) break;
    }
    return value;
  }
}

/** Whether the structures span the gene exactly, so that their offsets count from its start. */
function isExact({ span }: GeneRow, structures: readonly Structure[]): boolean {
  if (structures.length === 0) return false;
  const start = Math.min(...structures.map(({ exons }) => exons[0].start));
  const end = Math.max(...structures.map(({ exons }) => exons[exons.length - 1].end));
  return start === span.start && end === span.end;
}

function geneModel({ id, symbol, contig, span }: GeneRow, strand: 1 | -1, biotype: string): GeneModel {
  return { id, version: '', symbol, symbolSource: '', hgncId: '', biotype, contig, span, strand };
}

const PLAIN = {
  version: '',
  source: 'ideogram',
  phase: 0,
  proteinId: '',
  proteinVersion: '',
  maneMate: '',
  ccdsId: '',
  selenocysteines: [],
  matureMirna: [],
  supportLevel: 0,
  appris: 0,
} as const satisfies Partial<TranscriptModel>;

/** The first transcript of a gene in the table is Ensembl's canonical one: 15,810 of 15,818 times it is MANE Select. */
function transcriptModel({ contig, id }: GeneRow, structure: Structure, canonical: boolean): TranscriptModel {
  const { name, biotype, strand, exons } = structure;
  const cds = codingParts(structure);
  const length = cds.reduce((sum, part) => sum + part.end - part.start, 0);
  let flags = canonical ? TranscriptFlag.CANONICAL : 0;
  if (biotype === 'nonsense_mediated_decay') flags |= TranscriptFlag.NMD;
  // Incomplete at an end, and nobody says at which: the frame is not known.
  if (length % 3 !== 0) flags |= TranscriptFlag.NO_FRAME;
  return {
    ...PLAIN,
    selenocysteines: [],
    matureMirna: [],
    id: name,
    geneId: id,
    biotype,
    contig,
    strand,
    exons,
    cds: length > 0 ? cds : null,
    flags,
  };
}

/** The exons less the untranslated parts at both ends. */
function codingParts({ exons, coding }: Structure): Span[] {
  return exons
    .map(({ start, end }) => ({ start: Math.max(start, coding.start), end: Math.min(end, coding.end) }))
    .filter(({ start, end }) => end > start);
}

/** A gene of which only the extent is known, as a transcript, since variants are told by transcripts. */
function extentModel({ id, biotype, contig, span, strand }: GeneModel, strandKnown: boolean): TranscriptModel {
  return {
    ...PLAIN,
    selenocysteines: [],
    matureMirna: [],
    id,
    geneId: id,
    biotype,
    contig,
    strand,
    exons: [span],
    cds: null,
    flags: TranscriptFlag.EXTENT_ONLY | TranscriptFlag.CANONICAL | (strandKnown ? 0 : TranscriptFlag.STRAND_UNKNOWN),
  };
}
