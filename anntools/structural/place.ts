/** Where a base lies in a transcript: in which exon or intron, counted along the transcript as CSQ's EXON and INTRON. */
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { TranscriptView } from '../consequence/transcript.ts';

export interface Place {
  isExonic: boolean;
  /** The exon's number, or the intron's: that of the exon before it. */
  number: number;
  /** The exon itself, or the one on the right of the intron on the genome: an index into the exon arrays. */
  exon: number;
}

/** The place of a base of the transcript that the view has loaded; null outside its exons' extent. */
export function placeOf(view: TranscriptView, base: number): Place | null {
  const { exonFirst, exonLast, forward } = view;
  const exon = view.exonAt(base);
  if (exon === exonLast) return null;
  const isExonic = base >= view.exonStart[exon];
  if (!isExonic && exon === exonFirst) return null;
  const before = isExonic && forward ? 1 : 0;
  return { isExonic, exon, number: forward ? exon - exonFirst + before : exonLast - exon };
}

/** `exon3/12`, `intron2/11`; nothing where nothing is known. */
export function writePlace(place: Place | null, exons: number, out: ByteBuffer): void {
  if (place === null) return;
  out.ascii(place.isExonic ? 'exon' : 'intron');
  out.integer(place.number);
  out.ascii('/');
  out.integer(place.isExonic ? exons : exons - 1);
}
