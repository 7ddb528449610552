/** The pictures of a result, and the file they are drawn from, which may be of another version or broken. */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { Findings } from '../../../web/components/findings.tsx';
import { HistogramFigure } from '../../../web/components/histogram-figure.tsx';
import { Karyotype } from '../../../web/components/karyotype.tsx';
import { readSummaryFile } from '../../../web/components/summary-file.ts';
import { summary } from '../support/jobs.ts';

/** As the engine writes it (anntools/report/summary.ts), shortened. */
const written = {
  anntools: '0.1.0',
  vcf_version: '4.2',
  samples: 1,
  records: 3,
  passing: 2,
  multi_allelic: 1,
  transitions: 20,
  transversions: 10,
  qualities: { from: 0, width: 10, counts: [1, 0, 2] },
  frequencies: { from: 0, width: 0.5, counts: [1, 2] },
  indel_lengths: { from: -2, width: 1, counts: [1, 0, 0, 4, 5] },
  contigs: [
    { name: 'chr1', length: 248_956_422, count: 2, bins: [0, 2, 0] },
    { name: 'odd', count: 1, bins: [1] },
  ],
  genes: [{ symbol: 'TTN', id: 'ENSG1', records: 2 }],
  known: [{ name: 'ClinVar', version: '2024-09', alleles: 2 }],
  tracks: [{ name: 'SEGDUP', source: 'sd.bed', intervals: 9, bad_lines: 0, records: 1 }],
  gene_tables: [{ name: 'LOEUF', source: 'l.tsv', columns: ['LOEUF'], genes: 3, unmatched: 0 }],
  sources: [{ name: 'Ensembl', version: '110' }],
  warnings: [{ code: 'BAD_LINES', message: 'One line.', count: 1, examples: [{ line: 7, text: 'has 3 columns' }] }],
};

test('the summary is read as it was written', () => {
  expect(readSummaryFile(written)).toEqual({
    vcfVersion: '4.2',
    samples: 1,
    passing: 2,
    multiAllelic: 1,
    transitions: 20,
    transversions: 10,
    qualities: { from: 0, width: 10, counts: [1, 0, 2] },
    frequencies: { from: 0, width: 0.5, counts: [1, 2] },
    indelLengths: { from: -2, width: 1, counts: [1, 0, 0, 4, 5] },
    contigs: [
      { name: 'chr1', length: 248_956_422, count: 2, bins: [0, 2, 0] },
      { name: 'odd', count: 1, bins: [1] },
    ],
    genes: [{ symbol: 'TTN', records: 2 }],
    known: [{ name: 'ClinVar', version: '2024-09', alleles: 2 }],
    tracks: [{ name: 'SEGDUP', source: 'sd.bed', regions: 9, records: 1 }],
    geneTables: [{ name: 'LOEUF', source: 'l.tsv', genes: 3 }],
    sources: [{ name: 'Ensembl', version: '110' }],
    examples: new Map([['BAD_LINES', [{ line: 7, text: 'has 3 columns' }]]]),
  });
});

test.each([[null], [undefined], ['text'], [7], [[]]])('%p is no summary', (value) => {
  expect(readSummaryFile(value)).toBeNull();
});

test.each([
  ['counts that are none', { qualities: { from: 0, width: 1, counts: [1, -1] } }],
  ['no bins', { qualities: { from: 0, width: 1, counts: [] } }],
  ['bins of no width', { qualities: { from: 0, width: 0, counts: [1] } }],
  ['a word for a number', { transitions: 'many', transversions: 1.5 }],
  ['contigs without names', { contigs: [{ count: 1, bins: [1] }, null, 'chr1'] }],
])('%s are left out', (_, value) => {
  const read = readSummaryFile(value);
  expect(read).not.toHaveProperty('qualities');
  expect(read).not.toHaveProperty('transitions');
  expect(read).not.toHaveProperty('transversions');
  expect(read?.contigs).toEqual([]);
});

test('whatever the file holds, the page is drawn, and its text is text', async () => {
  const known = Object.keys(written);
  const anything = fc.record(
    Object.fromEntries(
      known.map((key) => [key, fc.oneof(fc.constant(written[key as keyof typeof written]), fc.jsonValue())]),
    ),
  );
  await fc.assert(
    fc.asyncProperty(anything, fc.string(), async (value, text) => {
      const hostile = `<img src=x>${text}`;
      const file = readSummaryFile({
        ...value,
        genes: [{ symbol: hostile, records: 1 }],
        known: [{ name: hostile, version: hostile, alleles: 1 }],
        contigs: [{ name: hostile, count: 1, bins: [1] }],
      });
      const html = await Findings({ summary, file });
      expect(html).not.toContain('<img');
      expect(html).not.toMatch(/NaN|undefined|Infinity/);
    }),
  );
});

test('Ti/Tv, known alleles and genes are said in numbers', async () => {
  const html = await Findings({ summary, file: readSummaryFile(written) });
  expect(html).toContain('Ti/Tv 2.00');
  expect(html).toContain('of 193,204 variants known to ClinVar 2024-09');
  expect(html).toContain('TTN');
});

test('an axis has a few round values, with a true minus', async () => {
  const draw = (from: number, width: number, bins: number, discrete = false) =>
    HistogramFigure({
      title: 't',
      description: 'd',
      axis: 'a',
      discrete,
      openEnded: true,
      histogram: { from, width, counts: Array.from({ length: bins }, (_, i) => i) },
    });
  const ticks = async (html: JSX.Element) =>
    [...(await html).matchAll(/text-anchor="middle">([^<]*)</g)].map(([, text]) => text).slice(0, -1);
  expect(await ticks(draw(0, 0.02, 50))).toEqual(['0', '0.25', '0.5', '0.75', '1']);
  expect(await ticks(draw(0, 50, 38))).toEqual(['0', '500', '1,000', '1,500']);
  expect(await ticks(draw(-50, 1, 101, true))).toEqual(['−50', '−25', '0', '25', '50']);
  const html = await draw(-50, 1, 101, true);
  expect(html).toContain('<title>−50 and less: 0</title>');
  expect(html).toContain('<title>−1: 49</title>');
  expect(html).toContain('<title>50 and more: 100</title>');
});

test('a karyotype has a strip a contig, as long as it is, and counts the rest', async () => {
  const contigs = Array.from({ length: 30 }, (_, i) => ({
    name: `chr${i + 1}`,
    length: 100 + i,
    count: 2,
    bins: [1, 1],
  }));
  const html = await Karyotype({ contigs });
  expect(html.match(/<svg/g)).toHaveLength(26);
  expect(html).toContain('4 more contigs');
  expect(html).toContain('class="number">8<');
});
