/** What a batch teaches besides its bytes: the counts of the summary, and examples of what is worth telling of. */
import { EXAMPLES_MAX, type Example, type ExampleKind, type TallyCounts, emptyCounts } from '../report/tally.ts';

export class Findings {
  counts: TallyCounts;
  /** One-based line of the batch that is being read. */
  line = 0;
  private examples: Partial<Record<ExampleKind, Example[]>> = {};
  /** Examples of all batches, which come in their order: of a file only the first few are told. */
  private readonly given: Partial<Record<ExampleKind, number>> = {};

  constructor(
    private readonly sources: number,
    private readonly tracks: number,
  ) {
    this.counts = emptyCounts(sources, tracks);
  }

  /** Whether an example of the kind would be kept: they cost strings, so ask before making one of an ordinary record. */
  wants(kind: ExampleKind): boolean {
    return (this.given[kind] ?? 0) < EXAMPLES_MAX;
  }

  example(kind: ExampleKind, text: string, field?: string): void {
    if (!this.wants(kind)) return;
    this.given[kind] = (this.given[kind] ?? 0) + 1;
    (this.examples[kind] ??= []).push({ line: this.line, text, ...(field === undefined ? {} : { field }) });
  }

  /** Counts the line as one that cannot be read; false, for the caller to return. */
  badLine(text: string, field?: string): false {
    this.counts.badLines++;
    this.example('badLine', text, field);
    return false;
  }

  /** The examples since the last call. */
  takeExamples(): Partial<Record<ExampleKind, Example[]>> {
    const { examples } = this;
    this.examples = {};
    return examples;
  }

  /** What was counted since the last call. */
  takeCounts(): TallyCounts {
    const { counts } = this;
    this.counts = emptyCounts(this.sources, this.tracks);
    return counts;
  }
}
