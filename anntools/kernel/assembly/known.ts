/**
 * What sources of known variants say of the allele. Their files are mapped and far larger than the kernel's memory: the
 * host copies the keys of some hundred variants at a time, among which the allele is looked for, and the numbers of one
 * that is found, which become text here. `source-words.ts`
 * has how a source is laid out.
 */
import * as allele from './allele';
import { exception, known, knownText, window } from './host';
import { EXISTING, EXISTING_MAX, KNOWN_ALLELES, LEFT_MOST, SOURCES, WANTS_KNOWN, WORD } from './layout';
import { byteAt, count, get } from './memory';
import { baseAt, hasSequence } from './sequence';
import {
  CODES_AT,
  FIELDS,
  FIELD_COUNT,
  FIELD_SIZE,
  IDENTIFIER,
  IS_FLOAT,
  IS_KNOWN,
  IS_ON_CONTIG,
  IS_WORD,
  KIND,
  LABEL,
  NUMBERS,
  PREFIX,
  SOURCE_SIZE,
  WIDTH,
  WINDOW_AT,
  WINDOW_COUNT,
  WINDOW_CURSOR,
  WINDOW_END,
  WINDOW_FIRST,
  WINDOW_FROM,
} from './source-words';
import { byte, decimal, isNearEnd, out, piece, stretch, unsigned, writeAt } from './text';

/** Of a key: bits below the offset, and of those below the shape; the shape of alleles of more bases than these. */
const LETTER_BITS: u64 = 12;
const SHAPE_SHIFT: i32 = 8;
const LONG: i32 = 15;
const SHORT_MAX: i32 = 4;

/** No number; and where those begin that stand for texts (`../../lookup/known-format.ts`). */
const NONE: i32 = -1;
let wordLeast: i32 = 0;

let sources: i32 = 0;
/** Length of the identifiers of the record. */
export let identifiers: i32 = 0;

export function openKnown(count: i32, least: i32): void {
  sources = count;
  wordLeast = least;
}

/** Looks the allele up in every source and gathers identifiers; false to leave the record to the host. */
export function lookUp(): bool {
  let speakers = 0;
  let any = false;
  identifiers = 0;
  let moved = -1;
  for (let i = 0; i < sources; i++) {
    const source = SOURCES + i * SOURCE_SIZE;
    store<i32>(source + IS_KNOWN, 0);
    if (load<i32>(source + IS_ON_CONTIG) === 0) continue;
    const codes = load<i32>(source + CODES_AT);
    let found = find(
      i,
      allele.trimmedStart,
      allele.trimmedRef,
      allele.trimmedRefEnd,
      allele.trimmedAlt,
      allele.trimmedAltEnd,
      codes,
    );
    if (!found) {
      if (moved < 0) moved = roomToTheLeft();
      if (moved > 0xffff) return false;
      if (moved > 0) found = knownLeft(i, moved, codes);
    }
    if (!found) continue;
    any = true;
    store<i32>(source + IS_KNOWN, 1);
    const before = identifiers;
    if (!gather(source)) return false;
    if (identifiers > before) speakers++;
  }
  // Two sources may know it by the same identifier.
  return speakers < 2 && !(any && get(WANTS_KNOWN) !== 0);
}

/** Looks an allele up: among the variants of the source's window, and of long alleles whether it is spelled so. */
function find(number: i32, offset: i32, ref: i32, refEnd: i32, alt: i32, altEnd: i32, codes: i32): bool {
  const source = SOURCES + number * SOURCE_SIZE;
  if (offset < load<i32>(source + WINDOW_FROM) || offset >= load<i32>(source + WINDOW_END)) {
    window(number, offset);
    // More variants at one place than there is room for.
    if (offset >= load<i32>(source + WINDOW_END)) return known(number, offset, ref, refEnd, alt, altEnd, codes);
  }
  const letters = lettersOf(ref, refEnd, alt, altEnd);
  const key = ((offset as u64) << LETTER_BITS) | (letters as u64);
  const at = seek(source, key);
  if (at === load<i32>(source + WINDOW_COUNT) || keyAt(source, at) !== key) return false;
  if (letters >> SHAPE_SHIFT === LONG) return known(number, offset, ref, refEnd, alt, altEnd, codes);
  readFields(number, at, codes);
  return true;
}

/** Puts the numbers of the window's variant `at` where those of the record are. */
function readFields(number: i32, at: i32, codes: i32): void {
  const source = SOURCES + number * SOURCE_SIZE;
  const fields = load<i32>(source + FIELD_COUNT);
  for (let i = 0; i < fields; i++) {
    const field = load<i32>(source + FIELDS) + i * FIELD_SIZE;
    const width = load<i32>(field + WIDTH);
    // As many bits as are stored; of four bytes all.
    const missing = (0xffffffff as u32) >> (32 - (width << 3));
    let code = width === 0 ? 0 : ((load<u32>(load<i32>(field + NUMBERS) + at * width) & missing) as i32);
    if (width < 4) {
      if (width > 0 && (code as u32) === missing) code = NONE;
      else if (width === 0 || (code as u32) === missing - 1)
        code = exception(number, i, load<i32>(source + WINDOW_FIRST) + at);
    }
    store<i32>(codes + (i << 2), code);
  }
}

function keyAt(source: i32, index: i32): u64 {
  return load<u64>(load<i32>(source + WINDOW_AT) + (index << 3));
}

/** The first variant of the window whose key is not below `key`, galloping from where the last search ended. */
function seek(source: i32, key: u64): i32 {
  let low = 0;
  let high = load<i32>(source + WINDOW_COUNT);
  const cursor = load<i32>(source + WINDOW_CURSOR);
  if (cursor > 0 && keyAt(source, cursor - 1) < key) {
    low = cursor;
    for (let step = 1; low + step < high; step <<= 1) {
      if (keyAt(source, low + step) >= key) {
        high = low + step;
        break;
      }
      low += step;
    }
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyAt(source, middle) < key) low = middle + 1;
    else high = middle;
  }
  store<i32>(source + WINDOW_CURSOR, low);
  return low;
}

/** Shape and bases of an allele's key, as `../../lookup/allele-key.ts` draws them. */
function lettersOf(ref: i32, refEnd: i32, alt: i32, altEnd: i32): i32 {
  const refLength = refEnd - ref;
  const total = refLength + altEnd - alt;
  if (total > SHORT_MAX) return (LONG << SHAPE_SHIFT) | hashOf(ref, refEnd, alt, altEnd);
  let bases = 0;
  let shift = 0;
  for (let at = ref; at < refEnd; at++, shift += 2) bases |= codeOf(byteAt(at)) << shift;
  for (let at = alt; at < altEnd; at++, shift += 2) bases |= codeOf(byteAt(at)) << shift;
  // Shapes are counted by their bases in all, then by those of REF.
  const shape = (((total - 1) * (total + 2)) >> 1) + refLength;
  return (shape << SHAPE_SHIFT) | bases;
}

/** A, C, G, T as 0 to 3. */
function codeOf(base: i32): i32 {
  const bits = (base >> 1) & 3;
  return bits ^ (bits >> 1);
}

/** FNV-1a, folded to eight bits. */
function hashOf(ref: i32, refEnd: i32, alt: i32, altEnd: i32): i32 {
  let hash: u32 = 0x811c9dc5;
  for (let at = ref; at < refEnd; at++) hash = (hash ^ byteAt(at)) * 0x01000193;
  hash *= 0x01000193;
  for (let at = alt; at < altEnd; at++) hash = (hash ^ byteAt(at)) * 0x01000193;
  return ((hash >> 24) ^ (hash >> 16) ^ (hash >> 8) ^ hash) & 0xff;
}

/** How many bases an insertion or a deletion can be moved to the left; more than 65,535 where bases are not known. */
function roomToTheLeft(): i32 {
  const removed = allele.trimmedRefEnd - allele.trimmedRef;
  const added = allele.trimmedAltEnd - allele.trimmedAlt;
  if (!hasSequence || (removed !== 0 && added !== 0)) return 0;
  const from = removed === 0 ? allele.trimmedAlt : allele.trimmedRef;
  const length = removed + added;
  let last = length - 1;
  let room = 0;
  for (; room < allele.trimmedStart; room++) {
    const base = baseAt(allele.trimmedStart - 1 - room);
    if (base === 0) return i32.MAX_VALUE;
    if (base !== byteAt(from + last)) break;
    last = last === 0 ? length - 1 : last - 1;
  }
  return room;
}

/** Looks the allele up where it is when it is moved to the left, its bases turned with it. */
function knownLeft(source: i32, by: i32, codes: i32): bool {
  const isInsertion = allele.trimmedRefEnd === allele.trimmedRef;
  const from = isInsertion ? allele.trimmedAlt : allele.trimmedRef;
  const length = isInsertion ? allele.trimmedAltEnd - from : allele.trimmedRefEnd - from;
  const turn = by % length;
  for (let i = 0; i < length; i++) {
    store<u8>(LEFT_MOST + i, load<u8>(from + ((i - turn + length) % length)));
  }
  const end = LEFT_MOST + length;
  const refEnd = isInsertion ? LEFT_MOST : end;
  const alt = isInsertion ? LEFT_MOST : end;
  return find(source, allele.trimmedStart - by, LEFT_MOST, refEnd, alt, end, codes);
}

/** Appends the source's identifiers, joined by `&`; false when they are texts, or many. */
function gather(source: i32): bool {
  const fields = load<i32>(source + FIELD_COUNT);
  const codes = load<i32>(source + CODES_AT);
  const text = out;
  for (let i = 0; i < fields; i++) {
    const field = load<i32>(source + FIELDS) + i * FIELD_SIZE;
    const prefix = load<i32>(field + IDENTIFIER);
    const code = load<i32>(codes + (i << 2));
    if (prefix === 0 || code === NONE) continue;
    if (load<i32>(field + KIND) === IS_WORD || isText(code) || identifiers + 64 > EXISTING_MAX) return false;
    writeAt(EXISTING + identifiers);
    if (identifiers > 0) byte(38);
    stretch(prefix + 4, load<i32>(prefix));
    unsigned(code);
    identifiers = out - EXISTING;
  }
  writeAt(text);
  return true;
}

/** Appends the fields of the sources that know the allele; false to leave the record to the host. */
export function writeKnown(isEmpty: bool): bool {
  for (let i = 0; i < sources; i++) {
    const source = SOURCES + i * SOURCE_SIZE;
    if (load<i32>(source + IS_KNOWN) === 0) continue;
    const fields = load<i32>(source + FIELD_COUNT);
    const codes = load<i32>(source + CODES_AT);
    for (let f = 0; f < fields; f++) {
      const code = load<i32>(codes + (f << 2));
      if (code === NONE) continue;
      if (isNearEnd()) return false;
      const field = load<i32>(source + FIELDS) + f * FIELD_SIZE;
      const label = load<i32>(field + LABEL);
      const skipped = isEmpty ? 1 : 0;
      piece(label + 4 + skipped, load<i32>(label) - skipped);
      isEmpty = false;
      if (!value(i, f, field, code)) return false;
    }
  }
  return true;
}

function value(source: i32, number: i32, field: i32, code: i32): bool {
  const kind = load<i32>(field + KIND);
  if (kind === IS_FLOAT && code >>> 24 === 0) {
    decimal(code & 0xfffff, code >>> 20);
    return true;
  }
  if (kind === IS_FLOAT || kind === IS_WORD || isText(code)) {
    const length = knownText(source, number, code);
    if (length < 0) return false;
    stretch(WORD, length);
    return true;
  }
  const prefix = load<i32>(field + PREFIX);
  stretch(prefix + 4, load<i32>(prefix));
  unsigned(code);
  return true;
}

/** Whether a number of a mixed column stands for a text. */
function isText(code: i32): bool {
  return code < 0 && code >= wordLeast;
}

/** Counts the alleles that are known. */
export function countKnown(): void {
  for (let i = 0; i < sources; i++) {
    if (load<i32>(SOURCES + i * SOURCE_SIZE + IS_KNOWN) !== 0) count(KNOWN_ALLELES + i);
  }
}
