/**
 * One transcript under the allele: from positions on the genome to offsets in the spliced transcript and the coding
 * sequence, as `../../consequence/transcript.ts` has it, for transcripts without slippage and without introns that are
 * none. A transcript is a block of words that the host has laid out (`../transcripts.ts`).
 */
import { byteAt } from './memory';
import {
  CDNA_END,
  CDNA_START,
  CDS_END,
  CDS_START,
  END,
  EXONS,
  FLAGS,
  FORWARD,
  ID,
  ID_LENGTH,
  IS_CODING,
  LAST_EXON,
  PAD,
  START,
  STRETCHED,
  WORDS,
} from './transcript-words';

/** How far VEP stretches exons of transcripts that have introns too short to be one. */
const STRETCH: i32 = 12;

/** The transcript's own words, kept while blocks of it are written. */
export let at: i32 = 0;
export let start: i32 = 0;
export let end: i32 = 0;
export let forward: bool = true;
export let flags: i32 = 0;
export let exons: i32 = 0;
let starts: i32 = 0;
let ends: i32 = 0;
let offsets: i32 = 0;

/** Where the span that was mapped last lies; positions are one-based, 0 where there is none. */
export let touchesExon: bool = false;
export let touchesCoding: bool = false;
export let cdnaFrom: i32 = 0;
export let cdnaTo: i32 = 0;
export let cdsFrom: i32 = 0;
export let cdsTo: i32 = 0;

export function word(offset: i32): i32 {
  return load<i32>(at + offset);
}

/** Takes a transcript up. */
export function take(address: i32): void {
  at = address;
  start = word(START);
  end = word(END);
  forward = word(FORWARD) !== 0;
  flags = word(FLAGS);
  exons = word(EXONS);
  starts = address + WORDS;
  ends = starts + (exons << 2);
  offsets = ends + (exons << 2);
}

export function exonStart(exon: i32): i32 {
  return load<i32>(starts + (exon << 2));
}

export function exonEnd(exon: i32): i32 {
  return load<i32>(ends + (exon << 2));
}

/** The first exon that ends behind an offset on the genome; their count when the offset lies behind all of them. */
export function exonAt(offset: i32): i32 {
  const last = word(LAST_EXON);
  if ((last === exons || exonEnd(last) > offset) && (last === 0 || exonEnd(last - 1) <= offset)) return last;
  let low = 0;
  let high = exons;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (exonEnd(middle) > offset) high = middle;
    else low = middle + 1;
  }
  store<i32>(at + LAST_EXON, low);
  return low;
}

/** One-based position in the spliced transcript of an offset in an exon. */
export function cdnaIn(exon: i32, offset: i32): i32 {
  const before = load<i32>(offsets + (exon << 2));
  return forward ? before + offset - exonStart(exon) + 1 : before + exonEnd(exon) - offset;
}

/** Maps the span [from, to); an insertion is an empty one. */
export function map(from: i32, to: i32): void {
  const isInsertion = from === to;
  const low = isInsertion ? from - 1 : from;
  const high = isInsertion ? from + 1 : to;
  const first = exonAt(low);
  const firstIn = first < exons && low >= exonStart(first);
  let last = first;
  if (high - 1 >= (first < exons ? exonEnd(first) : high)) last = exonAt(high - 1);
  const lastIn = last < exons && high - 1 >= exonStart(last);
  touchesExon = firstIn || (first < exons && exonStart(first) < high) || isStretchedTo(low, high);
  const lowCdna = firstIn ? cdnaIn(first, low) : 0;
  const highCdna = lastIn ? cdnaIn(last, high - 1) : 0;
  cdnaFrom = forward ? lowCdna : highCdna;
  cdnaTo = forward ? highCdna : lowCdna;
  if (isInsertion) {
    if (cdnaFrom !== 0) {
      cdnaTo = cdnaFrom;
      cdnaFrom++;
    } else {
      cdnaFrom = cdnaTo;
      cdnaTo = cdnaTo === 0 ? 0 : cdnaTo - 1;
    }
  }
  cdsFrom = 0;
  cdsTo = 0;
  touchesCoding = false;
  if ((flags & IS_CODING) !== 0 && touchesExon) mapCoding(from, to);
}

/** Whether [low, high) is so near to an exon that it counts as in it, where an intron is too short to be one. */
function isStretchedTo(low: i32, high: i32): bool {
  if ((flags & STRETCHED) === 0) return false;
  const exon = exonAt(low - STRETCH);
  return exon < exons && exonStart(exon) - STRETCH < high;
}

function mapCoding(from: i32, to: i32): void {
  const coding = word(CDNA_START);
  const codingEnd = word(CDNA_END);
  const pad = word(PAD);
  if (from === to) {
    // Both neighbours must be coding, else the insertion is beside the coding sequence.
    if (cdnaFrom === 0 || cdnaTo <= coding || cdnaFrom > codingEnd) return;
    touchesCoding = true;
    cdsTo = cdnaTo - coding + pad;
    cdsFrom = cdsTo + 1;
    return;
  }
  if (cdnaFrom > coding && cdnaFrom <= codingEnd) cdsFrom = cdnaFrom - coding + pad;
  if (cdnaTo > coding && cdnaTo <= codingEnd) cdsTo = cdnaTo - coding + pad;
  touchesCoding = cdsFrom !== 0 || cdsTo !== 0 || spansCoding(from, to);
}

/** Whether [from, to) contains a coding base between ends that have none. */
function spansCoding(from: i32, to: i32): bool {
  const codingEnd = word(CDS_END);
  const low = max(from, word(CDS_START));
  if (to <= word(CDS_START) || from >= codingEnd) return false;
  const exon = exonAt(low);
  return exon < exons && max(low, exonStart(exon)) < min(to, codingEnd);
}

/** Whether transcript `a` stands before `b`: by their ids, then as the reference has them. */
export function isBefore(a: i32, b: i32): bool {
  const lengthA = load<i32>(a + ID_LENGTH);
  const lengthB = load<i32>(b + ID_LENGTH);
  const idA = load<i32>(a + ID);
  const idB = load<i32>(b + ID);
  const shorter = min(lengthA, lengthB);
  for (let i = 0; i < shorter; i++) {
    const byteA = byteAt(idA + i);
    const byteB = byteAt(idB + i);
    if (byteA !== byteB) return byteA < byteB;
  }
  return lengthA !== lengthB ? lengthA < lengthB : load<i32>(a) < load<i32>(b);
}
