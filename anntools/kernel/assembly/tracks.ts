/**
 * The regions of tracks that the allele overlaps, by the implicit interval tree of `../../tracks/intervals.ts`, and the
 * band it lies in. A track is laid out for each contig (`track-words.ts`); neighbours
 * mostly have the same answer, which is kept with the spans that it holds for.
 */
import * as allele from './allele';
import { BANDED, TRACK_RECORDS, TRACKS } from './layout';
import { count } from './memory';
import {
  COUNT,
  ENDS,
  HIGH,
  HIGH_END,
  HIT,
  HITS,
  LABEL,
  LOW,
  LOW_END,
  REACH,
  STARTS,
  TEXTS,
  TRACK_SIZE,
} from './track-words';
import { byte, integer, isNearEnd, piece, stretch } from './text';

/** A record over more regions of a track is left to the host. */
const HITS_MAX: i32 = 20;
/** Subtrees of this height are read one by one. */
const LEAF_HEIGHT: i32 = 3;

let tracks: i32 = 0;
/** Bands of the contig, their ends and names; and the one that was met last. */
let bands: i32 = 0;
let bandEnds: i32 = 0;
let bandNames: i32 = 0;
let bandLabel: i32 = 0;
let band: i32 = 0;

/** Whether the record that is written lies in a band. */
let isBanded: bool = false;

export function openTracks(number: i32, label: i32): void {
  tracks = number;
  bandLabel = label;
}

/** The bands of the contig: how many, where the end of each lies, and the address of its name. */
export function openBands(number: i32, ends: i32, names: i32): void {
  bands = number;
  bandEnds = ends;
  bandNames = names;
  band = 0;
}

/** Appends the fields of tracks and band; false to leave the record to the host. */
export function writeRegions(start: i32, end: i32, isEmpty: bool): bool {
  for (let i = 0; i < tracks; i++) {
    const track = TRACKS + i * TRACK_SIZE;
    if (!find(track, allele.trimmedStart, allele.trimmedStart + allele.trimmedRefEnd - allele.trimmedRef)) return false;
    const hits = load<i32>(track + HITS);
    if (hits === 0) continue;
    if (isNearEnd()) return false;
    const label = load<i32>(track + LABEL);
    const skipped = isEmpty ? 1 : 0;
    piece(label + 4 + skipped, load<i32>(label) - skipped);
    isEmpty = false;
    values(track, hits);
  }
  return writeBand(start, end, isEmpty);
}

/** Counts the record for the tracks that it was told to overlap, and bands. */
export function countRegions(): void {
  for (let i = 0; i < tracks; i++) {
    if (load<i32>(TRACKS + i * TRACK_SIZE + HITS) > 0) count(TRACK_RECORDS + i);
  }
  if (isBanded) count(BANDED);
}

/** The distinct values of the regions, in their order; where one has none, where it lies. */
function values(track: i32, hits: i32): void {
  const texts = load<i32>(track + TEXTS);
  for (let i = 0; i < hits; i++) {
    const hit = load<i32>(track + HIT + (i << 2));
    const text = load<i32>(texts + (hit << 2));
    if (text !== 0 && isAmong(text, texts, track, i)) continue;
    if (i > 0) byte(44);
    if (text !== 0) stretch(text + 4, load<i32>(text));
    else {
      integer(load<i32>(load<i32>(track + STARTS) + (hit << 2)) + 1);
      byte(45);
      integer(load<i32>(load<i32>(track + ENDS) + (hit << 2)));
    }
  }
}

/** Whether one of the first `number` hits has the text. */
function isAmong(text: i32, texts: i32, track: i32, number: i32): bool {
  for (let i = 0; i < number; i++) {
    if (load<i32>(texts + (load<i32>(track + HIT + (i << 2)) << 2)) === text) return true;
  }
  return false;
}

/** Finds the regions that overlap [start, end); false when they are many. */
function find(track: i32, start: i32, end: i32): bool {
  const holds =
    start >= load<i32>(track + LOW) &&
    start < load<i32>(track + LOW_END) &&
    end > load<i32>(track + HIGH) &&
    end <= load<i32>(track + HIGH_END);
  if (holds) return true;
  // Nothing holds until the walk is done.
  store<i32>(track + LOW_END, 0);
  store<i32>(track + HITS, 0);
  const total = load<i32>(track + COUNT);
  const top = total === 0 ? 0 : 31 - (clz(total) as i32);
  if (total > 0 && !walk(track, top, (1 << top) - 1, start, end)) return false;
  const hits = load<i32>(track + HITS);
  const starts = load<i32>(track + STARTS);
  const ends = load<i32>(track + ENDS);
  let lowEnd = i32.MAX_VALUE;
  for (let i = 0; i < hits; i++) lowEnd = min(lowEnd, load<i32>(ends + (load<i32>(track + HIT + (i << 2)) << 2)));
  const last = hits === 0 ? -1 : load<i32>(track + HIT + ((hits - 1) << 2));
  store<i32>(track + LOW, start);
  store<i32>(track + HIGH, hits === 0 ? i32.MIN_VALUE : load<i32>(starts + (last << 2)));
  store<i32>(track + HIGH_END, nextStart(starts, total, end));
  store<i32>(track + LOW_END, lowEnd);
  return true;
}

/** Reads the subtree of a height and root in order. */
function walk(track: i32, height: i32, root: i32, start: i32, end: i32): bool {
  const total = load<i32>(track + COUNT);
  const starts = load<i32>(track + STARTS);
  const ends = load<i32>(track + ENDS);
  if (height <= LEAF_HEIGHT) {
    const from = (root >> height) << height;
    const to = min(total, from + (1 << (height + 1)) - 1);
    for (let i = from; i < to && load<i32>(starts + (i << 2)) < end; i++) {
      if (start < load<i32>(ends + (i << 2)) && !keep(track, i)) return false;
    }
    return true;
  }
  const left = root - (1 << (height - 1));
  const isLeftIn = left >= total || load<i32>(load<i32>(track + REACH) + (left << 2)) > start;
  if (isLeftIn && !walk(track, height - 1, left, start, end)) return false;
  if (root >= total || load<i32>(starts + (root << 2)) >= end) return true;
  if (start < load<i32>(ends + (root << 2)) && !keep(track, root)) return false;
  return walk(track, height - 1, root + (1 << (height - 1)), start, end);
}

function keep(track: i32, hit: i32): bool {
  const hits = load<i32>(track + HITS);
  if (hits === HITS_MAX) return false;
  store<i32>(track + HIT + (hits << 2), hit);
  store<i32>(track + HITS, hits + 1);
  return true;
}

/** The first start at or behind an offset; the largest number behind the last. */
function nextStart(starts: i32, total: i32, offset: i32): i32 {
  let low = 0;
  let high = total;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<i32>(starts + (middle << 2)) < offset) low = middle + 1;
    else high = middle;
  }
  return low < total ? load<i32>(starts + (low << 2)) : i32.MAX_VALUE;
}

/** Appends the band of [start, end); false when it reaches into another. */
function writeBand(start: i32, end: i32, isEmpty: bool): bool {
  isBanded = false;
  if (bands === 0) return true;
  if (start >= bandEnd(band) || (band > 0 && start < bandEnd(band - 1))) {
    let low = 0;
    let high = bands;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bandEnd(middle) <= start) low = middle + 1;
      else high = middle;
    }
    if (low === bands) return true;
    band = low;
  }
  if (end > bandEnd(band)) return false;
  isBanded = true;
  const skipped = isEmpty ? 1 : 0;
  piece(bandLabel + 4 + skipped, load<i32>(bandLabel) - skipped);
  const name = load<i32>(bandNames + (band << 2));
  piece(name + 4, load<i32>(name));
  return true;
}

function bandEnd(i: i32): i32 {
  return load<i32>(bandEnds + (i << 2));
}
