/** The genes at a stretch of the genome, each with the transcript that stands for it there. */
import { NO_GENE, type Reference } from '../bundle/reference.ts';
import { bestTranscript } from '../consequence/choice.ts';
import { TranscriptSweep } from '../consequence/sweep.ts';

export interface GeneThere {
  /** Index of the gene; `NO_GENE` where the transcript belongs to none. */
  gene: number;
  /** Of those that are there, the one `--transcripts pick` would choose. */
  transcript: number;
}

export class GeneFinder {
  readonly #reference: Reference;
  readonly #sweep: TranscriptSweep;

  constructor(reference: Reference) {
    this.#reference = reference;
    this.#sweep = new TranscriptSweep(reference.transcripts, 0);
  }

  /** The genes that [start, end) overlaps, ascending; where it has no bases, those on both sides of it. */
  at(contig: number, start: number, end: number): GeneThere[] {
    const { transcripts } = this.#reference;
    this.#sweep.moveTo(contig, start, end);
    const byGene = new Map<number, number[]>();
    for (const transcript of this.#sweep.near) {
      if (transcripts.start[transcript] >= end || transcripts.end[transcript] <= start) continue;
      const gene = transcripts.gene[transcript];
      const key = gene === NO_GENE ? -1 - transcript : gene;
      const known = byGene.get(key);
      if (known) known.push(transcript);
      else byGene.set(key, [transcript]);
    }
    return [...byGene]
      .map(([key, candidates]) => ({
        gene: key < 0 ? NO_GENE : key,
        transcript: bestTranscript(
          this.#reference,
          candidates,
          () => true,
          () => 0,
        ),
      }))
      .sort((a, b) => a.gene - b.gene || a.transcript - b.transcript);
  }
}
