/**
 * A record as the rows an expression is asked of: one for each ALT and each entry of the consequence field for it.
 * Nothing is taken out of the line before a test asks for it.
 */
import { infoKey, infoValue, infoValueEnd } from '../vcf/info.ts';
import type { VcfRecord } from '../vcf/record.ts';
import type { Fields, Source } from './fields.ts';

const COMMA = 44;
const BAR = 124;
const SEMICOLON = 59;

/** Entries of the consequence field that are looked at; no record has as many. */
const ENTRIES_MAX = 1 << 16;

const NONE: readonly string[] = [];

export class Rows {
  /** How many rows the record has; at least one. */
  count = 1;
  /** The row at hand. */
  row = 0;
  private record: VcfRecord | undefined;
  /** ALTs of the record; empty when there are none. */
  private alts: string[] = [];
  /** ALT of each row; -1 when it is not known which. */
  private readonly rowAlts: number[] = [];
  /** Entry of the consequence field of each row; -1 where there is none. */
  private readonly rowEntries: number[] = [];
  /** Columns that are asked for, of each entry: start and end offsets. */
  private readonly ends: number[] = [];
  private readonly infoKeys: readonly Uint8Array[];
  private readonly infoTexts: (readonly string[] | undefined)[];
  private readonly csqKey: Uint8Array;
  /** Columns of the consequence field to be kept, by column; -1 for the others. */
  private readonly slotOf: Int32Array;
  private readonly slots: number;
  private allelesAt = -1;
  private numbersAt = -1;
  private samples: string[] | undefined;

  constructor(private readonly fields: Fields) {
    const { columns = [], id = 'CSQ' } = fields.consequenceField ?? {};
    this.infoKeys = fields.info.map(infoKey);
    this.infoTexts = fields.info.map(() => undefined);
    this.csqKey = infoKey(id);
    const wanted = [...fields.csq];
    if (fields.csq.length > 0) {
      // Which ALT an entry is of.
      this.allelesAt = place(wanted, columns.indexOf('Allele'));
      this.numbersAt = place(wanted, columns.indexOf('ALLELE_NUM'));
    }
    this.slots = wanted.length;
    this.slotOf = new Int32Array(columns.length).fill(-1);
    wanted.forEach((column, slot) => (this.slotOf[column] = slot));
  }

  /** Turns to another record. */
  open(record: VcfRecord): void {
    this.record = record;
    this.row = 0;
    this.infoTexts.fill(undefined);
    this.samples = undefined;
    this.rowAlts.length = 0;
    this.rowEntries.length = 0;
    const { fields } = this;
    const byEntry = fields.csq.length > 0;
    if (!byEntry && !fields.byAllele) {
      this.count = 1;
      return;
    }
    const alt = record.text(4);
    this.alts = alt === '.' || alt === '' ? [] : alt.split(',');
    if (byEntry) this.readEntries(record);
    const told = new Set(this.rowAlts);
    for (let i = 0; i < Math.max(this.alts.length, 1); i++) {
      if (told.has(i) || told.has(-1)) continue;
      this.rowAlts.push(i);
      this.rowEntries.push(-1);
    }
    this.count = this.rowAlts.length;
  }

  /** The values of a field in the row at hand; without those that are missing. */
  values(source: Source): readonly string[] {
    switch (source.kind) {
      case 'column':
        return this.column(source);
      case 'info':
        return this.ofAllele(source, this.info(source.slot));
      case 'csq':
        return this.entryColumn(source.slot);
      case 'format':
        return this.format(source);
    }
  }

  /** Whether INFO has the key of a Flag. */
  hasFlag(source: Source): boolean {
    const { record } = this;
    if (!record) return false;
    const { bytes, ends } = record;
    const key = this.infoKeys[source.slot];
    for (let at = ends[6] + 1; at < ends[7];) {
      const end = infoValueEnd(bytes, at, ends[7]);
      const after = at + key.length;
      if (after <= end && (after === end || bytes[after] === 61) && key.every((byte, i) => bytes[at + i] === byte))
        return true;
      at = end + 1;
    }
    return false;
  }

  private column({ slot, perAllele }: Source): readonly string[] {
    const { record } = this;
    if (!record) return NONE;
    if (perAllele === 'A') return this.ofAllele({ perAllele }, this.alts);
    const text = record.text(slot);
    if (text === '.' || text === '') return NONE;
    return slot === 2 || slot === 6 ? text.split(';') : [text];
  }

  private info(slot: number): readonly string[] {
    const known = this.infoTexts[slot];
    if (known) return known;
    const { record } = this;
    let values = NONE;
    if (record) {
      const { bytes, ends } = record;
      const at = infoValue(bytes, ends[6] + 1, ends[7], this.infoKeys[slot]);
      if (at >= 0) values = slice(bytes, at, infoValueEnd(bytes, at, ends[7])).split(',');
    }
    return (this.infoTexts[slot] = values);
  }

  /** Of a field with a value for each ALT or allele the one of the row's ALT; all of other fields. */
  private ofAllele({ perAllele }: Pick<Source, 'perAllele'>, values: readonly string[]): readonly string[] {
    const alt = this.rowAlts[this.row] ?? -1;
    const one = perAllele === 'any' || alt < 0 ? values : [values[perAllele === 'R' ? alt + 1 : alt] ?? '.'];
    return one.length === 1 && isMissing(one[0])
      ? NONE
      : one.some(isMissing)
        ? one.filter((value) => !isMissing(value))
        : one;
  }

  private entryColumn(slot: number): readonly string[] {
    const entry = this.rowEntries[this.row] ?? -1;
    if (entry < 0) return NONE;
    const text = this.entryText(entry, slot);
    return isMissing(text) ? NONE : [text];
  }

  private entryText(entry: number, slot: number): string {
    const at = 2 * (entry * this.slots + slot);
    return slice(this.record?.bytes ?? new Uint8Array(0), this.ends[at], this.ends[at + 1]);
  }

  /** Finds the entries of the consequence field and the columns in them that are asked for. */
  private readEntries(record: VcfRecord): void {
    const { bytes, ends: columns } = record;
    const { slots, slotOf, ends } = this;
    const end = columns[7];
    let at = infoValue(bytes, columns[6] + 1, end, this.csqKey);
    if (at < 0) return;
    const names = this.alleleNames(record);
    for (let entry = 0; entry < ENTRIES_MAX; entry++) {
      const base = 2 * entry * slots;
      for (let i = 0; i < 2 * slots; i++) ends[base + i] = at;
      for (let column = 0; ; column++) {
        const start = at;
        while (at < end && bytes[at] !== BAR && bytes[at] !== COMMA && bytes[at] !== SEMICOLON) at++;
        const slot = column < slotOf.length ? slotOf[column] : -1;
        if (slot >= 0) {
          ends[base + 2 * slot] = start;
          ends[base + 2 * slot + 1] = at;
        }
        if (at >= end || bytes[at] !== BAR) break;
        at++;
      }
      this.rowEntries.push(entry);
      this.rowAlts.push(this.altOf(entry, names));
      if (at >= end || bytes[at] !== COMMA) return;
      at++;
    }
  }

  private altOf(entry: number, names: readonly string[]): number {
    if (names.length === 1) return 0;
    const number = this.numbersAt < 0 ? Number.NaN : Number(this.entryText(entry, this.numbersAt) || Number.NaN);
    if (number >= 1 && number <= names.length) return number - 1;
    const allele = this.allelesAt < 0 ? '' : this.entryText(entry, this.allelesAt);
    const named = names.indexOf(allele);
    return named >= 0 ? named : this.alts.indexOf(allele);
  }

  /** ALTs as VEP names them: without the first base where all alleles share it and one of them is of another length. */
  private alleleNames(record: VcfRecord): string[] {
    const { alts } = this;
    if (alts.length < 2) return alts.length === 0 ? [''] : alts;
    const ref = record.text(3);
    const bases = alts.filter((alt) => /^[A-Za-z]+$/.test(alt));
    const shifted = bases.some(({ length }) => length !== ref.length) && bases.every((alt) => alt[0] === ref[0]);
    return alts.map((alt) => (shifted && bases.includes(alt) ? alt.slice(1) || '-' : alt));
  }

  private format(source: Source): readonly string[] {
    const { record } = this;
    if (!record) return NONE;
    const { bytes, ends, end } = record;
    this.samples ??= ends[7] < end ? slice(bytes, ends[7] + 1, end).split('\t') : [];
    const { id, sample } = this.fields.format[source.slot];
    const [format = '', ...samples] = this.samples;
    const at = format.split(':').indexOf(id);
    if (at < 0) return NONE;
    const asked = sample < 0 ? samples : [samples[sample] ?? ''];
    const texts = asked.map((text) => text.split(':', at + 1)[at] ?? '.');
    if (source.order === 'genotype') return texts.filter((text) => !/^[./|]*$/.test(text));
    return texts.flatMap((text) => this.ofAllele(source, text.split(',')));
  }
}

/** The place of a column among those that are kept; it is added if it is not there. -1 when there is no such column. */
function place(wanted: number[], column: number): number {
  if (column < 0) return -1;
  const at = wanted.indexOf(column);
  return at >= 0 ? at : wanted.push(column) - 1;
}

function isMissing(value: string): boolean {
  return value === '.' || value === '';
}

function slice(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, start, end);
}
