/**
 * Whether a transcript whose reading ends too early escapes nonsense-mediated decay, judged by where the change lies
 * (Lindeboom et al. 2016, doi:10.1038/ng.3664; the column NMD of Ensembl's plugin): decay needs an exon junction more
 * than 50 bases behind, and does not happen near the start. Counted along the spliced transcript.
 */
import type { Prediction } from './predict.ts';
import { Bit } from './terms.ts';
import type { TranscriptView } from './transcript.ts';

/** Changes that end the reading too early, or may. */
const TRUNCATING = Bit.STOP_GAINED | Bit.FRAMESHIFT | Bit.SPLICE_DONOR | Bit.SPLICE_ACCEPTOR;
/** Coding bases at the start behind which decay sets in. */
const NEAR_START = 100;
/** Bases before the last junction where it does not. */
const NEAR_JUNCTION = 50;

export function escapesDecay(view: TranscriptView, prediction: Prediction): boolean {
  if ((prediction.low & TRUNCATING) === 0 || !prediction.inCoding) return false;
  const { cdnaFrom, cdnaTo, cdsFrom, cdsTo, exonFirst, exonLast, forward, splicedLength } = view;
  if (cdsFrom === 0 && cdsTo === 0) return false;
  if (exonLast - exonFirst === 1 || Math.max(cdsFrom, cdsTo) <= NEAR_START) return true;
  const last = forward ? exonLast - 1 : exonFirst;
  const lastLength = view.exonEnd[last] - view.exonStart[last];
  return Math.max(cdnaFrom, cdnaTo) > splicedLength - lastLength - NEAR_JUNCTION;
}
