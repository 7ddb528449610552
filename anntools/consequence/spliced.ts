/**
 * The spliced sequences of the transcripts that are being looked at, each read from the genome once and kept while the
 * sweep stays near. Bounded: when the budget is full everything is dropped and what is still needed is read again.
 */
import type { Reference, Sequence, Transcripts } from '../bundle/reference.ts';
import { TranscriptFlag } from '../models/gene-models.ts';
import { codonTable, complement, STOP, translate, UNKNOWN, type CodonTable } from '../genome/codons.ts';

/** Bytes of spliced sequence and protein kept at most. */
const BUDGET = 48 << 20;

const N = 78;
const MET = 77;
const SELENOCYSTEINE = 85; // U

/**
 * A coding transcript's bases on its own strand: 5' UTR, coding sequence (with N for the bases that its first codon
 * lacks), 3' UTR.
 */
export interface Spliced {
  bases: Uint8Array;
  /** The coding sequence is bases[codingStart, codingEnd). */
  codingStart: number;
  codingEnd: number;
  /**
   * The protein of the reference, one letter a residue, without the terminal stop: `protein[0 .. proteinLength)`. A
   * partial last codon is not in it.
   */
  protein: Uint8Array;
  table: CodonTable;
  /**
   * What VEP reads instead, in its manner (`Manner`), else the same: the UTRs, `head` and `tail`; for HGVS p. also
   * protein and table.
   */
  told: { protein: Uint8Array; table: CodonTable; head: Uint8Array; tail: Uint8Array };
}

/**
 * Whom to follow where Ensembl VEP departs from the specifications (HGVS, VCF, Sequence Ontology): `vep`, so that
 * answers can be compared letter by letter, or `specification`. docs/decisions/030-divergences-from-vep.md has the
 * departures one by one; some are followed in neither manner.
 */
export type Manner = 'vep' | 'specification';

export class SplicedCache {
  readonly #sequence: Sequence;
  readonly #transcripts: Transcripts;
  readonly #codonTables: Uint8Array;
  readonly #manner: Manner;
  #kept: (Spliced | undefined)[];
  #bytes = 0;

  constructor({ sequence, transcripts, contigs }: Reference, manner: Manner) {
    this.#manner = manner;
    this.#sequence = sequence;
    this.#transcripts = transcripts;
    this.#codonTables = contigs.codonTables;
    this.#kept = [];
  }

  /** The spliced sequence of a coding transcript whose contig has a sequence. */
  of(transcript: number): Spliced {
    const known = this.#kept[transcript];
    if (known !== undefined) return known;
    const spliced = this.#read(transcript);
    this.#bytes += spliced.bases.length + spliced.protein.length;
    if (this.#bytes > BUDGET) {
      this.#kept = [];
      this.#bytes = spliced.bases.length + spliced.protein.length;
    }
    this.#kept[transcript] = spliced;
    return spliced;
  }

  #read(t: number): Spliced {
    const { exonFirst, exonStart, exonEnd, exonCdna, contig, strand, cdsCdnaStart, cdsCdnaEnd, phase, flags } =
      this.#transcripts;
    const forward = strand[t] === 1;
    const last = forward ? exonFirst[t + 1] - 1 : exonFirst[t];
    const length = exonCdna[last] + exonEnd[last] - exonStart[last];
    const cdna = new Uint8Array(length);
    for (let exon = exonFirst[t]; exon < exonFirst[t + 1]; exon++) {
      this.#sequence.read(contig[t], exonStart[exon], exonEnd[exon], cdna, exonCdna[exon]);
      if (!forward) reverseComplement(cdna, exonCdna[exon], exonCdna[exon] + exonEnd[exon] - exonStart[exon]);
    }
    const pad = (3 - phase[t]) % 3;
    const table = codonTable(this.#codonTables[contig[t]]);
    const slips = (flags[t] & TranscriptFlag.SLIPPAGE) !== 0 ? this.#slipsOf(t) : [];
    const parts = codingParts(cdsCdnaStart[t], cdsCdnaEnd[t], slips);
    const codingLength = pad + parts.reduce((sum, [from, to]) => sum + to - from, 0);
    const codingStart = cdsCdnaStart[t];
    const codingEnd = codingStart + codingLength;
    const bases = new Uint8Array(codingEnd + length - cdsCdnaEnd[t]);
    bases.set(cdna.subarray(0, codingStart));
    bases.fill(N, codingStart, codingStart + pad);
    let at = codingStart + pad;
    for (const [from, to] of parts) {
      bases.set(cdna.subarray(from, to), at);
      at += to - from;
    }
    bases.set(cdna.subarray(cdsCdnaEnd[t]), at);
    const protein = translateCoding(bases, codingStart, codingEnd, table);
    if ((flags[t] & TranscriptFlag.SELENOCYSTEINE) !== 0) this.#placeSelenocysteines(t, protein);
    const told: Spliced['told'] = {
      protein,
      table,
      head: bases.subarray(0, codingStart),
      tail: bases.subarray(codingEnd),
    };
    if (this.#manner === 'vep') {
      told.table = codonTable(1);
      told.protein = table.id === 1 ? protein.slice() : translateCoding(bases, codingStart, codingEnd, told.table);
      // A start codon is read like any other.
      if (protein.length > 0) told.protein[0] = translate(told.table, bases, codingStart);
      if (!forward && exonFirst[t + 1] - exonFirst[t] > 1) {
        const mirrored = this.#mirrored(t, length);
        told.head = mirrored.subarray(0, codingStart);
        told.tail = mirrored.subarray(cdsCdnaEnd[t]);
      }
    }
    return { bases, codingStart, codingEnd, protein, table, told };
  }

  /**
   * A transcript on the reverse strand as VEP reads its UTRs with `--gff`: the exons looked for at their places counted
   * from the other end of the transcript.
   */
  #mirrored(t: number, length: number): Uint8Array {
    const { exonFirst, exonStart, exonEnd, exonCdna, contig, start, end } = this.#transcripts;
    const cdna = new Uint8Array(length);
    for (let exon = exonFirst[t]; exon < exonFirst[t + 1]; exon++) {
      const from = start[t] + end[t] - exonEnd[exon];
      const to = start[t] + end[t] - exonStart[exon];
      this.#sequence.read(contig[t], from, to, cdna, exonCdna[exon]);
      reverseComplement(cdna, exonCdna[exon], exonCdna[exon] + to - from);
    }
    return cdna;
  }

  #slipsOf(t: number): (readonly [stop: number, resume: number])[] {
    const { transcript, stop, resume } = this.#transcripts.slippages;
    const found: (readonly [number, number])[] = [];
    for (let i = 0; i < transcript.length; i++) if (transcript[i] === t) found.push([stop[i], resume[i]]);
    return found;
  }

  #placeSelenocysteines(t: number, protein: Uint8Array): void {
    const { transcript, position } = this.#transcripts.selenocysteines;
    for (let i = 0; i < transcript.length; i++) {
      if (transcript[i] === t && protein[position[i] - 1] === STOP) protein[position[i] - 1] = SELENOCYSTEINE;
    }
  }
}

function codingParts(
  start: number,
  end: number,
  slips: readonly (readonly [stop: number, resume: number])[],
): (readonly [from: number, to: number])[] {
  const parts: (readonly [number, number])[] = [];
  let from = start;
  for (const [stop, resume] of slips) {
    parts.push([from, stop]);
    from = resume;
  }
  parts.push([from, end]);
  return parts;
}

/** The protein of a coding sequence: whole codons, without a terminal stop; a codon that starts translation is Met. */
function translateCoding(bases: Uint8Array, start: number, end: number, table: CodonTable): Uint8Array<ArrayBuffer> {
  const whole = Math.floor((end - start) / 3);
  const protein = new Uint8Array(whole);
  for (let i = 0; i < whole; i++) protein[i] = translate(table, bases, start + 3 * i);
  const isComplete = (end - start) % 3 === 0;
  const length = isComplete && whole > 0 && protein[whole - 1] === STOP ? whole - 1 : whole;
  if (length > 0 && protein[0] !== MET && protein[0] !== UNKNOWN && startsTranslation(bases, start, table))
    protein[0] = MET;
  return protein.subarray(0, length);
}

function startsTranslation(bases: Uint8Array, start: number, table: CodonTable): boolean {
  const index = (base: number) => (base === 84 ? 0 : base === 67 ? 1 : base === 65 ? 2 : base === 71 ? 3 : 4);
  return table.starts[25 * index(bases[start]) + 5 * index(bases[start + 1]) + index(bases[start + 2])] === 1;
}

/** Turns bases[from, to) round. */
export function reverseComplement(bases: Uint8Array, from: number, to: number): void {
  for (let left = from, right = to - 1; left <= right; left++, right--) {
    const base = complement(bases[left]);
    bases[left] = complement(bases[right]);
    bases[right] = base;
  }
}
