/** One line: where its fields are, and what is counted of the columns that say nothing of consequences. */
import {
  FIELD_ENDS,
  FREQUENCIES,
  LINE_END,
  LINE_START,
  PASSING,
  PENDING,
  PENDING_MAX,
  POSITION,
  QUALITIES,
} from './layout';
import { byteAt, count, find, get, set } from './memory';

const TAB: i32 = 9;
const NEWLINE: i32 = 10;
const RETURN: i32 = 13;
const DOT: i32 = 46;
const ZERO: i32 = 48;
/** `PASS` as a word. */
const PASS: i32 = 0x53534150;
/** `AF` as a word. */
const AF: i32 = 0x4641;
const QUALITY_MAX: i32 = 4096;
const FREQUENCY_BINS: i32 = 50;
/** A decimal of so many digits is a double exactly. */
const EXACT: f64 = 9007199254740992;

export function fieldEnd(field: i32): i32 {
  return get(FIELD_ENDS + field);
}

export function fieldStart(field: i32): i32 {
  return field === 0 ? get(LINE_START) : get(FIELD_ENDS + field - 1) + 1;
}

/**
 * Finds the fields of the line that starts at `start`; answers where its newline is, or the batch ends. The line is
 * not ordinary when POSITION is 0 afterwards: fewer than eight fields, or POS that is not written as a number is.
 */
export function readLine(start: i32, end: i32): i32 {
  set(LINE_START, start);
  set(POSITION, 0);
  let at = start;
  let field = 0;
  for (; field < 7; field++) {
    let met = 0;
    while (at < end && (met = byteAt(at)) !== TAB && met !== NEWLINE) at++;
    if (at >= end || met === NEWLINE) return at;
    set(FIELD_ENDS + field, at);
    at++;
  }
  const newline = find(at, end, NEWLINE);
  const lineEnd = newline > at && byteAt(newline - 1) === RETURN ? newline - 1 : newline;
  set(FIELD_ENDS + 7, find(at, lineEnd, TAB));
  set(LINE_END, lineEnd);
  set(POSITION, positionOf(fieldStart(1), fieldEnd(1)));
  return newline;
}

/** Beyond this a record's end may be no number of 32 bits. */
const POSITION_MAX: i64 = 0x7fffff00;

/** The number at [at, end); 0 when it is 0, has a leading zero, is none or too large. */
function positionOf(at: i32, end: i32): i32 {
  if (end - at > 10 || end === at || byteAt(at) === ZERO) return 0;
  let value: i64 = 0;
  for (; at < end; at++) {
    const digit = byteAt(at) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + (digit as i64);
  }
  return value > POSITION_MAX ? 0 : (value as i32);
}

let quality: i32 = -1;
let bins: i32 = 0;

/** Reads QUAL and INFO/AF; false when a number is written in an unusual way. */
export function readColumns(): bool {
  quality = qualityOf(fieldStart(5), fieldEnd(5));
  bins = frequencyBins(fieldStart(7), fieldEnd(7));
  return quality >= -1 && bins >= 0;
}

/** Counts QUAL, FILTER and INFO/AF. */
export function countColumns(): void {
  if (quality >= 0) count(QUALITIES + min(QUALITY_MAX, quality));
  if (passes(fieldStart(6), fieldEnd(6))) count(PASSING);
  for (let i = 0; i < bins; i++) count(FREQUENCIES + load<i32>(PENDING + (i << 2)));
}

/** The whole part of a decimal; -1 for `.` and nothing, -2 for what is no plain decimal. */
function qualityOf(at: i32, end: i32): i32 {
  if (at === end || (end === at + 1 && byteAt(at) === DOT)) return -1;
  let value = 0;
  const start = at;
  for (; at < end && byteAt(at) !== DOT; at++) {
    const digit = byteAt(at) - ZERO;
    if (digit < 0 || digit > 9 || at - start >= 9) return -2;
    value = value * 10 + digit;
  }
  // Up to fifteen digits nothing is rounded up to the next whole number.
  if (end - start > 15) return -2;
  for (at++; at < end; at++) if (byteAt(at) < ZERO || byteAt(at) > ZERO + 9) return -2;
  return value;
}

function passes(at: i32, end: i32): bool {
  if (end - at === 1) return byteAt(at) === DOT;
  return end - at === 4 && load<i32>(at) === PASS;
}

/** Puts the bins of the values of AF into PENDING; answers how many, -1 when one is written in an unusual way. */
function frequencyBins(at: i32, end: i32): i32 {
  while (at < end) {
    if (at + 2 < end && (load<u16>(at) as i32) === AF && byteAt(at + 2) === 61) break;
    at = find(at, end, 59) + 1;
  }
  if (at >= end) return 0;
  const last = find(at, end, 59);
  let found = 0;
  for (let from = at + 3; from <= last;) {
    const to = find(from, last, 44);
    const frequency = decimalOf(from, to);
    if (frequency < -1 || found === PENDING_MAX) return -1;
    if (frequency >= 0 && frequency <= 1) {
      const bin = min(FREQUENCY_BINS - 1, floor(frequency * (FREQUENCY_BINS as f64)) as i32);
      store<i32>(PENDING + (found << 2), bin);
      found++;
    }
    from = to + 1;
  }
  return found;
}

/** The double that a decimal stands for (`0.25`, `1e-5`); -1 for `.` and nothing, -2 for anything else. */
function decimalOf(at: i32, end: i32): f64 {
  if (at === end || (end === at + 1 && byteAt(at) === DOT)) return -1;
  let digits: f64 = 0;
  let power = 0;
  let seenDot = 0;
  const start = at;
  for (; at < end; at++) {
    const digit = byteAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      digits = digits * 10 + (digit as f64);
      power += seenDot;
    } else if (byteAt(at) === DOT && seenDot === 0) seenDot = 1;
    else break;
  }
  if (digits >= EXACT || at === start) return -2;
  if (at < end) {
    if ((byteAt(at) | 32) !== 101 || byteAt(at + 1) !== 45 || end - at < 3 || end - at > 4) return -2;
    let exponent = 0;
    for (at += 2; at < end; at++) {
      const digit = byteAt(at) - ZERO;
      if (digit < 0 || digit > 9) return -2;
      exponent = exponent * 10 + digit;
    }
    power += exponent;
  }
  // A whole number below 2^53 and a power of ten up to 10^22 are exact, so their quotient is rounded once.
  if (power > 22) return -2;
  let scale: f64 = 1;
  for (; power > 0; power--) scale *= 10;
  return digits / scale;
}
