/**
 * What is odd about the files a reference is made from: kept and counted, not refused. Each kind is told once, with
 * how often and a few examples; the bundle's manifest carries the list.
 */

/** Each kind of oddity, as a sentence part that follows a number: "12 exons overlap …". */
export const problemTexts = {
  CONTIG_WITHOUT_SEQUENCE: 'models lie on contigs that are not in the FASTA and are left out',
  CONTIG_BY_LENGTH: 'contigs of the gene file have another name in the FASTA and were matched by their length',
  OUTSIDE_CONTIG: 'models reach beyond the end of their contig and are left out',
  AMBIGUOUS_BASES: 'bases are IUPAC ambiguity codes and are stored as N',
  EMPTY_CONTIG: 'contigs have no bases and are left out',
  MISSING_PARENT:
    'features name a parent that is not in the file (or is of a kind that holds no transcripts); they are kept on their own',
  DUPLICATE_ID: 'features share their ID with a feature of another kind or strand; the first one counts',
  UNKNOWN_STRAND: 'transcripts have no strand and are read on the forward strand',
  NO_EXON_LINES: 'transcripts have no exon lines; their exons are taken from the coding parts, UTRs or extent',
  GENE_WITHOUT_TRANSCRIPT: 'genes have no transcript; only their extent is used',
  EXONS_OVERLAP: 'transcripts have exons that overlap each other',
  CDS_OUTSIDE_EXONS: 'transcripts have coding parts outside their exons; what lies outside is not used',
  SEVERAL_PROTEINS: 'transcripts carry several proteins; the longest coding sequence is used',
  TRANS_SPLICED: 'transcripts are trans-spliced; their coding changes are not spelled out',
  ACROSS_ORIGIN: 'transcripts cross the origin of a circular contig; they are cut there',
  NO_START_CODON: 'coding transcripts do not begin with a start codon',
  INNER_STOP: 'coding transcripts have a stop codon inside',
  NO_STOP_CODON: 'coding transcripts do not end with a stop codon',
  NOT_MULTIPLE_OF_THREE: 'coding transcripts have a length that is not a multiple of three',
  CODON_TABLES_DISAGREE: 'coding parts name another translation table than most of their contig',
} as const;

export type ProblemCode = keyof typeof problemTexts;

export interface Problem {
  code: ProblemCode;
  count: number;
  /** The first few, e.g. `transcript ENST1 (line 12)`. */
  examples: string[];
}

const EXAMPLES_MAX = 5;

/** Counts oddities as they are met. */
export class ProblemLog {
  readonly #problems = new Map<ProblemCode, Problem>();

  note(code: ProblemCode, example: string, count = 1): void {
    let problem = this.#problems.get(code);
    if (problem === undefined) {
      problem = { code, count: 0, examples: [] };
      this.#problems.set(code, problem);
    }
    problem.count += count;
    if (problem.examples.length < EXAMPLES_MAX) problem.examples.push(example);
  }

  /** Takes over what another log has counted. */
  include(problems: readonly Problem[]): void {
    for (const { code, count, examples } of problems) {
      examples.forEach((example, i) => this.note(code, example, i === 0 ? count : 0));
    }
  }

  list(): Problem[] {
    return [...this.#problems.values()];
  }
}
