/** Which exons and introns of a transcript a span meets: `n/m`, `n-m/total`, counted along the transcript. */
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { TranscriptView } from './transcript.ts';

const DASH = 45;
const SLASH = 47;

/** Appends the exons that [start, end) meets; an insertion (start = end) meets the one it lies inside of. */
export function writeExonNumbers(view: TranscriptView, start: number, end: number, out: ByteBuffer): void {
  const first = view.exonAt(start);
  let last = first;
  while (last < view.exonLast && view.exonStart[last] < end) last++;
  if (start === end && first < view.exonLast && view.exonStart[first] >= start) return;
  if (last > first) writeNumbers(view, first, last - 1, view.exonCount, out);
}

/** Appends the introns that [start, end) meets. */
export function writeIntronNumbers(view: TranscriptView, start: number, end: number, out: ByteBuffer): void {
  if (view.exonCount < 2 || end <= view.start || start >= view.end) return;
  // Intron i lies between exons i and i + 1.
  let first = Math.max(view.exonFirst, view.exonAt(start) - 1);
  while (first + 1 < view.exonLast && view.exonStart[first + 1] <= start) first++;
  let last = first;
  while (last + 1 < view.exonLast && view.exonEnd[last] < end) last++;
  if (last > first) writeNumbers(view, first, last - 1, view.exonCount - 1, out);
}

/** Of things counted from exonFirst on, in the direction of the transcript. */
function writeNumbers(
  { forward, exonFirst }: TranscriptView,
  first: number,
  last: number,
  total: number,
  out: ByteBuffer,
): void {
  const from = forward ? first - exonFirst + 1 : total - (last - exonFirst);
  const to = forward ? last - exonFirst + 1 : total - (first - exonFirst);
  out.integer(from);
  if (to !== from) {
    out.byte(DASH);
    out.integer(to);
  }
  out.byte(SLASH);
  out.integer(total);
}
