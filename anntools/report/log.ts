/** The count log a job keeps (`<input>.vcf.count.log`, the seed's name): everything that was counted, as text. */
import type { AnnotateSummary, GeneTableSummary, Histogram } from './summary.ts';
import { say, sayMany } from './say.ts';
import { type Example, INDEL_MAX } from './tally.ts';

/** What the log tells beyond the summary. */
export interface LogDetails {
  /** The first variants that were found in a source of known variants. */
  knownExamples: readonly Example[];
  threads: number;
}

/** The log as text, lines ended by `\n`. */
export function countLog(summary: AnnotateSummary, details: LogDetails): string {
  return [
    ...heading(summary),
    ...warningLines(summary),
    ...counts('Lines', [
      ['lines after the header', summary.lines],
      ['records', summary.records],
      ['lines passed as they are', summary.bad_lines],
      ['records with several ALTs', summary.multi_allelic],
      ['records with FILTER PASS or .', summary.passing],
      ['variants (ALTs that change something)', summary.variants],
    ]),
    ...counts('Records by most severe consequence', Object.entries(summary.terms)),
    ...counts('Records with a consequence at all', Object.entries(summary.all_terms)),
    ...counts('Records by impact', Object.entries(summary.impacts)),
    ...counts('Variants by class', Object.entries(summary.classes)),
    ...substitutions(summary),
    ...indels(summary.indel_lengths),
    ...counts(
      'Records by contig',
      summary.contigs.map(({ name, count }) => [name, count]),
    ),
    ...counts(
      'Genes with most records',
      summary.genes.map(({ symbol, id, records }) => [symbol === id ? id : `${symbol} (${id})`, records]),
    ),
    ...counts(
      'Variants found in',
      summary.known.map(({ name, version, alleles }) => [`${name} ${version}`.trim(), alleles]),
    ),
    ...section(
      'The first of them',
      details.knownExamples.map(({ line, text }) => `line ${line}: ${text}`),
    ),
    ...counts(
      'Records that overlap',
      (summary.tracks ?? []).map(({ name, source, intervals, records }) => [
        `${name} (${source}, ${sayMany(intervals, 'interval')})`,
        records,
      ]),
    ),
    ...section('Tables of genes', (summary.gene_tables ?? []).map(geneTable)),
    ...reference(summary),
    ...timings(summary, details),
  ].join('\n');
}

function heading(summary: AnnotateSummary): string[] {
  const version = summary.vcf_version === '' ? 'VCF' : `VCF ${summary.vcf_version}`;
  const samples = summary.samples === 1 ? '1 sample' : `${say(summary.samples)} samples`;
  return [
    `anntools ${summary.anntools}: annotation of ${summary.input}`,
    '',
    `Input:    ${version}, ${samples}, ${say(summary.input_bytes)} bytes, SHA-256 ${summary.input_sha256}`,
    `Output:   SHA-256 ${summary.output_sha256}`,
    `Assembly: ${summary.assembly.sentence}`,
    ...summary.assembly.evidence.slice(0, 5).map((evidence) => `          - ${evidence}`),
    '',
  ];
}

function warningLines({ warnings }: AnnotateSummary): string[] {
  return section(
    'To know about this result',
    warnings.flatMap(({ code, message, examples = [] }) => [
      `${code}: ${message}`,
      ...examples.map(({ line, field, text }) => `  line ${line}${field ? `, ${field}` : ''}: ${text}`),
    ]),
  );
}

function substitutions({ transitions, transversions }: AnnotateSummary): string[] {
  if (transitions + transversions === 0) return [];
  const ratio = transversions === 0 ? '–' : (transitions / transversions).toFixed(3);
  return [
    ...counts('Substitutions', [
      ['transitions', transitions],
      ['transversions', transversions],
    ]).slice(0, -1),
    `${' '.repeat(12)}  Ti/Tv ${ratio}`,
    '',
  ];
}

function geneTable({ name, source, columns, genes, unmatched, unmatched_examples: some }: GeneTableSummary): string {
  const others = unmatched === 0 ? '' : `, of which ${say(unmatched)} are not in the reference: ${some.join(', ')}`;
  const more = unmatched > some.length ? ' …' : '';
  return `${name} (${source}): ${columns.join(', ')} of ${sayMany(genes, 'gene')}${others}${more}`;
}

/** Bins of the log: the histogram has one for each length. */
const INDEL_RANGES: readonly (readonly [least: number, most: number])[] = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 5],
  [6, 10],
  [11, 20],
  [21, INDEL_MAX - 1],
  [INDEL_MAX, INDEL_MAX],
];

function indels(lengths: Histogram | undefined): string[] {
  if (!lengths) return [];
  const rows = (sign: 1 | -1, word: string) =>
    INDEL_RANGES.map(([least, most]): [string, number] => {
      let sum = 0;
      for (let length = least; length <= most; length++) sum += lengths.counts[sign * length - lengths.from];
      const range = least === INDEL_MAX ? `${least} or more` : least === most ? `${least}` : `${least}–${most}`;
      return [`${word} ${range} ${range === '1' ? 'base' : 'bases'}`, sum];
    });
  return counts('Insertions and deletions by length', [...rows(1, 'gain'), ...rows(-1, 'loss')]);
}

function reference(summary: AnnotateSummary): string[] {
  if (summary.reference === '') return section('Reference', ['none']);
  return section('Reference', [
    `${summary.reference} (${summary.reference_assembly})`,
    ...summary.sources.map(({ name, version }) => `  ${name} ${version}`.trimEnd()),
    `transcripts: ${summary.options.transcripts}; up to ${say(summary.options.distance)} bases beside them`,
    ...(summary.ref_compared > 0
      ? [
          `REF compared with the sequence in ${say(summary.ref_compared)} records; ${say(summary.ref_disagreeing)} disagree`,
        ]
      : []),
  ]);
}

function timings({ started, seconds, records }: AnnotateSummary, { threads }: LogDetails): string[] {
  const rate = seconds > 0 ? `, ${say(Math.round(records / seconds))} records/s` : '';
  return section('Time', [
    `started ${started}, ${seconds.toFixed(2)} s${rate}, ${threads === 1 ? '1 thread' : `${threads} threads`}`,
  ]);
}

/** Right-aligned numbers under a heading; rows of zero and empty sections are left out. */
function counts(title: string, rows: readonly (readonly [name: string, count: number])[]): string[] {
  return section(
    title,
    rows.filter(([, count]) => count > 0).map(([name, count]) => `${say(count).padStart(12)}  ${name}`),
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`== ${title}`, ...lines, ''];
}
