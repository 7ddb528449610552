/**
 * A table of tab-separated values: a row for each allele and transcript in reach, one row at least for each record.
 * An empty value is `.`, as in a VCF. Values are as they were before a VCF percent-encoded them, with `\t`, `\n`, `\r`
 * and `\\` written for a tab, a newline, a carriage return and a backslash; a row that would begin with `#` begins with
 * `\#`. A line of the input that is no record becomes a comment that begins with `# not a record: `. Bytes are copied
 * from what the annotation added; no string is made.
 */
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { InfoField } from '../vcf/header-writer.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { AddedValues, AltPlaces, Blocks, numberAt } from './blocks.ts';
import type { FormColumns } from './form.ts';
import type { RecordLines } from './record-lines.ts';
import { plainByte } from './rows.ts';

/** What the header says of how values are written. */
const ESCAPING = 'a row for each allele and transcript; . is no value; \\t \\n \\r \\\\ stand for those characters';

/** The lines before the rows, ended by newlines. */
export function tableHeader(columns: readonly string[], provenance: readonly string[]): string {
  const lines = [...provenance.map((line) => `##anntools${line}`), `##${ESCAPING}`, `#${columns.join('\t')}`];
  return lines.map((line) => `${line}\n`).join('');
}

/** Columns of the record by their place in a VCF line. */
const PLACES: Readonly<Record<string, number>> = { CHROM: 0, POS: 1, ID: 2, REF: 3, QUAL: 5, FILTER: 6 };

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const HASH = 35;
const PERCENT = 37;
const COMMA = 44;
const DOT = 46;
const BACKSLASH = 92;
/** Letters that stand for characters behind a backslash. */
const ESCAPES = new Map([
  [TAB, 116],
  [NEWLINE, 110],
  [RETURN, 114],
  [BACKSLASH, BACKSLASH],
]);

/** Where a cell comes from. */
type Source =
  | { kind: 'record'; place: number }
  | { kind: 'alt' }
  | { kind: 'engine'; column: number }
  | { kind: 'info'; field: number; byAllele: boolean };

export class Table implements RecordLines {
  readonly #sources: readonly Source[];
  readonly #alleleNumber: number;
  readonly #blocks: Blocks;
  readonly #values: AddedValues;
  readonly #alts = new AltPlaces();
  /** For each ALT, whether it has a row. */
  #told = new Uint8Array(64);

  constructor({ engine, table }: FormColumns, added: readonly InfoField[]) {
    this.#blocks = new Blocks(engine.length);
    this.#alleleNumber = engine.indexOf('ALLELE_NUM');
    const byAllele = new Set(added.filter(({ number }) => number === 'A').map(({ id }) => id));
    const ids = ['CSQ'];
    this.#sources = table.map((name): Source => {
      const place = PLACES[name];
      if (place !== undefined) return { kind: 'record', place };
      if (name === 'ALT') return { kind: 'alt' };
      const column = engine.indexOf(name);
      if (column >= 0) return { kind: 'engine', column };
      return { kind: 'info', field: ids.push(name) - 1, byAllele: byAllele.has(name) };
    });
    this.#values = new AddedValues(ids);
  }

  write(record: VcfRecord, added: Uint8Array, start: number, end: number, out: ByteBuffer): void {
    const alts = this.#alts;
    const blocks = this.#blocks;
    const values = this.#values;
    alts.read(record.bytes, record.ends[3] + 1, record.ends[4]);
    values.read(added, start, end);
    blocks.read(added, values.starts[0], values.starts[0] < 0 ? -1 : values.ends[0]);
    if (this.#told.length < alts.count) this.#told = new Uint8Array(2 * alts.count);
    this.#told.fill(0, 0, alts.count);
    let rows = 0;
    for (let block = 0; block < blocks.count; block++) {
      const cell = block * blocks.columns + this.#alleleNumber;
      const number = numberAt(added, blocks.starts[cell], blocks.ends[cell]);
      this.#told[number - 1] = 1;
      if (rows++ > 0) out.byte(NEWLINE);
      this.#row(record, number, block, added, out);
    }
    // What has no consequence (an unknown contig, `<NON_REF>`) still has its row.
    for (let i = 0; i < alts.count; i++) {
      if (this.#told[i] !== 0) continue;
      if (rows++ > 0) out.byte(NEWLINE);
      this.#row(record, i + 1, -1, added, out);
    }
  }

  /** The row of an ALT, one-based, and a block; -1 without one. */
  #row(record: VcfRecord, number: number, block: number, added: Uint8Array, out: ByteBuffer): void {
    const first = out.length;
    for (let i = 0; i < this.#sources.length; i++) {
      if (i > 0) out.byte(TAB);
      this.#cell(this.#sources[i], record, number, block, added, out);
    }
    if (out.bytes[first] !== HASH) return;
    out.byte(0);
    out.bytes.copyWithin(first + 1, first, out.length - 1);
    out.bytes[first] = BACKSLASH;
  }

  #cell(source: Source, record: VcfRecord, number: number, block: number, added: Uint8Array, out: ByteBuffer): void {
    switch (source.kind) {
      case 'record':
        writeCell(record.bytes, record.startOf(source.place), record.ends[source.place], false, out);
        return;
      case 'alt':
        if (number > this.#alts.count) out.byte(DOT);
        else writeCell(record.bytes, this.#alts.starts[number - 1], this.#alts.ends[number - 1], false, out);
        return;
      case 'engine': {
        const cell = block * this.#blocks.columns + source.column;
        if (block < 0) out.byte(DOT);
        else if (this.#blocks.hasOdd) writeCell(added, this.#blocks.starts[cell], this.#blocks.ends[cell], true, out);
        else if (this.#blocks.starts[cell] === this.#blocks.ends[cell]) out.byte(DOT);
        else out.append(added, this.#blocks.starts[cell], this.#blocks.ends[cell]);
        return;
      }
      case 'info':
        this.#info(source.field, source.byAllele ? number : 0, added, out);
    }
  }

  /** The value of an added field; that of an ALT where it has one for each. */
  #info(field: number, number: number, added: Uint8Array, out: ByteBuffer): void {
    let start = this.#values.starts[field];
    let end = this.#values.ends[field];
    if (start < 0) {
      out.byte(DOT);
      return;
    }
    if (number > 0) {
      const last = end;
      for (let skip = number - 1; skip > 0 && start <= last; start++)
        if (start === last || added[start] === COMMA) skip--;
      for (end = Math.min(start, last); end < last && added[end] !== COMMA;) end++;
    }
    writeCell(added, start, Math.max(start, end), true, out);
  }

  unreadable(line: string, out: ByteBuffer): void {
    out.ascii('# not a record: ');
    const bytes = Buffer.from(line, 'latin1');
    if (bytes.length > 0) writeCell(bytes, 0, bytes.length, false, out);
  }
}

/** A value, escaped; percent-encoding undone where it has some. */
function writeCell(bytes: Uint8Array, start: number, end: number, isEncoded: boolean, out: ByteBuffer): void {
  if (end <= start) {
    out.byte(DOT);
    return;
  }
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === PERCENT ? isEncoded : byte === BACKSLASH || byte < 32) {
      writeOdd(bytes, start, end, isEncoded, out);
      return;
    }
  }
  out.append(bytes, start, end);
}

function writeOdd(bytes: Uint8Array, start: number, end: number, isEncoded: boolean, out: ByteBuffer): void {
  for (let at = start; at < end; at++) {
    let byte = bytes[at];
    const plain = isEncoded && byte === PERCENT && at + 2 < end ? plainByte(bytes[at + 1], bytes[at + 2]) : -1;
    if (plain >= 0) {
      byte = plain;
      at += 2;
    }
    const letter = ESCAPES.get(byte);
    if (letter !== undefined) out.byte(BACKSLASH);
    out.byte(letter ?? byte);
  }
}
