/** The genes at a stretch of the genome, each with the transcript that stands for it there. */
import { NO_GENE, type Reference } from '../bundle/reference.ts';
import { bestTranscript } from '../engine/choice.ts';

export interface GeneThere {
  /** Index of the gene; `NO_GENE` where the transcript belongs to none. */
  gene: number;
  /** Of those that are there, the one `--transcripts pick` would choose. */
  transcript: number;
}

/** The genes that [start, end) overlaps, ascending; where it has no bases, those on both sides of it. */
export function genesAt(reference: Reference, contig: number, start: number, end: number): GeneThere[] {
  const { transcripts } = reference;
  const last = transcripts.firstOfContig[contig + 1];
  const byGene = new Map<number, number[]>();
  for (let t = firstReaching(reference, contig, start); t < last && transcripts.start[t] < end; t++) {
    if (transcripts.end[t] <= start) continue;
    const gene = transcripts.gene[t];
    const key = gene === NO_GENE ? -1 - t : gene;
    const known = byGene.get(key);
    if (known) known.push(t);
    else byGene.set(key, [t]);
  }
  return [...byGene]
    .map(([key, candidates]) => ({ gene: key < 0 ? NO_GENE : key, transcript: best(reference, candidates) }))
    .sort((a, b) => a.gene - b.gene || a.transcript - b.transcript);
}

function best(reference: Reference, candidates: readonly number[]): number {
  return bestTranscript(
    reference,
    candidates,
    () => true,
    () => 0,
  );
}

/** The first transcript of a contig from which on one may end behind an offset: `reach` ascends. */
function firstReaching({ transcripts }: Reference, contig: number, offset: number): number {
  let low = transcripts.firstOfContig[contig];
  let high = transcripts.firstOfContig[contig + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (transcripts.reach[middle] > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
