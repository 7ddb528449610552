/**
 * The objects of JSON lines that tell of an allele on a transcript, written as bytes: they are most of such a file. Keys
 * are those of Ensembl VEP's `--json`.
 */
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { Blocks } from './blocks.ts';
import type { FormColumns } from './form.ts';
import { decoded, plainByte } from './rows.ts';

/** Columns that become a text under VEP's key. */
const TEXTS: readonly (readonly [column: string, key: string])[] = [
  ['Allele', 'variant_allele'],
  ['IMPACT', 'impact'],
  ['SYMBOL', 'gene_symbol'],
  ['SYMBOL_SOURCE', 'gene_symbol_source'],
  ['Gene', 'gene_id'],
  ['HGNC_ID', 'hgnc_id'],
  ['Feature', 'transcript_id'],
  ['BIOTYPE', 'biotype'],
  ['EXON', 'exon'],
  ['INTRON', 'intron'],
  ['HGVSc', 'hgvsc'],
  ['HGVSp', 'hgvsp'],
  ['Amino_acids', 'amino_acids'],
  ['Codons', 'codons'],
  ['ENSP', 'protein_id'],
  ['MANE_SELECT', 'mane_select'],
  ['MANE_PLUS_CLINICAL', 'mane_plus_clinical'],
  ['VARIANT_CLASS', 'variant_class'],
];
const NUMBERS: readonly (readonly [column: string, key: string])[] = [
  ['ALLELE_NUM', 'allele_num'],
  ['STRAND', 'strand'],
  ['DISTANCE', 'distance'],
  ['HGVS_OFFSET', 'hgvs_offset'],
];
/** Columns of positions, `12-14`, which become `cdna_start` and `cdna_end`. */
const RANGES: readonly (readonly [column: string, key: string])[] = [
  ['cDNA_position', 'cdna'],
  ['CDS_position', 'cds'],
  ['Protein_position', 'protein'],
];

const QUOTE = 34;
const PERCENT = 37;
const AMPERSAND = 38;
const DASH = 45;
const QUESTION = 63;
const BACKSLASH = 92;

/** A column and what stands before its value. */
interface Member {
  column: number;
  before: Uint8Array;
}

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const OPEN_TERMS = ascii('{"consequence_terms":["');
const BETWEEN = ascii('","');
const CLOSE_LIST = ascii('"]');
const FLAGS_KEY = ascii(',"flags":["');
const CANONICAL_MEMBER = ascii(',"canonical":1');
const GENES_KEY = ascii(',"gene_annotations":');

export class ConsequenceObjects {
  readonly #texts: readonly Member[];
  readonly #numbers: readonly Member[];
  readonly #ranges: readonly { column: number; start: Uint8Array; end: Uint8Array }[];
  readonly #genes: readonly { column: number; id: string; isNumber: boolean }[];
  readonly #terms: number;
  readonly #canonical: number;
  readonly #flags: number;

  constructor({ engine, genes }: FormColumns) {
    const at = (name: string): number => engine.indexOf(name);
    const there = <Each extends { column: number }>(members: Each[]): Each[] =>
      members.filter(({ column }) => column >= 0);
    this.#texts = there(TEXTS.map(([name, key]) => ({ column: at(name), before: ascii(`,"${key}":"`) })));
    this.#numbers = there(NUMBERS.map(([name, key]) => ({ column: at(name), before: ascii(`,"${key}":`) })));
    this.#ranges = there(
      RANGES.map(([name, key]) => ({
        column: at(name),
        start: ascii(`,"${key}_start":`),
        end: ascii(`,"${key}_end":`),
      })),
    );
    this.#genes = there(genes.map(({ id, isNumber }) => ({ column: at(id), id, isNumber })));
    this.#terms = at('Consequence');
    this.#canonical = at('CANONICAL');
    this.#flags = at('FLAGS');
  }

  /** Appends the object of a block. */
  write(bytes: Uint8Array, { starts, ends, columns }: Blocks, block: number, out: ByteBuffer): void {
    const first = block * columns;
    out.append(OPEN_TERMS);
    writeList(bytes, starts[first + this.#terms], ends[first + this.#terms], out);
    for (const { column, before } of this.#texts) {
      const cell = first + column;
      if (starts[cell] === ends[cell]) continue;
      out.append(before);
      writeText(bytes, starts[cell], ends[cell], out);
      out.byte(QUOTE);
    }
    for (const { column, before } of this.#numbers) {
      const cell = first + column;
      if (starts[cell] === ends[cell]) continue;
      out.append(before);
      out.append(bytes, starts[cell], ends[cell]);
    }
    for (const range of this.#ranges)
      writeRange(bytes, starts[first + range.column], ends[first + range.column], range, out);
    if (this.#canonical >= 0 && starts[first + this.#canonical] < ends[first + this.#canonical])
      out.append(CANONICAL_MEMBER);
    if (this.#flags >= 0 && starts[first + this.#flags] < ends[first + this.#flags]) {
      out.append(FLAGS_KEY);
      writeList(bytes, starts[first + this.#flags], ends[first + this.#flags], out);
    }
    this.#writeGenes(bytes, starts, ends, first, out);
    out.byte(125);
  }

  #writeGenes(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, first: number, out: ByteBuffer): void {
    const told: [string, string | number][] = [];
    for (const { column, id, isNumber } of this.#genes) {
      const cell = first + column;
      if (starts[cell] === ends[cell]) continue;
      const value = Buffer.prototype.latin1Slice.call(bytes, starts[cell], ends[cell]);
      told.push([id, isNumber ? Number(value) : decoded(value)]);
    }
    if (told.length === 0) return;
    out.append(GENES_KEY);
    out.ascii(jsonText(Object.fromEntries(told)));
  }
}

/** What `&` joins, with the end of the list. */
function writeList(bytes: Uint8Array, start: number, end: number, out: ByteBuffer): void {
  for (let at = start; at < end; at++) {
    let to = at;
    while (to < end && bytes[to] !== AMPERSAND) to++;
    if (at > start) out.append(BETWEEN);
    out.append(bytes, at, to);
    at = to;
  }
  out.append(CLOSE_LIST);
}

/** `12`, `12-14`, `?-14`: a question mark is no number. */
function writeRange(
  bytes: Uint8Array,
  start: number,
  end: number,
  keys: { start: Uint8Array; end: Uint8Array },
  out: ByteBuffer,
): void {
  if (start === end) return;
  let dash = start;
  while (dash < end && bytes[dash] !== DASH) dash++;
  const from = dash < end ? dash + 1 : start;
  if (bytes[start] !== QUESTION) {
    out.append(keys.start);
    out.append(bytes, start, dash);
  }
  if (bytes[from] === QUESTION) return;
  out.append(keys.end);
  out.append(bytes, from, end);
}

/** A text without its quotes, percent-encoding undone. */
function writeText(bytes: Uint8Array, start: number, end: number, out: ByteBuffer): void {
  let at = start;
  while (at < end && isPlain(bytes[at])) at++;
  if (at === end) out.append(bytes, start, end);
  else if (bytes.subarray(at, end).every((byte) => byte < 128)) writeDecoded(bytes, start, end, out);
  else {
    const text = jsonText(decoded(Buffer.prototype.latin1Slice.call(bytes, start, end)));
    out.ascii(text.slice(1, -1));
  }
}

/** An ASCII text in which there is something to decode or to escape. */
function writeDecoded(bytes: Uint8Array, start: number, end: number, out: ByteBuffer): void {
  for (let at = start; at < end; at++) {
    let byte = bytes[at];
    const plain = byte === PERCENT && at + 2 < end ? plainByte(bytes[at + 1], bytes[at + 2]) : -1;
    if (plain >= 0) {
      byte = plain;
      at += 2;
    }
    if (byte < 32) out.ascii(JSON.stringify(String.fromCharCode(byte)).slice(1, -1));
    else {
      if (byte === QUOTE || byte === BACKSLASH) out.byte(BACKSLASH);
      out.byte(byte);
    }
  }
}

function isPlain(byte: number): boolean {
  return byte >= 32 && byte < 128 && byte !== QUOTE && byte !== BACKSLASH && byte !== PERCENT;
}

/** As JSON in ASCII: text of the file is latin1 characters that are bytes, most likely of UTF-8. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (!BEYOND_ASCII.test(text)) return text;
  const unicode = Buffer.from(text, 'latin1').toString('utf8');
  return unicode.replace(EACH_BEYOND_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const BEYOND_ASCII = /[\u0080-\uffff]/;
const EACH_BEYOND_ASCII = /[\u0080-\uffff]/g;
