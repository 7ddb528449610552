/**
 * Lays transcripts out for the kernel (`assembly/transcript-words.ts`), one by one as it comes near to them, with the pieces of
 * their blocks and their coding bases when they are asked for. Everything is forgotten at once when memory is full.
 */
import type { Reference } from '../bundle/reference.ts';
import { NO_GENE } from '../bundle/reference.ts';
import { indexIn } from '../bundle/string-pool.ts';
import { keepsTranscript, type TranscriptChoice } from '../engine/choice.ts';
import type { PreparedRow } from '../engine/prepared-row.ts';
import { reverseComplement } from '../consequence/spliced.ts';
import { Bit, HighBit } from '../consequence/terms.ts';
import { isFrameshiftIntron } from '../consequence/transcript.ts';
import { codonTable, STOP, translate } from '../genome/codons.ts';
import { TranscriptFlag } from '../models/gene-models.ts';
import type { Arena } from './arena.ts';
import * as words from './assembly/transcript-words.ts';

/** A block whose pieces are longer is left to the host: room for blocks is reckoned with less. */
const PIECES_MAX = 2048;

const N = 78;

/** What makes changes inside a transcript a matter for the host. */
const ODD =
  TranscriptFlag.SLIPPAGE | TranscriptFlag.SELENOCYSTEINE | TranscriptFlag.MATURE_MIRNA | TranscriptFlag.EXONS_OVERLAP;

/** In the table of addresses: a transcript that nothing is told of. */
const NOT_KEPT = -1;

export class KernelTranscripts {
  readonly #proteinCoding: number;
  readonly #unknown: number;
  /** Addresses of amino acids by codon, by the number of the code. */
  readonly #tables = new Map<number, number>();
  /** The contig's transcripts: the first one's number, and where the table of their addresses lies. */
  #first = 0;
  #table = 0;
  #contig = -1;

  constructor(
    private readonly reference: Reference,
    private readonly choice: TranscriptChoice,
    private readonly distance: number,
    private readonly rows: readonly PreparedRow[],
    private readonly arena: Arena,
  ) {
    this.#proteinCoding = indexIn(reference.transcripts.words, 'protein_coding');
    this.#unknown = indexIn(reference.transcripts.words, '');
  }

  /** Begins a contig with empty memory: where starts, ends and reach of its transcripts lie; null without room. */
  open(contig: number): { count: number; first: number; starts: number; ends: number; reach: number } | null {
    const { arena } = this;
    const { firstOfContig, start, end, reach } = this.reference.transcripts;
    const first = firstOfContig[contig];
    const last = firstOfContig[contig + 1];
    const count = last - first;
    this.#tables.clear();
    this.#contig = contig;
    this.#first = first;
    this.#table = arena.room(count * 4);
    const starts = arena.keepWords(start.subarray(first, last));
    const ends = arena.keepWords(end.subarray(first, last));
    const reaches = arena.keepWords(reach.subarray(first, last));
    if (this.#table < 0 || starts < 0 || ends < 0 || reaches < 0) return null;
    arena.words.fill(0, this.#table >> 2, (this.#table >> 2) + count);
    return { count, first, starts, ends, reach: reaches };
  }

  /** The address of a transcript; 0 when nothing is told of it, -1 without room. */
  addressOf(transcript: number): number {
    const slot = (this.#table >> 2) + transcript - this.#first;
    const known = this.arena.words[slot];
    if (known !== 0) return known === NOT_KEPT ? 0 : known;
    const isLeftOut = (this.reference.transcripts.flags[transcript] & TranscriptFlag.NO_EXON_LINES) !== 0;
    const isKept = !isLeftOut && keepsTranscript(this.reference, transcript, this.choice);
    const at = isKept ? this.#layOut(transcript) : NOT_KEPT;
    if (at < 0 && isKept) return -1;
    this.arena.words[slot] = at;
    return isKept ? at : 0;
  }

  /** The pieces of a transcript's block at a place; -1 when there is no room, or they are long. */
  pieces(transcript: number, place: number): number {
    const { arena } = this;
    const { bytes, ends } = this.rows[place].of(transcript);
    if (bytes.length > PIECES_MAX) return -1;
    const at = arena.room(ends.length * 4 + bytes.length);
    if (at < 0) return -1;
    arena.words.set(ends, at >> 2);
    arena.bytes.set(bytes, at + ends.length * 4);
    return at;
  }

  /** Puts the coding bases behind a transcript; false without room. */
  readCoding(at: number): boolean {
    const { arena, reference } = this;
    const { cdsCdnaStart, cdsCdnaEnd, phase, strand } = reference.transcripts;
    const t = arena.word(at + words.INDEX);
    const pad = (3 - phase[t]) % 3;
    const length = pad + cdsCdnaEnd[t] - cdsCdnaStart[t];
    const coding = arena.room(length);
    const aminoAcids = this.#aminoAcids(reference.contigs.codonTables[this.#contig]);
    if (coding < 0 || aminoAcids < 0) return false;
    const forward = strand[t] === 1;
    arena.bytes.fill(N, coding, coding + pad);
    this.#readParts(t, forward ? coding + pad : coding, forward ? coding + length : coding + length - pad);
    if (!forward) {
      reverseComplement(arena.bytes, coding, coding + length - pad);
      arena.bytes.copyWithin(coding + pad, coding, coding + length - pad);
      arena.bytes.fill(N, coding, coding + pad);
    }
    const set = (offset: number, value: number): void => arena.setWord(at + offset, value);
    set(words.CODING, coding);
    set(words.CODING_LENGTH, length);
    set(words.RESIDUES, residuesOf(arena.bytes, coding, length));
    set(words.TABLE, aminoAcids);
    return true;
  }

  /** Copies the coding bases on the genome, exon by exon, to bytes[to, end). */
  #readParts(t: number, to: number, end: number): void {
    const { arena, reference } = this;
    const { exonFirst, exonStart, exonEnd, cdsStart, cdsEnd } = reference.transcripts;
    for (let exon = exonFirst[t]; exon < exonFirst[t + 1]; exon++) {
      const from = Math.max(exonStart[exon], cdsStart[t]);
      const behind = Math.min(exonEnd[exon], cdsEnd[t]);
      if (from >= behind) continue;
      reference.sequence.read(this.#contig, from, behind, arena.bytes, to);
      to += behind - from;
    }
    if (to !== end) throw new Error(`the coding parts of transcript ${t} are not as long as they are said to be`);
  }

  /** Where the amino acids of a genetic code lie; -1 without room. */
  #aminoAcids(code: number): number {
    let at = this.#tables.get(code) ?? -1;
    if (at < 0) at = this.arena.keep(byKernelCode(codonTable(code).aminoAcids));
    if (at >= 0) this.#tables.set(code, at);
    return at;
  }

  #layOut(t: number): number {
    const { arena, reference } = this;
    const { transcripts } = reference;
    const { exonFirst, hgvsNames, hgvsProteinNames: own, gene } = transcripts;
    const first = exonFirst[t];
    const exons = exonFirst[t + 1] - first;
    const at = arena.room(words.WORDS + exons * 12);
    const protein = own.offsets[t] === own.offsets[t + 1] ? hgvsNames : own;
    const texts = [transcripts.ids, hgvsNames, protein].map(({ bytes, offsets }) =>
      arena.keep(bytes.subarray(offsets[t], offsets[t + 1])),
    );
    if (at < 0 || texts.some((text) => text < 0)) return -1;
    const [id, name, proteinName] = texts;
    const lengthOf = ({ offsets }: { offsets: Uint32Array }): number => offsets[t + 1] - offsets[t];
    const forward = transcripts.strand[t] === 1;
    const flags = transcripts.flags[t];
    const last = forward ? exonFirst[t + 1] - 1 : first;
    const isUnknown = transcripts.biotype[t] === this.#unknown;
    const isProteinCoding = transcripts.biotype[t] === this.#proteinCoding;
    const set = (offset: number, value: number): void => arena.setWord(at + offset, value);
    set(words.INDEX, t);
    set(words.START, transcripts.start[t]);
    set(words.END, transcripts.end[t]);
    set(words.FORWARD, forward ? 1 : 0);
    set(words.FLAGS, this.#flagsOf(t));
    set(words.EXONS, exons);
    set(words.CDS_START, transcripts.cdsStart[t]);
    set(words.CDS_END, transcripts.cdsEnd[t]);
    set(words.CDNA_START, transcripts.cdsCdnaStart[t]);
    set(words.CDNA_END, transcripts.cdsCdnaEnd[t]);
    set(words.PAD, (3 - transcripts.phase[t]) % 3);
    set(words.SPLICED, transcripts.exonCdna[last] + transcripts.exonEnd[last] - transcripts.exonStart[last]);
    set(words.GENE, gene[t] === NO_GENE ? -1 : gene[t]);
    set(words.EXTENT_LOW, isUnknown ? 0 : isProteinCoding ? Bit.CODING_TRANSCRIPT : Bit.NON_CODING_TRANSCRIPT);
    set(words.EXTENT_HIGH, isUnknown ? HighBit.SEQUENCE : 0);
    set(words.NAME, name);
    set(words.NAME_LENGTH, lengthOf(hgvsNames));
    set(words.PROTEIN_NAME, proteinName);
    set(words.PROTEIN_NAME_LENGTH, lengthOf(protein));
    set(words.CODING, 0);
    set(words.LAST_EXON, 0);
    set(words.DISTANCE, (flags & TranscriptFlag.STRAND_UNKNOWN) === 0 ? this.distance : 0);
    for (let place = 0; place < 3; place++) set(words.PIECES + 4 * place, 0);
    set(words.ID, id);
    set(words.ID_LENGTH, lengthOf(transcripts.ids));
    let into = (at + words.WORDS) >> 2;
    for (const numbers of [transcripts.exonStart, transcripts.exonEnd, transcripts.exonCdna]) {
      for (let exon = first; exon < first + exons; exon++) arena.words[into++] = numbers[exon];
    }
    return at;
  }

  #flagsOf(t: number): number {
    const { transcripts, sequence } = this.reference;
    const { flags, cdsCdnaStart, biotype, exonFirst, exonStart, exonEnd } = transcripts;
    const has = (flag: number): boolean => (flags[t] & flag) !== 0;
    const isAwkward = has(ODD);
    let isStretched = false;
    for (let exon = exonFirst[t]; exon + 1 < exonFirst[t + 1]; exon++) {
      if (isFrameshiftIntron(exonEnd[exon], exonStart[exon + 1])) isStretched = true;
    }
    return (
      (cdsCdnaStart[t] >= 0 ? words.IS_CODING : 0) |
      (has(TranscriptFlag.EXTENT_ONLY) ? words.EXTENT_ONLY : 0) |
      (biotype[t] === this.#proteinCoding ? words.PROTEIN_CODING : 0) |
      (has(TranscriptFlag.NMD) ? words.NMD : 0) |
      (isAwkward ? words.AWKWARD : 0) |
      (isStretched ? words.STRETCHED : 0) |
      (has(TranscriptFlag.NO_FRAME) || !sequence.has(this.#contig) ? words.NO_CODONS : 0)
    );
  }
}

/**
 * Residues of the protein that is told of: whole codons, less a stop at the end of a whole sequence. VEP reads it by the
 * standard code (`Spliced.told`).
 */
function residuesOf(bases: Uint8Array, coding: number, length: number): number {
  const whole = Math.floor(length / 3);
  const endsInStop = length % 3 === 0 && whole > 0 && translate(codonTable(1), bases, coding + length - 3) === STOP;
  return endsInStop ? whole - 1 : whole;
}

/** Codon tables have bases in the order T, C, A, G, N; the kernel reads A, C, T, G, N off the letters' bits. */
function byKernelCode(aminoAcids: Uint8Array): Uint8Array {
  const order = [2, 1, 0, 3, 4];
  return Uint8Array.from(
    { length: 125 },
    (_, i) => aminoAcids[25 * order[Math.floor(i / 25)] + 5 * order[Math.floor(i / 5) % 5] + order[i % 5]],
  );
}
