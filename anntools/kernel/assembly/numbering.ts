/** Which exons and introns the allele meets (`../../consequence/numbering.ts`), and decay (`../../consequence/nmd.ts`). */
import * as allele from './allele';
import * as terms from './terms';
import { byte, integer } from './text';
import * as transcript from './transcript';
import { exonAt, exonEnd, exons, exonStart, forward, word } from './transcript';
import * as words from './transcript-words';

/** Coding bases at the start behind which decay sets in, and bases before the last junction where it does not. */
const NEAR_START: i32 = 100;
const NEAR_JUNCTION: i32 = 50;

/** `n/m` or `n-m/total`, counted along the transcript; nothing where no exon is met. */
export function writeExons(): void {
  const start = allele.start;
  const first = exonAt(start);
  let last = first;
  while (last < exons && exonStart(last) < allele.end) last++;
  if (start === allele.end && first < exons && exonStart(first) >= start) return;
  if (last > first) numbers(first, last - 1, exons);
}

/** The same of introns. */
export function writeIntrons(): void {
  const start = allele.start;
  const end = allele.end;
  if (exons < 2 || end <= transcript.start || start >= transcript.end) return;
  // Intron i lies between exons i and i + 1.
  let first = max(0, exonAt(start) - 1);
  while (first + 1 < exons && exonStart(first + 1) <= start) first++;
  let last = first;
  while (last + 1 < exons && exonEnd(last) < end) last++;
  if (last > first) numbers(first, last - 1, exons - 1);
}

function numbers(first: i32, last: i32, total: i32): void {
  const from = forward ? first + 1 : total - last;
  const to = forward ? last + 1 : total - first;
  integer(from);
  if (to !== from) {
    byte(45);
    integer(to);
  }
  byte(47);
  integer(total);
}

/** Whether a transcript whose reading ends too early escapes decay, by where the change lies. */
export function escapesDecay(low: i32): bool {
  // Frame shifts are left to the host.
  if ((low & (terms.STOP_GAINED | terms.SPLICE_DONOR | terms.SPLICE_ACCEPTOR)) === 0) return false;
  const cdsFrom = transcript.cdsFrom;
  const cdsTo = transcript.cdsTo;
  if (cdsFrom === 0 && cdsTo === 0) return false;
  if (exons === 1 || max(cdsFrom, cdsTo) <= NEAR_START) return true;
  const last = forward ? exons - 1 : 0;
  const lastLength = exonEnd(last) - exonStart(last);
  return max(transcript.cdnaFrom, transcript.cdnaTo) > word(words.SPLICED) - lastLength - NEAR_JUNCTION;
}
