/** The report as a page: whole, strict, without requests, and harmless whatever a file carries. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import * as fc from 'fast-check';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotateFile, type AnnotateSummary } from '../../../anntools/index.ts';
import { htmlReport } from '../../../anntools/report/html.ts';
import { basesOf, makeSmallReference } from '../../support/small-reference.ts';
import { starterFolder } from '../../support/starter.ts';
import { header } from '../../support/vcf.ts';

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const reference = join(folder, 'small');
let summary: AnnotateSummary;

const HOSTILE = '"><script src=//x>alert(1)</script><img src=x onerror=alert(1)>\'&amp;\u0000\u001b[31m';

async function reportOf(text: string, name = 'x.vcf'): Promise<{ page: string; summary: AnnotateSummary }> {
  const input = join(folder, 'in.vcf');
  writeFileSync(input, text);
  const report = join(folder, 'report.html');
  const output = join(folder, 'out.vcf');
  const own = await annotateFile({ input, inputName: name, output, report, reference });
  return { page: readFileSync(report, 'utf8'), summary: own };
}

beforeAll(async () => {
  await makeSmallReference(reference);
  const base = (position: number) => basesOf('1')[position - 1] ?? 'N';
  const other = (position: number) => (base(position) === 'A' ? 'G' : 'A');
  const lines = [1, 1150, 1250, 1450, 2500].map(
    (position) => `1\t${position}\t.\t${base(position)}\t${other(position)},${base(position)}TT\t50\tPASS\tAF=0.25,0.5`,
  );
  ({ summary } = await reportOf(`${header()}${lines.join('\n')}\nnot a record\n`));
});

/** Elements that HTML leaves open. */
const EMPTY = new Set(['meta']);

/** Tags that are not closed in order; attributes that are not quoted or twice. */
function markupErrors(page: string): string[] {
  const body = page.replace(/<style>[^<]*<\/style>/, '').replace(/^<!doctype html>/i, '');
  const open: string[] = [];
  const errors: string[] = [];
  let at = 0;
  for (const tag of body.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][\w-]*="[^"<]*")*)\s*(\/?)>/g)) {
    const text = body.slice(at, tag.index);
    if (/[<>]/.test(text) || /&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) errors.push(`text: ${text.slice(0, 80)}`);
    at = tag.index + tag[0].length;
    const [, closing = '', name = '', attributes = '', closed = ''] = tag;
    const names = [...attributes.replace(/"[^"]*"/g, '""').matchAll(/\s([a-zA-Z][\w-]*)=/g)].map(
      ([, attribute]) => attribute,
    );
    if (new Set(names).size < names.length) errors.push(`an attribute twice: ${tag[0]}`);
    if (closing !== '') {
      if (open.pop() !== name) errors.push(`closed out of order: ${name}`);
    } else if (closed === '' && !EMPTY.has(name)) open.push(name);
  }
  return [...errors, ...open.map((name) => `left open: ${name}`)];
}

/** What would reach out of the page or run in it. */
function reachesOut(page: string): string[] {
  const body = page.replace(/"[^"<>]*"/g, '""');
  return [
    ...body.matchAll(
      /<(?:script|link|img|iframe|object|form|base)\b|<[^>]*\s(?:src|href|on[a-z]+|style)=|url\(|@import/gi,
    ),
  ].map(([found]) => found);
}

describe('the page', () => {
  test('tells what was found and with what', () => {
    const page = htmlReport(summary);
    expect(page).toStartWith('<!doctype html>');
    for (const words of [
      '10 variants in 5 records',
      'Records by most severe consequence',
      'Alleles by class',
      'Ti/Tv',
      'Indel lengths',
      'Quality',
      'Allele frequency',
      'Genes with most records',
      'Records along the chromosomes',
      'GENE1',
      'small (small)',
      summary.input_sha256,
      summary.output_sha256,
    ]) {
      expect(page).toContain(words);
    }
    expect(page).toContain('1 example</summary>');
  });

  test('is strict markup, asks nobody for anything and runs nothing', () => {
    const page = htmlReport(summary);
    expect(markupErrors(page)).toEqual([]);
    expect(reachesOut(page)).toEqual([]);
    expect(page).not.toContain(folder);
  });

  test('of an empty file is a page too', async () => {
    const { page } = await reportOf(header());
    expect(markupErrors(page)).toEqual([]);
    expect(page).toContain('0 variants in 0 records');
  });
});

describe('whatever the file carries is text', () => {
  test('in a name, an id, INFO, a sample, a contig and a line that is no record', async () => {
    const hostile = HOSTILE.replaceAll('\u0000', '');
    const columns = header().replace(/\tINFO\n$/, `\tINFO\tFORMAT\t${hostile}\n`);
    const lines = [
      `1\t1150\t${hostile}\t${basesOf('1')[1149]}\tN\t.\t.\tX=${hostile}\tGT\t0/1`,
      `${hostile}\t5\t.\tA\tC\t.\t.\t.\tGT\t0/1`,
      `1\t9\t.\t${hostile}\tC\t.\t.\t.\tGT\t0/1`,
      hostile,
    ];
    const { page } = await reportOf(`${columns}${lines.join('\n')}\n`, `${hostile}.vcf`);
    expect(markupErrors(page)).toEqual([]);
    expect(reachesOut(page)).toEqual([]);
    expect(page).toContain('&lt;script src=//x&gt;');
  });

  test('in every text of a summary', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(HOSTILE, '\ud800', '</style>', '<!--'));
    fc.assert(
      fc.property(texts, (text) => {
        const page = htmlReport({
          ...summary,
          input: text,
          reference: text,
          reference_assembly: text,
          started: text,
          assembly: { ...summary.assembly, sentence: text },
          sources: [{ name: text, version: text }],
          known: [{ name: text, version: text, alleles: 1 }],
          genes: [{ symbol: text, id: text, records: 1 }],
          contigs: [{ name: text, count: 1, bins: [1] }],
          classes: { [text]: 3 },
          warnings: [{ code: 'BAD_LINES', message: text, examples: [{ line: 1, field: text, text }] }],
        });
        expect(markupErrors(page)).toEqual([]);
        expect(reachesOut(page)).toEqual([]);
        // oxlint-disable-next-line no-control-regex -- those that HTML forbids
        expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(page.isWellFormed()).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

const exome = join(import.meta.dir, '../../../../shared/data/vcf/chr20_51samples_hg38.vcf.gz');
test.skipIf(!existsSync(exome))('a real file has a page of modest size (needs shared data)', async () => {
  const report = join(folder, 'real.html');
  await annotateFile({ input: exome, output: join(folder, 'real.vcf'), report, reference: await starterFolder() });
  const page = readFileSync(report, 'utf8');
  expect(markupErrors(page)).toEqual([]);
  expect(page.length).toBeLessThan(100_000);
  expect(page).toContain('7,824 variants in 7,824 records');
});
