/**
 * Does translation stay in frame across a fusion? Where both breaks lie in introns, the last whole exon of the one
 * transcript is spliced to the next whole exon of the other; where both lie in exons, their broken exons become one. The
 * coding bases before the junction are counted on both sides: they must leave the same remainder by three. Everything
 * else needs more than models to tell, and is said to be unknown.
 */
import { type TranscriptView, hasFlag } from '../consequence/transcript.ts';
import { type Place, placeOf } from './place.ts';

export type Frame =
  | 'in_frame'
  | 'out_of_frame'
  /** The untranslated start of the one lies before the whole coding sequence of the other: a change of promoter. */
  | 'whole_cds'
  /** No coding sequence runs across the junction: at least one side is untranslated there. */
  | 'utr'
  /** One of the transcripts does not code. */
  | 'non_coding'
  | 'unknown';

/** One partner of a fusion: its transcript, and the outermost base of it that is kept. */
export interface Partner {
  view: TranscriptView;
  base: number;
  keepsLeft: boolean;
  /** How far off the base may be; null when it is exact. */
  interval: readonly [before: number, behind: number] | null;
}

/** The frame of the 5' partner's coding sequence in the 3' partner's, with bases inserted between them. */
export function frameOf(five: Partner, three: Partner, inserted: number): Frame {
  if (hasFlag(five.view.flags, 'EXTENT_ONLY') || hasFlag(three.view.flags, 'EXTENT_ONLY')) return 'unknown';
  if (!five.view.isCoding || !three.view.isCoding) return 'non_coding';
  if (hasFlag(five.view.flags, 'NO_FRAME') || hasFlag(three.view.flags, 'NO_FRAME')) return 'unknown';
  const fiveEdge = edgeOf(five);
  const threeEdge = edgeOf(three);
  if (fiveEdge === null || threeEdge === null || fiveEdge.isExonic !== threeEdge.isExonic) return 'unknown';
  return joined(five.view, fiveEdge.cdna, three.view, threeEdge.cdna, fiveEdge.isExonic ? inserted : 0);
}

function joined(five: TranscriptView, last: number, three: TranscriptView, first: number, inserted: number): Frame {
  if (last <= five.cdsCdnaStart && first <= three.cdsCdnaStart + 1) return 'whole_cds';
  // With its stop codon the 5' partner's protein ends before the junction.
  const isWithinFive = last > five.cdsCdnaStart && last < five.cdsCdnaEnd;
  const isWithinThree = first > three.cdsCdnaStart && first <= three.cdsCdnaEnd;
  if (!isWithinFive || !isWithinThree) return 'utr';
  const before = five.codingPosition(last) + five.pad + inserted;
  const expected = three.codingPosition(first) + three.pad - 1;
  return (before - expected) % 3 === 0 ? 'in_frame' : 'out_of_frame';
}

interface Edge {
  isExonic: boolean;
  /** One-based position in the spliced transcript of the outermost base that is kept and not spliced out. */
  cdna: number;
}

/** The bases of an intron that splicing cannot do without. */
const SPLICE_SITE = 2;

/** Where the spliced transcript is joined; null where that cannot be told. */
function edgeOf(partner: Partner): Edge | null {
  const { view, base, keepsLeft, interval } = partner;
  const place = placeOf(view, base);
  if (place === null) return null;
  if (place.isExonic) return interval === null ? { isExonic: true, cdna: view.cdnaIn(place.exon, base) } : null;
  if (interval !== null && !interval.every((off) => isWithin(partner, place, base + off))) return null;
  if (!keepsSite(partner, place, base)) return null;
  const { exon } = place;
  const cdna = keepsLeft ? view.cdnaIn(exon - 1, view.exonEnd[exon - 1] - 1) : view.cdnaIn(exon, view.exonStart[exon]);
  return { isExonic: false, cdna };
}

/** Whether a base lies in the same intron, its splice site kept. */
function isWithin(partner: Partner, { exon }: Place, base: number): boolean {
  const other = Number.isFinite(base) ? placeOf(partner.view, base) : null;
  return other !== null && !other.isExonic && other.exon === exon && keepsSite(partner, other, base);
}

/** Whether the splice site beside the last exon that is kept is kept as well. */
function keepsSite({ view, keepsLeft }: Partner, { exon }: Place, base: number): boolean {
  const kept = keepsLeft ? base + 1 - view.exonEnd[exon - 1] : view.exonStart[exon] - base;
  return kept >= SPLICE_SITE;
}
