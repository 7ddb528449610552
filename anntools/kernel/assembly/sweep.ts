/**
 * The transcripts near each record, by sweeping along sorted input as `../../consequence/sweep.ts` does: those in reach
 * stay in a short list in the order of their ids, new ones enter by a pointer that only moves forward. A record before
 * the last one makes the sweep start anew there.
 */
import { transcript } from './host';
import { NEAR, NEAR_MAX } from './layout';
import { isBefore } from './transcript';
import { END } from './transcript-words';

let distance: i32 = 0;
let lastStart: i32 = 0;
let next: i32 = 0;
/** Transcripts of the contig, the number of the first, and their starts, ends and reach. */
let transcripts: i32 = 0;
let first: i32 = 0;
let starts: i32 = 0;
let ends: i32 = 0;
let reach: i32 = 0;
/** Nothing leaves the list while records begin at or before this. */
let keptTo: i32 = 0;

export let near: i32 = 0;

/** The transcripts of another contig: how many, the first one's number, and where starts, ends and reach lie. */
export function openTranscripts(
  count: i32,
  number: i32,
  startsAt: i32,
  endsAt: i32,
  reachAt: i32,
  reaching: i32,
): void {
  transcripts = count;
  first = number;
  starts = startsAt;
  ends = endsAt;
  reach = reachAt;
  distance = reaching;
  forget();
}

/** The next record starts the sweep anew. */
export function forget(): void {
  lastStart = i32.MAX_VALUE;
  near = 0;
}

export function nearAt(i: i32): i32 {
  return load<i32>(NEAR + (i << 2));
}

/** Brings the list up to date for [start, end); false when a transcript has no room: the host frees some. */
export function moveTo(start: i32, end: i32): bool {
  if (start < lastStart) restart(start);
  lastStart = start;
  const from = start - distance;
  if (from > keptTo) leave(from);
  const to = end + distance;
  for (; next < transcripts && load<i32>(starts + (next << 2)) <= to; next++) {
    if (load<i32>(ends + (next << 2)) < from) continue;
    const address = transcript(first + next);
    if (address < 0 || near === NEAR_MAX) {
      forget();
      return false;
    }
    if (address > 0) insert(address);
  }
  return true;
}

function restart(start: i32): void {
  near = 0;
  keptTo = i32.MAX_VALUE;
  // `reach` ascends: before this index nothing extends to where we are.
  let low = 0;
  let high = transcripts;
  const from = start - distance;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(reach + (middle << 2)) > from) high = middle;
    else low = middle + 1;
  }
  next = low;
}

function leave(from: i32): void {
  let kept = 0;
  keptTo = i32.MAX_VALUE;
  for (let i = 0; i < near; i++) {
    const one = nearAt(i);
    const end = load<i32>(one + END);
    if (end < from) continue;
    store<i32>(NEAR + (kept << 2), one);
    kept++;
    keptTo = min(keptTo, end);
  }
  near = kept;
}

function insert(address: i32): void {
  let at = near;
  for (; at > 0 && isBefore(address, nearAt(at - 1)); at--) store<i32>(NEAR + (at << 2), nearAt(at - 1));
  store<i32>(NEAR + (at << 2), address);
  near++;
  keptTo = min(keptTo, load<i32>(address + END));
}
