/**
 * Which transcript stands for its gene. Ensembl, GENCODE and RefSeq say so; where a file does not, the rule Ensembl
 * used before MANE is applied: the longest coding sequence, then the longest transcript.
 */
import type { Span, TranscriptModel } from '../models/gene-models.ts';
import { TranscriptFlag } from '../models/gene-models.ts';

/** Flags a canonical transcript for each gene, unless the source has flagged any. Answers who chose. */
export function chooseCanonical(transcripts: readonly TranscriptModel[]): 'told' | 'chosen' {
  if (transcripts.some(({ flags }) => (flags & TranscriptFlag.CANONICAL) !== 0)) return 'told';
  const best = new Map<string, TranscriptModel>();
  for (const transcript of transcripts) {
    if (transcript.geneId === '') continue;
    const key = `${transcript.contig}\t${transcript.geneId}`;
    const rival = best.get(key);
    if (rival === undefined || stands(transcript, rival)) best.set(key, transcript);
  }
  for (const transcript of best.values()) transcript.flags |= TranscriptFlag.CANONICAL;
  return 'chosen';
}

function stands(transcript: TranscriptModel, rival: TranscriptModel): boolean {
  const coding = basesOf(transcript.cds ?? []) - basesOf(rival.cds ?? []);
  if (coding !== 0) return coding > 0;
  const spliced = basesOf(transcript.exons) - basesOf(rival.exons);
  return spliced !== 0 ? spliced > 0 : transcript.id < rival.id;
}

function basesOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}
