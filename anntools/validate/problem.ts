/** What is wrong with a line, and which section of the specification says so. Sections moved with 4.3; topics do not. */

export interface Problem {
  /** One-based line of the file. */
  line: number;
  /** Name of the column or of the sample, `##KEY` for a line of the header, `file` for the file as a whole. */
  column: string;
  /** A sentence's end whose subject is the column: `is 'x'; it must be a number`. */
  reason: string;
  /** `VCF 4.3 section 1.6.1`. */
  section: string;
  /** Errors are what the specification forbids; warnings what it advises against, or what it forbids and its own examples do. */
  severity: 'error' | 'warning';
}

/** What the specification writes about, with the section until 4.2 and the section since 4.3. */
const SECTIONS = {
  file: ['1', '1'],
  text: ['1', '1.2'],
  types: ['1.2.2', '1.3'],
  meta: ['1.2', '1.4'],
  fileformat: ['1.2.1', '1.4.1'],
  info: ['1.2.2', '1.4.2'],
  filter: ['1.2.3', '1.4.3'],
  format: ['1.2.4', '1.4.4'],
  alt: ['1.2.5', '1.4.5'],
  assembly: ['1.2.6', '1.4.6'],
  contig: ['1.2.7', '1.4.7'],
  sample: ['1.2.8', '1.4.8'],
  pedigree: ['1.2.9', '1.4.9'],
  columns: ['1.3', '1.5'],
  data: ['1.4', '1.6'],
  fixed: ['1.4.1', '1.6.1'],
  genotype: ['1.4.2', '1.6.2'],
  svInfo: ['3', '3'],
  svFormat: ['4', '4'],
  breakends: ['5.4', '5.4'],
} as const;

export type Topic = keyof typeof SECTIONS;

/** Collects the problems of the line at hand. */
export class Reporter {
  /** One-based; set by who reads the lines. */
  line = 0;
  /** Version by whose sections problems are told. */
  version = 4.2;
  private problems: Problem[] = [];

  /** @param warnings whether warnings are wanted. */
  constructor(readonly warnings: boolean) {}

  error(column: string, topic: Topic, reason: string): void {
    this.add('error', column, topic, reason);
  }

  warning(column: string, topic: Topic, reason: string): void {
    if (this.warnings) this.add('warning', column, topic, reason);
  }

  /** What was collected since the last call. */
  take(): readonly Problem[] {
    const { problems } = this;
    if (problems.length > 0) this.problems = [];
    return problems;
  }

  private add(severity: Problem['severity'], column: string, topic: Topic, reason: string): void {
    const section = `VCF ${this.version.toFixed(1)} section ${SECTIONS[topic][this.version < 4.3 ? 0 : 1]}`;
    this.problems.push({ line: this.line, column, reason, section, severity });
  }
}

/** A value as it is shown in a message: not too long, nothing that a terminal would obey. */
export function shown(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be shown
  const plain = text.replace(/[\0-\x1f\x7f]/g, '·');
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}
