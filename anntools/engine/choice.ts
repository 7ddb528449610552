/** Which transcripts are told of: all, the canonical ones, MANE, or for each allele the one that VEP would pick. */
import { TranscriptFlag } from '../models/gene-models.ts';
import type { Reference } from '../bundle/reference.ts';

export type TranscriptChoice = 'all' | 'canonical' | 'mane' | 'pick';

/** Whether a block is written for the transcript. With `pick` that is decided by `bestTranscript`. */
export function keepsTranscript({ transcripts }: Reference, transcript: number, choice: TranscriptChoice): boolean {
  const flags = transcripts.flags[transcript];
  if (choice === 'canonical') return (flags & TranscriptFlag.CANONICAL) !== 0;
  if (choice === 'mane') return (flags & (TranscriptFlag.MANE_SELECT | TranscriptFlag.MANE_PLUS_CLINICAL)) !== 0;
  return true;
}

/**
 * The transcript of the block VEP's `--pick_allele` keeps, or -1. Its order
 * (https://www.ensembl.org/info/docs/tools/vep/script/vep_other.html#pick): MANE Select, MANE Plus Clinical,
 * canonical, APPRIS, support level, protein coding, CCDS, most severe term, longest coding sequence or transcript.
 */
export function bestTranscript(
  { transcripts }: Reference,
  candidates: readonly number[],
  inReach: (transcript: number) => boolean,
  rankOn: (transcript: number) => number,
): number {
  const { flags, appris, supportLevel, cdsCdnaStart, cdsCdnaEnd, exonFirst, exonStart, exonEnd } = transcripts;
  const without = (transcript: number, flag: number) => ((flags[transcript] & flag) === 0 ? 1 : 0);
  const length = (t: number) => {
    if (cdsCdnaStart[t] >= 0) return cdsCdnaEnd[t] - cdsCdnaStart[t];
    let sum = 0;
    for (let exon = exonFirst[t]; exon < exonFirst[t + 1]; exon++) sum += exonEnd[exon] - exonStart[exon];
    return sum;
  };
  const criteria: readonly ((transcript: number) => number)[] = [
    (t) => without(t, TranscriptFlag.MANE_SELECT),
    (t) => without(t, TranscriptFlag.MANE_PLUS_CLINICAL),
    (t) => without(t, TranscriptFlag.CANONICAL),
    (t) => appris[t] || 100,
    (t) => supportLevel[t] || 100,
    (t) => (cdsCdnaStart[t] >= 0 ? 0 : 1),
    (t) => without(t, TranscriptFlag.CCDS),
    rankOn,
    (t) => -length(t),
  ];
  let left = candidates.filter(inReach);
  for (const criterion of criteria) {
    if (left.length < 2) break;
    const scores = left.map(criterion);
    const best = Math.min(...scores);
    left = left.filter((_, i) => scores[i] === best);
  }
  return left[0] ?? -1;
}
