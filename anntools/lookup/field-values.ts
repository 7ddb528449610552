/**
 * The values of the chosen fields of a record as the numbers a source of known variants keeps: INFO is read once, from
 * its start to the last field that is wanted. What is no value of its type is counted and missing.
 */
import { infoKey } from '../vcf/info.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { decimalCode } from './decimal-code.ts';
import type { ChosenField } from './field-choice.ts';
import { MISSING, WORD_LEAST } from './known-format.ts';

const SEMICOLON = 59;
const EQUALS = 61;
const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const MINUS = 45;
/** Beyond so many bytes of an entry the native search is faster than a loop. */
const LOOP_MAX = 48;

const COLUMNS = { ID: 2, QUAL: 5, FILTER: 6 } as const;
/** A number with letters before it, as in `rs123`. */
const NUMBERED = /^([A-Za-z]*)(?:0|[1-9]\d{0,9})$/;

interface Field extends ChosenField {
  key: Uint8Array;
  /** What stands before the numbers of a text field; undefined until one is seen. */
  prefix: string | undefined;
  prefixLength: number;
}

export class FieldValues {
  readonly #fields: Field[];
  /** Fields by the first byte of their INFO key. */
  readonly #byFirst: (number[] | undefined)[] = [];
  readonly #infoCount: number;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #texts = new Map<string, number>();
  readonly #wordCode: (text: string) => number;
  readonly #onBad: (field: string, value: string) => void;
  #bytes: Uint8Array = new Uint8Array(0);

  /**
   * @param wordCode the number of a text.
   * @param onBad is told of values that are none of their type.
   */
  constructor(
    fields: readonly ChosenField[],
    wordCode: (text: string) => number,
    onBad: (field: string, value: string) => void,
  ) {
    this.#fields = fields.map((field) => ({
      ...field,
      key: infoKey('info' in field.from ? field.from.info : ''),
      // Only identifiers have prefixes; other texts that are numbers are bare ones.
      prefix: 'column' in field.from && field.from.column === 'ID' ? undefined : '',
      prefixLength: 0,
    }));
    let infoCount = 0;
    this.#fields.forEach(({ key }, i) => {
      if (key.length === 0) return;
      infoCount++;
      (this.#byFirst[key[0]] ??= []).push(i);
    });
    this.#infoCount = infoCount;
    this.#starts = new Int32Array(fields.length);
    this.#ends = new Int32Array(fields.length);
    this.#wordCode = wordCode;
    this.#onBad = onBad;
  }

  /** What stands before the numbers of each field. */
  get prefixes(): string[] {
    return this.#fields.map(({ prefix = '' }) => prefix);
  }

  /** Finds the fields of a record of a VCF. */
  find(record: VcfRecord): void {
    this.#bytes = record.bytes;
    this.#starts.fill(-1);
    for (let i = 0; i < this.#fields.length; i++) {
      const { from } = this.#fields[i];
      if ('column' in from) this.place(i, record.startOf(COLUMNS[from.column]), record.ends[COLUMNS[from.column]]);
    }
    if (this.#infoCount > 0) this.#findInfo(record.bytes, record.ends[6] + 1, record.ends[7]);
  }

  /** Begins a row of a table, whose cells are then `place`d. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#starts.fill(-1);
  }

  /** Says where the value of a field is. */
  place(field: number, start: number, end: number): void {
    this.#starts[field] = start;
    this.#ends[field] = end;
  }

  #findInfo(bytes: Uint8Array, start: number, end: number): void {
    let wanted = this.#infoCount;
    for (let at = start; at < end;) {
      const candidates = this.#byFirst[bytes[at]];
      const stop = entryEnd(bytes, at, end);
      if (candidates !== undefined) {
        for (const field of candidates) {
          const { key } = this.#fields[field];
          const after = at + key.length;
          if (after > stop || (after < stop && bytes[after] !== EQUALS) || !startsWith(bytes, at, key)) continue;
          if (this.#starts[field] < 0) wanted--;
          this.place(field, Math.min(after + 1, stop), stop);
          break;
        }
        if (wanted === 0) return;
      }
      at = stop + 1;
    }
  }

  /** Writes the numbers of the fields for ALT `alt` of `alts`, both counted as in the record, into `codes`. */
  read(alt: number, alts: number, codes: Uint32Array): void {
    for (let i = 0; i < codes.length; i++) codes[i] = this.#starts[i] < 0 ? MISSING : this.#code(i, alt, alts);
  }

  #code(index: number, alt: number, alts: number): number {
    const field = this.#fields[index];
    if (field.type === 'flag') return 1;
    let start = this.#starts[index];
    let end = this.#ends[index];
    if (end === start || (end === start + 1 && this.#bytes[start] === DOT)) return MISSING;
    if (field.perAllele !== 'record') {
      const isRef = field.perAllele === 'ref-and-alt';
      const cut = this.#part(start, end, isRef ? alt + 1 : alt, isRef ? alts + 1 : alts);
      if (!cut) return this.#bad(field, start, end);
      start = this.#partStart;
      end = this.#partEnd;
    }
    if (field.type === 'float') {
      const code = decimalCode(this.#bytes, start, end);
      return code < 0 ? this.#bad(field, start, end) : code;
    }
    return field.type === 'integer' ? this.#integer(field, start, end) : this.#text(field, start, end);
  }

  #partStart = 0;
  #partEnd = 0;

  /** Finds part `wanted` of `count` between commas; false when there are more or fewer. */
  #part(start: number, end: number, wanted: number, count: number): boolean {
    const bytes = this.#bytes;
    let part = 0;
    this.#partStart = start;
    for (let at = start; at <= end; at++) {
      if (at < end && bytes[at] !== COMMA) continue;
      if (part === wanted) this.#partEnd = at;
      part++;
      if (part === wanted) this.#partStart = at + 1;
    }
    return part === count;
  }

  #integer(field: Field, start: number, end: number): number {
    const bytes = this.#bytes;
    if (end === start || (end === start + 1 && bytes[start] === DOT)) return MISSING;
    let value = 0;
    for (let at = bytes[start] === MINUS ? start + 1 : start; at < end; at++) {
      const digit = bytes[at] - ZERO;
      if (!(digit >= 0 && digit <= 9)) return this.#bad(field, start, end);
      value = value * 10 + digit;
    }
    return bytes[start] === MINUS || value >= WORD_LEAST ? this.#word(start, end) : value;
  }

  #text(field: Field, start: number, end: number): number {
    const bytes = this.#bytes;
    if (end === start || (end === start + 1 && bytes[start] === DOT)) return MISSING;
    const last = bytes[end - 1] - ZERO;
    if (last >= 0 && last <= 9) {
      if (field.prefix === undefined) this.#learnPrefix(field, start, end);
      const number = this.#numberAfter(field, start, end);
      if (number >= 0) return number;
    }
    return this.#word(start, end);
  }

  #learnPrefix(field: Field, start: number, end: number): void {
    field.prefix = NUMBERED.exec(this.#slice(start, end))?.[1];
    field.prefixLength = field.prefix?.length ?? 0;
  }

  /** The number behind the field's prefix, or -1 when the text is not exactly that. */
  #numberAfter({ prefix, prefixLength }: Field, start: number, end: number): number {
    const bytes = this.#bytes;
    const digits = start + prefixLength;
    if (prefix === undefined || end - digits > 10 || (bytes[digits] === ZERO && end - digits > 1)) return -1;
    for (let i = 0; i < prefixLength; i++) if (bytes[start + i] !== prefix.charCodeAt(i)) return -1;
    let value = 0;
    for (let at = digits; at < end; at++) {
      const digit = bytes[at] - ZERO;
      if (!(digit >= 0 && digit <= 9)) return -1;
      value = value * 10 + digit;
    }
    return end > digits && value < WORD_LEAST ? value : -1;
  }

  #word(start: number, end: number): number {
    const text = this.#slice(start, end);
    let code = this.#texts.get(text);
    if (code === undefined) {
      code = this.#wordCode(escaped(text));
      this.#texts.set(text, code);
    }
    return code;
  }

  #slice(start: number, end: number): string {
    return Buffer.prototype.utf8Slice.call(this.#bytes, start, end);
  }

  #bad({ id }: Field, start: number, end: number): number {
    this.#onBad(id, this.#slice(start, Math.min(end, start + 40)));
    return MISSING;
  }
}

/** A text of a VCF as the value of one ALT: what it encodes stays, what would cut it is encoded (VCF 4.3 section 1.2). */
export function escaped(text: string): string {
  if (!/[,;=\s]/.test(text)) return text;
  return text.replace(/[,;=\s]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** The end of the INFO entry that starts at `at`. */
function entryEnd(bytes: Uint8Array, at: number, end: number): number {
  const loopEnd = Math.min(end, at + LOOP_MAX);
  while (at < loopEnd && bytes[at] !== SEMICOLON) at++;
  if (at < loopEnd || at === end) return at;
  const found = bytes.indexOf(SEMICOLON, at);
  return found < 0 || found > end ? end : found;
}

function startsWith(bytes: Uint8Array, at: number, key: Uint8Array): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key[i]) return false;
  return true;
}
