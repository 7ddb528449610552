/** A CSQ value as bytes: where each column of each block begins and ends. For the forms that are written out of it. */

import { TERMS } from '../consequence/terms.ts';

const AMPERSAND = 38;
const COMMA = 44;
const PIPE = 124;
const PERCENT = 37;
const BACKSLASH = 92;

export class Blocks {
  /** Blocks of the value. */
  count = 0;
  /** Whether a value has a character that is written otherwise outside of a VCF: `%`, a backslash. */
  hasOdd = false;
  /** Column c of block b is bytes[starts[i], ends[i]) with i = b · columns + c. */
  starts = new Int32Array(1024);
  ends = new Int32Array(1024);

  constructor(readonly columns: number) {}

  /** Reads the value bytes[start, end); nothing where it is empty. */
  read(bytes: Uint8Array, start: number, end: number): void {
    this.count = 0;
    this.hasOdd = false;
    for (let at = start; at < end;) {
      const first = this.count * this.columns;
      if (first + this.columns > this.starts.length) this.#grow();
      const { starts, ends } = this;
      let cell = first;
      starts[cell] = at;
      for (; at < end && bytes[at] !== COMMA; at++) {
        if (bytes[at] !== PIPE) {
          if (bytes[at] === PERCENT || bytes[at] === BACKSLASH) this.hasOdd = true;
          continue;
        }
        ends[cell++] = at;
        starts[cell] = at + 1;
      }
      ends[cell] = at++;
      this.count++;
    }
  }

  #grow(): void {
    const [starts, ends] = [this.starts, this.ends];
    this.starts = new Int32Array(2 * starts.length);
    this.ends = new Int32Array(2 * ends.length);
    this.starts.set(starts);
    this.ends.set(ends);
  }
}

/** Ranks of terms by a number that their names give: no two give the same. */
const ranks = new Map(TERMS.map(({ name, rank }) => [keyOf(Buffer.from(name), 0, name.length), rank]));

/** Rank of the first of the terms that `&` joins in bytes[start, end); behind all others where it is none. */
export function rankOf(bytes: Uint8Array, start: number, end: number): number {
  return ranks.get(keyOf(bytes, start, end)) ?? TERMS.length + 1;
}

function keyOf(bytes: Uint8Array, start: number, end: number): number {
  let key = 0;
  for (let i = start; i < end && bytes[i] !== AMPERSAND; i++) key = (Math.imul(key, 31) + bytes[i]) | 0;
  return key;
}

/** The number in decimal digits bytes[start, end). */
export function numberAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + bytes[at] - 48;
  return value;
}

/** The ALTs of a record: ALT i is bytes[starts[i], ends[i]). Filled anew by each call. */
export class AltPlaces {
  count = 0;
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  read(bytes: Uint8Array, start: number, end: number): void {
    this.count = 0;
    for (let at = start; at <= end; at++) {
      this.starts[this.count] = at;
      while (at < end && bytes[at] !== COMMA) at++;
      this.ends[this.count++] = at;
    }
  }
}

/** Where the values of some INFO fields stand in what an annotation added; -1 for those that are not there. */
export class AddedValues {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly #keys: readonly Uint8Array[];

  constructor(ids: readonly string[]) {
    this.#keys = ids.map((id) => Buffer.from(`${id}=`, 'latin1'));
    this.starts = new Int32Array(ids.length);
    this.ends = new Int32Array(ids.length);
  }

  read(bytes: Uint8Array, start: number, end: number): void {
    this.starts.fill(-1);
    for (let at = start; at < end;) {
      let to = at;
      while (to < end && bytes[to] !== SEMICOLON) to++;
      const field = this.#keys.findIndex((key) => startsWith(bytes, at, to, key));
      if (field >= 0) {
        this.starts[field] = at + this.#keys[field].length;
        this.ends[field] = to;
      }
      at = to + 1;
    }
  }
}

const SEMICOLON = 59;

function startsWith(bytes: Uint8Array, start: number, end: number, key: Uint8Array): boolean {
  if (end - start < key.length) return false;
  for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return false;
  return true;
}
