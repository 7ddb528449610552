/**
 * HGVS of the allele on the transcript that was taken up, as `../../hgvs/transcript.ts` writes it: `c.` or `n.`,
 * insertions and deletions at their last possible place along the strand (`../../hgvs/shift.ts`).
 */
import * as allele from './allele';
import { MOVED } from './layout';
import { byteAt } from './memory';
import { baseAt, complement, contigLength, hasSequence } from './sequence';
import { byte, integer, piece } from './text';
import * as transcript from './transcript';
import { cdnaIn, exonAt, exonEnd, exons, exonStart, forward, word } from './transcript';
import * as words from './transcript-words';

/** VEP looks this far for where an allele can be shifted to. */
const FLANK: i32 = 1000;
/** Farther than any exon. */
const FAR: i32 = 0x7fffffff;

/** The allele as it is described: its span, and its bases. */
let start: i32 = 0;
let end: i32 = 0;
let ref: i32 = 0;
let alt: i32 = 0;
/** Shifts along the forward and the reverse strand, -1 before they are asked for; which of them was made. */
let shiftForward: i32 = -1;
let shiftReverse: i32 = -1;
let madeFor: i32 = 0;
/** Set when a base was needed that is not known here. */
let failed: bool = false;

/** Forgets the allele of the record before. */
export function nextAllele(): void {
  shiftForward = -1;
  shiftReverse = -1;
  madeFor = 0;
  failed = false;
}

/** Whether a base was missing: the record is left to the host. */
export function hasFailed(): bool {
  return failed;
}

/** How far the allele is shifted along the transcript, negative on the reverse strand. */
export function offset(): i32 {
  return forward ? shift(true) : -shift(false);
}

/** Writes the description; false where there is none. */
export function describe(): bool {
  if ((transcript.flags & words.EXTENT_ONLY) !== 0) return false;
  if (allele.refLength !== allele.altLength && !hasSequence) return false;
  place();
  const isInside =
    start === end
      ? start > transcript.start && start < transcript.end
      : start >= transcript.start && end <= transcript.end;
  if (!isInside) return false;
  piece(word(words.NAME), word(words.NAME_LENGTH));
  byte(58);
  byte((transcript.flags & words.IS_CODING) !== 0 ? 99 : 110);
  byte(46);
  change();
  return true;
}

/** Where the allele is described. */
function place(): void {
  const by = allele.change === allele.INSERTION || allele.change === allele.DELETION ? shift(forward) : 0;
  if (by === 0) {
    start = allele.start;
    end = allele.end;
    ref = allele.ref;
    alt = allele.alt;
    return;
  }
  const turn = forward ? by : -by;
  start = allele.start + turn;
  end = allele.end + turn;
  // Of a deletion only the place is told.
  alt = MOVED;
  if (madeFor === (forward ? 1 : 2)) return;
  madeFor = forward ? 1 : 2;
  const length = allele.altLength;
  for (let i = 0; i < length; i++) {
    const from = (((i + turn) % length) + length) % length;
    store<u8>(MOVED + i, load<u8>(allele.alt + from));
  }
}

function shift(alongForward: bool): i32 {
  if (allele.change !== allele.INSERTION && allele.change !== allele.DELETION) return 0;
  if (!hasSequence) return 0;
  if (alongForward) {
    if (shiftForward < 0) shiftForward = run(true);
    return shiftForward;
  }
  if (shiftReverse < 0) shiftReverse = run(false);
  return shiftReverse;
}

/** How many bases beside the allele repeat it, over and over, in VEP's window. */
function run(alongForward: bool): i32 {
  const length = allele.refLength + allele.altLength;
  const pattern = allele.refLength === 0 ? allele.alt : allele.ref;
  const low = max(0, allele.start - FLANK);
  const high = min(contigLength, allele.end + FLANK);
  const flank = min(FLANK, high - low);
  const limit = flank >= length ? flank - length + 1 : flank;
  const from = alongForward ? high - flank : low + flank - 1;
  let i = alongForward ? 0 : length - 1;
  let moved = 0;
  for (; moved < limit; moved++) {
    const base = baseAt(alongForward ? from + moved : from - moved);
    if (base === 0) failed = true;
    if (base !== byteAt(pattern + i)) break;
    if (alongForward) i = i + 1 === length ? 0 : i + 1;
    else i = i === 0 ? length - 1 : i - 1;
  }
  return moved;
}

function change(): void {
  const refLength = allele.refLength;
  const altLength = allele.altLength;
  if (allele.change === allele.SNV) {
    // VEP counts a coding SNV like the CDS position, with the bases that an incomplete first codon lacks.
    if (transcript.cdsFrom !== 0) integer(transcript.cdsFrom);
    else position(start);
    substitution(0);
    return;
  }
  if (refLength === 0) return insertion(start, 0, altLength);
  if (altLength === 0) {
    range(start, end);
    return del();
  }
  const copies = altLength % refLength === 0 ? altLength / refLength : 0;
  if (copies > 1 && repeatsRef()) {
    range(start, end);
    if (copies === 2) dup();
    else {
      byte(91);
      integer(copies);
      byte(93);
    }
    return;
  }
  // What the alleles share is no part of the change: first at the transcript's 5' end, then at its 3' end.
  let head = 0;
  let tail = 0;
  const shorter = min(refLength, altLength);
  if (forward) {
    while (head < shorter && byteAt(ref + head) === byteAt(alt + head)) head++;
    while (tail < shorter - head && byteAt(ref + refLength - 1 - tail) === byteAt(alt + altLength - 1 - tail)) tail++;
  } else {
    while (tail < shorter && byteAt(ref + refLength - 1 - tail) === byteAt(alt + altLength - 1 - tail)) tail++;
    while (head < shorter - tail && byteAt(ref + head) === byteAt(alt + head)) head++;
  }
  const from = start + head;
  const to = end - tail;
  const added = altLength - head - tail;
  if (to - from === 1 && added === 1) {
    position(from);
    return substitution(head);
  }
  if (from === to) return insertion(from, head, added);
  range(from, to);
  if (added === 0) return del();
  // VEP asks before the shared bases are taken off.
  if (refLength === altLength && isInverted()) {
    byte(105);
    byte(110);
    byte(118);
    return;
  }
  del();
  ins();
  bases(head, added);
}

/** `A>G` of one base of the alleles. */
function substitution(at: i32): void {
  const from = byteAt(ref + at);
  const to = byteAt(alt + at);
  byte(forward ? from : complement(from));
  byte(62);
  byte(forward ? to : complement(to));
}

/** An insertion, or a duplication where the bases before it are the same; `skip` bases of the ALT are not part of it. */
function insertion(at: i32, skip: i32, length: i32): void {
  if (skip === 0 && length === allele.altLength) {
    // The bases behind the insertion are asked first, as VEP does; after a full 3' shift only those before can match.
    const behind = forward ? at : at - length;
    const before = forward ? at - length : at;
    const from = isRepeat(behind, length) ? behind : isRepeat(before, length) ? before : -1;
    if (from >= 0) {
      range(from, from + length);
      return dup();
    }
  }
  // The two neighbours, in the transcript's direction.
  position(forward ? at - 1 : at);
  byte(95);
  position(forward ? at : at - 1);
  ins();
  bases(skip, length);
}

/** Bases of the ALT along the transcript. */
function bases(skip: i32, length: i32): void {
  if (forward) for (let i = 0; i < length; i++) byte(byteAt(alt + skip + i));
  else for (let i = length - 1; i >= 0; i--) byte(complement(byteAt(alt + skip + i)));
}

/** Whether the bases from an offset on, inside the transcript, are the inserted ones. */
function isRepeat(from: i32, length: i32): bool {
  if (from < transcript.start || from + length > transcript.end) return false;
  for (let i = 0; i < length; i++) {
    const base = baseAt(from + i);
    if (base === 0) failed = true;
    if (base !== byteAt(alt + i)) return false;
  }
  return true;
}

function repeatsRef(): bool {
  for (let i = 0; i < allele.altLength; i++) {
    if (byteAt(alt + i) !== byteAt(ref + (i % allele.refLength))) return false;
  }
  return true;
}

/** Whether ALT is REF turned round. */
function isInverted(): bool {
  const length = allele.refLength;
  for (let i = 0; i < length; i++) {
    if (byteAt(ref + i) !== complement(byteAt(alt + length - 1 - i))) return false;
  }
  return length > 1;
}

/** The first and last base of [from, to) in the transcript's direction; one position when they are the same. */
function range(from: i32, to: i32): void {
  position(forward ? from : to - 1);
  if (to - from === 1) return;
  byte(95);
  position(forward ? to - 1 : from);
}

/** The position of an offset on the genome. */
function position(at: i32): void {
  const exon = exonAt(at);
  if (exon < exons && at >= exonStart(exon)) return exonic(cdnaIn(exon, at));
  const left = exon > 0 ? at - exonEnd(exon - 1) + 1 : FAR;
  const right = exon < exons ? exonStart(exon) - at : FAR;
  // In the middle the exon before it, on the transcript, counts.
  const fromLeft = left < right || (left === right && forward);
  const nearest = fromLeft ? cdnaIn(exon - 1, exonEnd(exon - 1) - 1) : cdnaIn(exon, exonStart(exon));
  const isBehind = fromLeft === forward;
  if (nearest === word(words.CDNA_END)) {
    // VEP leaves the last coding base out: `*5` and `*-2` for `138+5` and `138-2`.
    byte(42);
    if (!isBehind) byte(45);
  } else {
    exonic(nearest);
    byte(isBehind ? 43 : 45);
  }
  integer(fromLeft ? left : right);
}

function exonic(cdna: i32): void {
  const coding = word(words.CDNA_START);
  const codingEnd = word(words.CDNA_END);
  if ((transcript.flags & words.IS_CODING) === 0) integer(cdna);
  else if (cdna > codingEnd) {
    byte(42);
    integer(cdna - codingEnd);
  } else integer(cdna > coding ? cdna - coding : cdna - coding - 1);
}

function del(): void {
  byte(100);
  byte(101);
  byte(108);
}

function dup(): void {
  byte(100);
  byte(117);
  byte(112);
}

function ins(): void {
  byte(105);
  byte(110);
  byte(115);
}
