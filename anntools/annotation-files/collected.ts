/**
 * What the lines of an annotation file say, before it is known how they belong together: children may come before
 * their parents, and a parent may never come. Kept per contig, keyed by the ids the file uses.
 */

import type { ProblemLog } from '../models/problems.ts';
import type { Feature } from './feature.ts';

export interface GeneRecord {
  id: string;
  version: string;
  symbol: string;
  symbolSource: string;
  hgncId: string;
  biotype: string;
  start: number;
  end: number;
  strand: 1 | -1 | 0;
  line: number;
}

export interface TranscriptRecord {
  id: string;
  version: string;
  /** Feature type of the line, e.g. `mRNA`, `miRNA`. */
  type: string;
  /** Keys of parents in `ContigRecords.genes` or `.transcripts`. */
  parents: readonly string[];
  /** What the line itself says about its gene, for when the gene's own line is missing. */
  gene: Pick<GeneRecord, 'id' | 'symbol' | 'biotype'>;
  /** Empty when the file does not say. */
  biotype: string;
  source: string;
  start: number;
  end: number;
  strand: 1 | -1 | 0;
  maneMate: string;
  ccdsId: string;
  supportLevel: number;
  appris: number;
  flags: number;
  line: number;
}

/** Coding parts that share an ID: one protein. */
export interface CodingGroup {
  key: string;
  line: number;
  /** start, end, phase, strand of each part, in file order. */
  parts: number[];
  proteinId: string;
  proteinVersion: string;
  details: CodingDetails;
}

/** What a CDS line says besides its place: matters where there is no transcript line, as in bacteria and viruses. */
export interface CodingDetails {
  transcriptId: string;
  locusTag: string;
  symbol: string;
  pseudo: boolean;
  transSpliced: boolean;
  /** RefSeq tells it of the CDS, Ensembl and GENCODE of the transcript. */
  ccdsId: string;
  /** Bits of `TranscriptFlag`: ends that are not found. */
  flags: number;
  /** NCBI translation table; 0 when not told. */
  codonTable: number;
  /** Forward-strand offsets of the lowest base of each selenocysteine codon. */
  selenocysteines: readonly number[];
}

/** The pieces that name one parent. */
export interface Parts {
  line: number;
  source: string;
  strand: 1 | -1 | 0;
  /** start, end of each exon; of each untranslated region; of each stop codon. */
  exons: number[];
  utrs: number[];
  stops: number[];
  /** Forward-strand offset of the lowest base of each selenocysteine codon. */
  selenocysteines: number[];
  coding: CodingGroup[];
  strandsDiffer: boolean;
}

/** What is told about a contig besides models. */
export interface ContigFacts {
  name: string;
  aliases: string[];
  circular: boolean;
  /** 0 when not told. */
  length: number;
  /** Votes of coding parts for translation tables. */
  codonTables: Map<number, number>;
}

export interface ContigRecords {
  facts: ContigFacts;
  genes: Map<string, GeneRecord>;
  transcripts: Map<string, TranscriptRecord>;
  parts: Map<string, Parts>;
}

/** All records of a file, by contig, in the order of the file. */
export class CollectedRecords {
  readonly contigs = new Map<string, ContigRecords>();
  #last: ContigRecords | undefined;

  constructor(readonly problems: ProblemLog) {}

  contig(name: string): ContigRecords {
    if (this.#last?.facts.name === name) return this.#last;
    let records = this.contigs.get(name);
    if (records === undefined) {
      const facts = {
        name: ownString(name),
        aliases: [],
        circular: false,
        length: 0,
        codonTables: new Map<number, number>(),
      };
      records = { facts, genes: new Map(), transcripts: new Map(), parts: new Map() };
      this.contigs.set(facts.name, records);
    }
    this.#last = records;
    return records;
  }

  /** The pieces of a parent, made when first asked for. */
  parts(contig: string, parent: string, piece: { line: number; source: string; strand: 1 | -1 | 0 }): Parts {
    const { parts } = this.contig(contig);
    let found = parts.get(parent);
    if (found === undefined) {
      found = {
        line: piece.line,
        source: ownString(piece.source),
        strand: piece.strand,
        exons: [],
        utrs: [],
        stops: [],
        selenocysteines: [],
        coding: [],
        strandsDiffer: false,
      };
      parts.set(ownString(parent), found);
    } else if (piece.strand !== found.strand && piece.strand !== 0) {
      if (found.strand === 0) found.strand = piece.strand;
      else found.strandsDiffer = true;
    }
    return found;
  }
}

/**
 * A line that names an ID again: one more piece of the same feature (GFF3: "discontinuous features"), or a mistake.
 * Pieces of a trans-spliced gene may lie on both strands; they say `part=1/2`.
 */
export function addPiece(
  known: { id: string; start: number; end: number; strand: 1 | -1 | 0; line: number },
  { start, end, strand, line, attributes }: Feature,
  problems: ProblemLog,
): void {
  if (strand !== known.strand && !/(^|;)part=/.test(attributes)) {
    problems.note('DUPLICATE_ID', `${known.id} (lines ${known.line} and ${line})`);
    return;
  }
  known.start = Math.min(known.start, start);
  known.end = Math.max(known.end, end);
}

/** A copy that does not hold on to the line it was cut from (a slice of a string keeps the whole string alive). */
export function ownString(text: string): string {
  return text === '' ? '' : Buffer.from(text).toString();
}
