/**
 * Deflate (RFC 1951) for the text of annotated VCFs, one block of BGZF at a time. Such text repeats itself in long
 * stretches a few hundred bytes apart, so one look at the last place where the same seven bytes stood finds a match as
 * good as a search would; what is matched is not looked at again. The matches are kept, symbols counted, and written
 * with the codes that fit them best. Measured beside libdeflate in docs/decisions/062.
 */
import { setCodes, setLengths } from './huffman';
import {
  DEFLATED,
  DISTANCE_CODES,
  DISTANCE_COUNTS,
  DISTANCE_LENGTHS,
  LENGTH_CODES,
  LENGTH_COUNTS,
  LENGTH_LENGTHS,
  LITERAL_CODES,
  LITERAL_COUNTS,
  LITERAL_LENGTHS,
  MATCH_BASES,
  MATCH_CODES,
  MATCH_SYMBOLS,
  MATCHES,
  PLACE_BITS,
  PLACES,
  SENT,
  TEXT,
} from './layout';

const NOWHERE: i32 = 0xffff;
const WINDOW: i32 = 32768;
const MATCH_MIN: i32 = 6;
const MATCH_MAX: i32 = 258;
/** Of the alphabets: literals, the end of a block and lengths; distances; lengths of codes. */
const LITERALS: i32 = 286;
const END_OF_BLOCK: i32 = 256;
const FIRST_LENGTH: i32 = 257;
const LENGTH_SYMBOLS: i32 = 29;
const DISTANCES: i32 = 30;
const CODE_LENGTHS: i32 = 19;
const CODE_MAX: i32 = 15;
/** Runs of lengths of codes: of the one before, and two of zeros. */
const REPEAT: i32 = 16;
const ZEROS: i32 = 17;
const MANY_ZEROS: i32 = 18;

let isPrepared: bool = false;
/** Bits that are not written yet, how many, and where the next ones go. */
let bits: u64 = 0;
let held: i32 = 0;
let out: i32 = 0;

/** Compresses the first `length` bytes of TEXT, at least one; answers how many bytes of DEFLATED that makes. */
export function deflate(length: i32): i32 {
  if (!isPrepared) prepare();
  memory.fill(PLACES, 0xff, 2 << PLACE_BITS);
  memory.fill(LITERAL_COUNTS, 0, LITERALS << 2);
  memory.fill(DISTANCE_COUNTS, 0, DISTANCES << 2);
  const matches = findMatches(length);
  countUp(LITERAL_COUNTS + (END_OF_BLOCK << 2));
  out = DEFLATED;
  bits = 0;
  held = 0;
  writeHeader();
  writeMatches(matches);
  const end = load<i32>(LITERAL_CODES + (END_OF_BLOCK << 2));
  put(end >>> 8, end & 0xff);
  if (held > 0) store<u8>(out++, bits as u8);
  return out - DEFLATED;
}

/** Symbols of lengths, the smallest length of each and how many extra bits follow (section 3.2.5). */
function prepare(): void {
  isPrepared = true;
  let length = 3;
  for (let symbol = 0; symbol < LENGTH_SYMBOLS; symbol++) {
    const isLast = symbol === LENGTH_SYMBOLS - 1;
    const extra = symbol < 8 || isLast ? 0 : (symbol >> 2) - 1;
    if (isLast) length = MATCH_MAX;
    store<u16>(MATCH_BASES + (symbol << 2), length as u16);
    store<u8>(MATCH_BASES + (symbol << 2) + 2, extra as u8);
    for (let i = 0; i < 1 << extra; i++) store<u8>(MATCH_SYMBOLS + length++, symbol as u8);
  }
}

function countUp(at: i32): void {
  store<i32>(at, load<i32>(at) + 1);
}

/** Where seven bytes were last seen. */
function placeOf(eight: u64): i32 {
  return PLACES + (((((eight << 8) * 0x9e3779b185ebca87) >> (64 - PLACE_BITS)) as i32) << 1);
}

/** Keeps where the seven bytes at a place were seen; they may reach beyond the text, and are then found nowhere. */
function remember(at: i32): void {
  store<u16>(placeOf(load<u64>(at)), (at - TEXT) as u16);
}

/** Finds matches and counts symbols; answers the end of the list of matches, behind which the last literals are told. */
function findMatches(length: i32): i32 {
  const end = TEXT + length;
  // Eight bytes are read at once.
  const last = end - 8;
  let at = TEXT;
  let literals = at;
  let match = MATCHES;
  while (at < last) {
    const eight = load<u64>(at);
    const place = placeOf(eight);
    const before = load<u16>(place) as i32;
    const offset = at - TEXT;
    const distance = offset - before;
    store<u16>(place, offset as u16);
    if (before === NOWHERE || distance > WINDOW || (load<u64>(at - distance) ^ eight) << 16 !== 0) {
      countUp(LITERAL_COUNTS + (((eight as i32) & 0xff) << 2));
      at++;
      continue;
    }
    const to = matchEnd(at, distance, min(at + MATCH_MAX, end));
    store<i32>(match, at - literals);
    store<i32>(match + 4, ((to - at) << 16) | (distance - 1));
    match += 8;
    countUp(LITERAL_COUNTS + ((FIRST_LENGTH + (load<u8>(MATCH_SYMBOLS + to - at) as i32)) << 2));
    countUp(DISTANCE_COUNTS + (distanceSymbol(distance - 1) << 2));
    // Of what is matched three places are enough to find it again.
    remember(at + 1);
    remember(to - 2);
    remember(to - 1);
    at = to;
    literals = to;
  }
  for (; at < end; at++) countUp(LITERAL_COUNTS + ((load<u8>(at) as i32) << 2));
  store<i32>(match, end - literals);
  return match;
}

/** How far the bytes from `at` on are those `distance` before; the first MATCH_MIN are known to be. */
function matchEnd(at: i32, distance: i32, end: i32): i32 {
  let to = at + MATCH_MIN;
  while (to + 8 <= end) {
    const differing = load<u64>(to - distance) ^ load<u64>(to);
    if (differing !== 0) return to + ((ctz(differing) >> 3) as i32);
    to += 8;
  }
  while (to < end && load<u8>(to - distance) === load<u8>(to)) to++;
  return to;
}

/** The symbol of a distance less one (section 3.2.5). */
function distanceSymbol(less: i32): i32 {
  if (less < 4) return less;
  const top = 31 - (clz(less) as i32);
  return (top << 1) + ((less >> (top - 1)) & 1);
}

function put(value: i32, count: i32): void {
  bits |= (value as u64) << (held as u64);
  held += count;
  store<u64>(out, bits);
  out += held >> 3;
  bits >>= (held & 56) as u64;
  held &= 7;
}

/** Makes the codes and writes them (section 3.2.7): this block is the last, with codes of its own. */
function writeHeader(): void {
  setLengths(LITERAL_COUNTS, LITERALS, LITERAL_LENGTHS, CODE_MAX);
  setLengths(DISTANCE_COUNTS, DISTANCES, DISTANCE_LENGTHS, CODE_MAX);
  setCodes(LITERAL_LENGTHS, LITERALS, LITERAL_CODES);
  setCodes(DISTANCE_LENGTHS, DISTANCES, DISTANCE_CODES);
  const literals = usedOf(LITERAL_LENGTHS, LITERALS, FIRST_LENGTH);
  const distances = usedOf(DISTANCE_LENGTHS, DISTANCES, 1);
  memory.fill(LENGTH_COUNTS, 0, CODE_LENGTHS << 2);
  // Behind the literals' lengths the distances' follow without a gap.
  memory.copy(LITERAL_LENGTHS + literals, DISTANCE_LENGTHS, distances);
  const sentEnd = runLengths(LITERAL_LENGTHS, literals + distances);
  setLengths(LENGTH_COUNTS, CODE_LENGTHS, LENGTH_LENGTHS, 7);
  setCodes(LENGTH_LENGTHS, CODE_LENGTHS, LENGTH_CODES);
  let codeLengths = CODE_LENGTHS;
  while (codeLengths > 4 && load<u8>(LENGTH_LENGTHS + placeInHeader(codeLengths - 1)) === 0) codeLengths--;
  put(0b101, 3);
  put(literals - FIRST_LENGTH, 5);
  put(distances - 1, 5);
  put(codeLengths - 4, 4);
  for (let i = 0; i < codeLengths; i++) put(load<u8>(LENGTH_LENGTHS + placeInHeader(i)) as i32, 3);
  for (let at = SENT; at < sentEnd; at += 2) {
    const sent = load<u16>(at) as i32;
    const symbol = sent & 31;
    const code = load<i32>(LENGTH_CODES + (symbol << 2));
    put(code >>> 8, code & 0xff);
    if (symbol >= REPEAT) put(sent >> 5, symbol === REPEAT ? 2 : symbol === ZEROS ? 3 : 7);
  }
}

/** How many symbols there are up to the last one with a code, at least `least`. */
function usedOf(lengths: i32, symbols: i32, least: i32): i32 {
  while (symbols > least && load<u8>(lengths + symbols - 1) === 0) symbols--;
  return symbols;
}

/** Puts lengths of codes into SENT, runs of them as one; answers where they end. */
function runLengths(lengths: i32, count: i32): i32 {
  let at = SENT;
  for (let i = 0; i < count;) {
    const length = load<u8>(lengths + i) as i32;
    let left = 1;
    while (i + left < count && (load<u8>(lengths + i + left) as i32) === length) left++;
    i += left;
    if (length !== 0) {
      at = send(at, length, 0);
      left--;
    }
    while (left >= 3) {
      const isLong = length === 0 && left > 10;
      const most = length !== 0 ? 6 : isLong ? 138 : 10;
      const run = min(left, most);
      at = send(at, length !== 0 ? REPEAT : isLong ? MANY_ZEROS : ZEROS, run - (isLong ? 11 : 3));
      left -= run;
    }
    for (; left > 0; left--) at = send(at, length, 0);
  }
  return at;
}

function send(at: i32, symbol: i32, extra: i32): i32 {
  store<u16>(at, (symbol | (extra << 5)) as u16);
  countUp(LENGTH_COUNTS + (symbol << 2));
  return at + 2;
}

/** Which length of a code is the i-th in the header: 16, 17, 18, 0, 8, 7, 9, 6, …, 1, 15. */
function placeInHeader(i: i32): i32 {
  if (i < 3) return REPEAT + i;
  if (i === 3) return 0;
  return (i & 1) === 0 ? 8 + ((i - 4) >> 1) : 7 - ((i - 5) >> 1);
}

/** Writes literals and matches up to the last match. */
function writeMatches(end: i32): void {
  joinExtraBits();
  // Kept in locals, which the compiler keeps in registers.
  let buffer = bits;
  let count = held as u64;
  let to = out;
  let from = TEXT;
  for (let match = MATCHES; ; match += 8) {
    const stop = from + load<i32>(match);
    // Seven bits that are held and three codes of fifteen are at most 52.
    while (from + 2 < stop) {
      const first = codeOf(from);
      const second = codeOf(from + 1);
      const third = codeOf(from + 2);
      buffer |= ((first >>> 8) as u64) << count;
      count += (first & 0xff) as u64;
      buffer |= ((second >>> 8) as u64) << count;
      count += (second & 0xff) as u64;
      buffer |= ((third >>> 8) as u64) << count;
      count += (third & 0xff) as u64;
      store<u64>(to, buffer);
      to += (count >> 3) as i32;
      buffer >>= count & 56;
      count &= 7;
      from += 3;
    }
    for (; from < stop; from++) {
      const code = codeOf(from);
      buffer |= ((code >>> 8) as u64) << count;
      count += (code & 0xff) as u64;
    }
    store<u64>(to, buffer);
    to += (count >> 3) as i32;
    buffer >>= count & 56;
    count &= 7;
    if (match === end) break;
    // A length of 20 bits and a distance of 28 besides the seven.
    const told = load<i32>(match + 4);
    const length = told >>> 16;
    const lengthCode = load<i32>(MATCH_CODES + (length << 2));
    buffer |= ((lengthCode >>> 8) as u64) << count;
    count += (lengthCode & 0xff) as u64;
    const less = told & 0x7fff;
    const symbol = distanceSymbol(less);
    const code = load<i32>(DISTANCE_CODES + (symbol << 2));
    const extra = max(0, (symbol >> 1) - 1);
    const extraBits = (less & ((1 << extra) - 1)) as u64;
    const codeLength = (code & 0xff) as u64;
    buffer |= (((code >>> 8) as u64) | (extraBits << codeLength)) << count;
    count += codeLength + (extra as u64);
    store<u64>(to, buffer);
    to += (count >> 3) as i32;
    buffer >>= count & 56;
    count &= 7;
    from += length;
  }
  bits = buffer;
  held = count as i32;
  out = to;
}

function codeOf(at: i32): i32 {
  return load<i32>(LITERAL_CODES + ((load<u8>(at) as i32) << 2));
}

/** Puts the extra bits of each length behind the code of its symbol. */
function joinExtraBits(): void {
  for (let symbol = 0; symbol < LENGTH_SYMBOLS; symbol++) {
    const code = load<i32>(LITERAL_CODES + ((FIRST_LENGTH + symbol) << 2));
    const length = load<u16>(MATCH_BASES + (symbol << 2)) as i32;
    const extra = load<u8>(MATCH_BASES + (symbol << 2) + 2) as i32;
    const codeLength = code & 0xff;
    for (let i = 0; i < 1 << extra && length + i <= MATCH_MAX; i++) {
      store<i32>(MATCH_CODES + ((length + i) << 2), (((code >>> 8) | (i << codeLength)) << 8) | (codeLength + extra));
    }
  }
}
