/**
 * What the index of the result is made of, as `../../vcf/index-parts.ts` collects it: a chunk for each run of records in
 * a bin, and where each window begins. Only what changes from record to record is logged; the host puts it together.
 */
import {
  INDEX_BIN,
  INDEX_DEPTH,
  INDEX_END_MAX,
  INDEX_FIRST,
  INDEX_RECORDS,
  INDEX_SORTED,
  INDEX_START,
  INDEX_WINDOW,
  LINE,
  LOG,
  LOG_CHUNK,
  LOG_FIELDS,
  LOG_MAX,
  LOG_UNSORTED,
  LOG_WINDOW,
  LOGGED,
} from './layout';
import { get, set } from './memory';

/** Smallest bin, and the window of the linear index: 2^14 bases. */
const MIN_SHIFT: i32 = 14;
/** Entries of one record, at most. */
const ENTRIES_MAX: i32 = 2;

export function isLogFull(): bool {
  return get(LOGGED) + ENTRIES_MAX > LOG_MAX;
}

/** Takes note of a record at zero-based, half-open [start, end) that was written from a byte of the text on. */
export function log(start: i32, end: i32, from: i32): void {
  const records = get(INDEX_RECORDS);
  set(INDEX_RECORDS, records + 1);
  if (records === 0) set(INDEX_FIRST, start);
  const depth = get(INDEX_DEPTH);
  if (depth === 0 || get(INDEX_SORTED) === 0) return;
  if (start < get(INDEX_START)) {
    set(INDEX_SORTED, 0);
    return entry(LOG_UNSORTED, start, get(LINE), from);
  }
  set(INDEX_START, start);
  set(INDEX_END_MAX, max(get(INDEX_END_MAX), end));
  const last = max(end - 1, start);
  const bin = binOf(start, last, depth);
  if (bin !== get(INDEX_BIN)) entry(LOG_CHUNK, bin, records, from);
  set(INDEX_BIN, bin);
  const lastWindow = last >> MIN_SHIFT;
  const firstWindow = max(start >> MIN_SHIFT, get(INDEX_WINDOW));
  if (lastWindow < firstWindow) return;
  entry(LOG_WINDOW, firstWindow, lastWindow, from);
  set(INDEX_WINDOW, lastWindow + 1);
}

/** The smallest bin that holds the bases from `start` to `last` (CSI specification, reg2bin). */
function binOf(start: i32, last: i32, depth: i32): i32 {
  let offset = ((1 << (3 * depth)) - 1) / 7;
  for (let level = depth, shift = MIN_SHIFT; level > 0; level--, shift += 3) {
    if (start >> shift === last >> shift) return offset + (start >> shift);
    offset -= 1 << (3 * (level - 1));
  }
  return 0;
}

function entry(kind: i32, first: i32, second: i32, from: i32): void {
  const at = LOG + get(LOGGED) * (LOG_FIELDS << 2);
  store<i32>(at, kind);
  store<i32>(at + 4, first);
  store<i32>(at + 8, second);
  store<i32>(at + 12, from);
  set(LOGGED, get(LOGGED) + 1);
}
