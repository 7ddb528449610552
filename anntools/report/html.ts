/**
 * The report of an annotation as one HTML page: what was annotated with what, what to know, and what was found, in
 * numbers and pictures. It needs nothing else: no script, no font, no request to anywhere.
 */
import { IMPACTS, TERMS, type Impact } from '../consequence/terms.ts';
import { barTable, histogramFigure, impactMark, karyotype, notice } from './html-parts.ts';
import { REPORT_STYLE } from './html-style.ts';
import { type Markup, NOTHING, html } from './markup.ts';
import { say, sayMany, sayShare } from './say.ts';
import type { AnnotateSummary, Warning } from './summary.ts';

/** Genes listed; the summary has more. */
const GENES_SHOWN = 12;

const impactOfTerm = new Map(TERMS.map(({ name, impact }) => [name, impact]));

/** The page, in UTF-8. */
export function htmlReport(summary: AnnotateSummary): string {
  const { input, anntools } = summary;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${input}: annotation report</title>
        <style>
          ${REPORT_STYLE}
        </style>
      </head>
      <body>
        <header>
          <p><b>anntools</b> annotation report</p>
          <p class="quiet"><time datetime="${summary.started}">${sayMoment(summary.started)}</time></p>
        </header>
        <main>
          ${title(summary)} ${entry('What to know', summary.warnings.map(warning))}
          ${entry('What was found', found(summary))}
          ${entry('Where', summary.contigs.length > 0 ? [karyotype(summary.contigs)] : [])}
          ${entry('How', [provenance(summary)])}
        </main>
        <footer>
          <p>anntools ${anntools}</p>
          <p>This page is complete in itself: it loads nothing and runs nothing.</p>
        </footer>
      </body>
    </html> `;
  return page.text;
}

function title(summary: AnnotateSummary): Markup {
  const { input, variants, records, assembly, warnings } = summary;
  const isToldBelow = warnings.some(({ message }) => message.startsWith(assembly.sentence));
  return html`<section class="title">
    <h1>${input}</h1>
    <p class="big">${sayMany(variants, 'variant')} in ${sayMany(records, 'record')}</p>
    ${isToldBelow ? NOTHING : html`<p>${assembly.sentence}</p>`}
  </section>`;
}

/** A part of the page with its name in the margin; nothing when it is empty. */
function entry(name: string, parts: readonly Markup[]): Markup {
  if (parts.length === 0) return NOTHING;
  return html`<section class="entry">
    <h2>${name}</h2>
    <div class="body">${parts}</div>
  </section>`;
}

function warning({ message, examples = [] }: Warning): Markup {
  const lines = examples.map(
    ({ line, field = '', text }) =>
      html`<li>
        <span class="quiet">line ${say(line)}${field === '' ? '' : `, ${field}`}:</span> <code>${text}</code>
      </li>`,
  );
  const list =
    lines.length === 0
      ? NOTHING
      : html`<details>
          <summary>${sayMany(lines.length, 'example')}</summary>
          <ul>
            ${lines}
          </ul>
        </details>`;
  return notice(
    html`<p>${message}</p>
      ${list}`,
  );
}

function found(summary: AnnotateSummary): Markup[] {
  const { records, classes, genes, frequencies, qualities, indel_lengths: indels } = summary;
  const terms = bySeverity(summary.terms);
  const parts: Markup[] = [];
  if (terms.length > 0) {
    parts.push(impacts(summary), known(summary));
    parts.push(
      barTable(
        'Records by most severe consequence',
        'Consequence',
        terms.map(([term, count]) => ({
          label: sayTerm(term),
          count,
          impact: impactOfTerm.get(term) ?? 'MODIFIER',
        })),
        records,
      ),
    );
  } else parts.push(known(summary));
  const charts: Markup[] = [];
  if (Object.keys(classes).length > 0) {
    const rows = Object.entries(classes).sort(([, a], [, b]) => b - a);
    charts.push(
      barTable(
        'Alleles by class',
        'Class',
        rows.map(([name, count]) => ({ label: sayTerm(name), count })),
      ),
    );
  }
  charts.push(substitutions(summary));
  if (frequencies) {
    charts.push(
      histogramFigure({
        title: 'Allele frequency',
        axis: 'alternative allele frequency, INFO/AF',
        histogram: frequencies,
      }),
    );
  }
  if (qualities) {
    charts.push(
      histogramFigure({ title: 'Quality', axis: 'QUAL, Phred scale', histogram: qualities, openEnded: true }),
    );
  }
  if (indels) {
    charts.push(
      histogramFigure({
        title: 'Indel lengths',
        axis: 'bases gained (or, below 0, lost)',
        histogram: indels,
        discrete: true,
        openEnded: true,
      }),
    );
  }
  if (genes.length > 0) {
    const rows = genes.slice(0, GENES_SHOWN).map(({ symbol, records: count }) => ({ label: symbol, count }));
    charts.push(barTable('Genes with most records', 'Gene', rows, records));
  }
  parts.push(html`<div class="charts">${charts}</div>`);
  return parts;
}

function bySeverity(counts: Readonly<Record<string, number>>): [term: string, count: number][] {
  return TERMS.flatMap(({ name }): [string, number][] => ((counts[name] ?? 0) > 0 ? [[name, counts[name] ?? 0]] : []));
}

function impacts({ impacts: counts }: AnnotateSummary): Markup {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const boxes = IMPACTS.map((impact: Impact) => {
    const count = counts[impact] ?? 0;
    return html`<div class="impact-${impact}">
      <dt>${impactMark(impact)}${impact}</dt>
      <dd><b>${say(count)}</b> <small>${sayShare(count, total)}</small></dd>
    </div> `;
  });
  return html`<dl class="impacts" aria-label="Records by impact">${boxes}</dl> `;
}

function known(summary: AnnotateSummary): Markup {
  const {
    known: sources,
    tracks = [],
    variants,
    records,
    ref_compared: compared,
    ref_disagreeing: disagreeing,
  } = summary;
  const lines = [
    ...sources.map(
      ({ name, version, alleles }) =>
        html`<li>
          <b>${say(alleles)}</b> of ${sayMany(variants, 'variant')} known to ${`${name} ${version}`.trim()}
        </li>`,
    ),
    ...tracks.map(
      ({ name, records: overlapping }) =>
        html`<li><b>${say(overlapping)}</b> of ${sayMany(records, 'record')} overlap regions of ${name}</li>`,
    ),
  ];
  if (compared > 0) {
    const agreeing = compared - disagreeing;
    lines.push(html`<li><b>${say(agreeing)}</b> of ${sayMany(compared, 'REF allele')} agree with the reference</li>`);
  }
  return lines.length === 0
    ? NOTHING
    : html`<ul class="known">
        ${lines}
      </ul>`;
}

function substitutions({ transitions, transversions }: AnnotateSummary): Markup {
  if (transitions + transversions === 0) return NOTHING;
  const ratio = transversions > 0 ? (transitions / transversions).toFixed(2) : '–';
  return barTable(`Transitions and transversions: Ti/Tv ${ratio}`, 'Substitution', [
    { label: 'transitions', count: transitions },
    { label: 'transversions', count: transversions },
  ]);
}

function provenance(summary: AnnotateSummary): Markup {
  const { reference, options, seconds, records, samples } = summary;
  const sources = [
    ...[...summary.sources, ...summary.known].map(({ name, version }) => `${name} ${version}`.trim()),
    ...[...(summary.tracks ?? []), ...(summary.gene_tables ?? [])].map(({ name, source }) => `${name} (${source})`),
  ];
  const rate = seconds > 0 ? `, ${say(Math.round(records / seconds))} records/s` : '';
  const facts: [name: string, value: Markup][] = [
    [
      'Input',
      html`${summary.vcf_version === '' ? 'VCF' : `VCF ${summary.vcf_version}`}, ${sayMany(samples, 'sample')},
      ${sayMany(summary.input_bytes, 'byte')}`,
    ],
    ['Input SHA-256', html`<code>${summary.input_sha256}</code>`],
    ['Output SHA-256', html`<code>${summary.output_sha256}</code>`],
    [
      'Lines',
      html`${sayMany(summary.records, 'record')}, ${say(summary.multi_allelic)} with several ALTs,
      ${say(summary.passing)} with FILTER PASS or none, ${say(summary.bad_lines)} passed as they are`,
    ],
    ['Reference', html`${reference === '' ? 'none' : `${reference} (${summary.reference_assembly})`}`],
    ['Sources', html`${sources.length === 0 ? 'none' : sources.join(', ')}`],
    ['Options', html`transcripts: ${options.transcripts}; up to ${sayMany(options.distance, 'base')} beside them`],
    ['Time', html`${seconds.toFixed(2)} s${rate}`],
  ];
  return html`<dl class="record">
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd> `,
    )}
  </dl> `;
}

/** `splice region variant`, `5′ UTR variant`: words break better. */
function sayTerm(term: string): string {
  return term.replace('_prime', '′').replaceAll('_', ' ');
}

/** `2026-11-22 21:04:34 UTC`. */
function sayMoment(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}
