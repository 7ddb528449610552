/**
 * ANN, as "Variant annotations in VCF format" 1.0 lays it out (https://pcingola.github.io/SnpEff/adds/VCFannotationformat_v1.0.pdf)
 * and SnpEff writes it. Terms are those of the engine: what differs from SnpEff is in
 * docs/decisions/031-differences-from-snpeff.md.
 */
import type { Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { ColumnName } from '../engine/columns.ts';
import { hasFlag, TranscriptView } from '../consequence/transcript.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { AltPlaces, Blocks, numberAt, rankOf } from './blocks.ts';
import { plainByte } from './rows.ts';

/** The sixteen fields, in the specification's words. */
export const ANN_FIELDS = [
  'Allele',
  'Annotation',
  'Annotation_Impact',
  'Gene_Name',
  'Gene_ID',
  'Feature_Type',
  'Feature_ID',
  'Transcript_BioType',
  'Rank',
  'HGVS.c',
  'HGVS.p',
  'cDNA.pos / cDNA.length',
  'CDS.pos / CDS.length',
  'AA.pos / AA.length',
  'Distance',
  'ERRORS / WARNINGS / INFO',
];

/** What the engine is asked for. */
export const ANN_COLUMNS: readonly ColumnName[] = [
  'ALLELE_NUM',
  'Consequence',
  'IMPACT',
  'SYMBOL',
  'Gene',
  'Feature_type',
  'Feature',
  'BIOTYPE',
  'EXON',
  'INTRON',
  'HGVSc',
  'HGVSp',
  'cDNA_position',
  'CDS_position',
  'Protein_position',
  'DISTANCE',
  'FLAGS',
];

const PIPE = 124;
const COMMA = 44;
const COLON = 58;
const SLASH = 47;
const PERCENT = 37;
const UNDERSCORE = 95;
const WARNING = Buffer.from('WARNING_TRANSCRIPT_INCOMPLETE');

/** Columns of `ANN_COLUMNS` by name. */
const at = (name: ColumnName): number => ANN_COLUMNS.indexOf(name);
const [ALLELE, TERM, IMPACT, SYMBOL, GENE] = [
  at('ALLELE_NUM'),
  at('Consequence'),
  at('IMPACT'),
  at('SYMBOL'),
  at('Gene'),
];
const [TYPE, FEATURE, BIOTYPE, EXON, INTRON] = [
  at('Feature_type'),
  at('Feature'),
  at('BIOTYPE'),
  at('EXON'),
  at('INTRON'),
];
const [CODING, PROTEIN, DISTANCE, FLAGS] = [at('HGVSc'), at('HGVSp'), at('DISTANCE'), at('FLAGS')];
const POSITIONS = [at('cDNA_position'), at('CDS_position'), at('Protein_position')];

/** Writes ANN out of a CSQ of `ANN_COLUMNS`. */
export class AnnWriter {
  readonly #view: TranscriptView;
  readonly #blocks = new Blocks(ANN_COLUMNS.length);
  readonly #alts = new AltPlaces();
  readonly #order: number[] = [];
  readonly #severities: number[] = [];

  constructor(reference: Reference) {
    this.#view = new TranscriptView(reference.transcripts);
  }

  /**
   * Appends the value of ANN: "sorted by importance", the most severe annotation of the record first.
   * @param csq the CSQ, whose block i is about transcripts[i]
   */
  write(record: VcfRecord, csq: Uint8Array, length: number, transcripts: readonly number[], out: ByteBuffer): void {
    const blocks = this.#blocks;
    blocks.read(csq, 0, length);
    this.#alts.read(record.bytes, record.ends[3] + 1, record.ends[4]);
    const order = this.#order;
    const severities = this.#severities;
    order.length = blocks.count;
    for (let block = 0; block < blocks.count; block++) {
      const cell = block * blocks.columns + TERM;
      const severity = rankOf(csq, blocks.starts[cell], blocks.ends[cell]);
      severities[block] = severity;
      // Few, and mostly in order: each moves before those that are less severe.
      let place = block;
      for (; place > 0 && severities[order[place - 1]] > severity; place--) order[place] = order[place - 1];
      order[place] = block;
    }
    for (let i = 0; i < order.length; i++) {
      if (i > 0) out.byte(COMMA);
      this.#block(record, csq, order[i], transcripts[order[i]] ?? -1, out);
    }
  }

  #block(record: VcfRecord, csq: Uint8Array, block: number, transcript: number, out: ByteBuffer): void {
    const { starts, ends, columns } = this.#blocks;
    const first = block * columns;
    const alt = numberAt(csq, starts[first + ALLELE], ends[first + ALLELE]) - 1;
    if (alt < this.#alts.count) writePlain(record.bytes, this.#alts.starts[alt], this.#alts.ends[alt], out);
    for (const column of [TERM, IMPACT]) {
      out.byte(PIPE);
      out.append(csq, starts[first + column], ends[first + column]);
    }
    for (const column of [SYMBOL, GENE, TYPE, FEATURE, BIOTYPE]) {
      out.byte(PIPE);
      const from = out.length;
      writePlain(csq, starts[first + column], ends[first + column], out);
      if (column === TYPE && out.length > from) out.bytes[from] |= 0x20;
    }
    out.byte(PIPE);
    const rank = first + (starts[first + EXON] < ends[first + EXON] ? EXON : INTRON);
    out.append(csq, starts[rank], ends[rank]);
    for (const column of [CODING, PROTEIN]) {
      out.byte(PIPE);
      // The change without the name of the transcript or protein before it.
      const end = ends[first + column];
      let from = starts[first + column];
      while (from < end && csq[from] !== COLON) from++;
      out.append(csq, from < end ? from + 1 : starts[first + column], end);
    }
    const lengths = this.#lengths(transcript);
    for (let i = 0; i < POSITIONS.length; i++) {
      out.byte(PIPE);
      const cell = first + POSITIONS[i];
      writePosition(csq, starts[cell], ends[cell], [lengths.cdna, lengths.cds, lengths.protein][i], out);
    }
    out.byte(PIPE);
    out.append(csq, starts[first + DISTANCE], ends[first + DISTANCE]);
    out.byte(PIPE);
    if (starts[first + FLAGS] < ends[first + FLAGS]) out.append(WARNING);
  }

  /** Lengths of the transcript, its coding sequence with its stop, and its protein; 0 where they are not known. */
  #lengths(transcript: number): { cdna: number; cds: number; protein: number } {
    const view = this.#view;
    if (transcript < 0) return { cdna: 0, cds: 0, protein: 0 };
    view.load(transcript);
    if (hasFlag(view.flags, 'EXTENT_ONLY')) return { cdna: 0, cds: 0, protein: 0 };
    const cds = view.isCoding ? view.codingPosition(view.cdsCdnaEnd) + view.pad : 0;
    const codons = Math.floor(cds / 3);
    return { cdna: view.splicedLength, cds, protein: hasFlag(view.flags, 'CDS_END_NF') ? codons : codons - 1 };
  }
}

/** The first number of a position, with the length of what it lies in where that is known. */
function writePosition(bytes: Uint8Array, start: number, end: number, length: number, out: ByteBuffer): void {
  while (start < end && !isDigit(bytes[start])) start++;
  if (start === end) return;
  let to = start;
  while (to < end && isDigit(bytes[to])) to++;
  out.append(bytes, start, to);
  if (length <= 0) return;
  out.byte(SLASH);
  out.integer(length);
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** 1 for "spaces, commas, pipes, parentheses or equals signs", which fields must not have, and semicolons. */
const forbidden = new Uint8Array(256);
for (const character of ' \t\n\r\v\f,|()=;') forbidden[character.charCodeAt(0)] = 1;

/** A value, percent-encoding undone, with underscores for what must not be there. */
function writePlain(bytes: Uint8Array, start: number, end: number, out: ByteBuffer): void {
  let at = start;
  while (at < end && bytes[at] !== PERCENT && forbidden[bytes[at]] === 0) at++;
  out.append(bytes, start, at);
  for (; at < end; at++) {
    let byte = bytes[at];
    const plain = byte === PERCENT && at + 2 < end ? plainByte(bytes[at + 1], bytes[at + 2]) : -1;
    if (plain >= 0) {
      byte = plain;
      at += 2;
    }
    out.byte(forbidden[byte] === 1 ? UNDERSCORE : byte);
  }
}
