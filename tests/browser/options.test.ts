/** The options in a browser: folded away, looked at when a file is chosen, sent, and there again the next time. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { headObject } from '../../aws/objects.ts';
import { putItem } from '../../aws/table.ts';
import { getJob } from '../../jobs/records.ts';
import { someone } from '../support/people.ts';
import { chromiumPath } from './chromium.ts';
import { openSite, type Site } from './site.ts';

setDefaultTimeout(60_000);

const needsChromium = test.skipIf(!existsSync(chromiumPath));
const vcf = '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t20000\t.\tA\tC\t.\t.\t.\n';
const asFile = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

let site: Site;

beforeAll(async () => {
  if (!existsSync(chromiumPath)) return;
  site = await openSite({ GAS_FREE_TRACK_MIB: '1' });
  // What an annotator tells of itself.
  const edition = { version: '1', assembly: 'GRCh38', bytes: 1 };
  await putItem(site.world.gas.aws, site.world.gas.config.topology.tables.references.name, {
    name: 'full',
    assembly: 'GRCh38',
    label: 'GRCh38, full',
    note: 'all of it',
    sources: ['ClinVar', 'gnomAD'].map((name) => ({ ...edition, name, variants: 9, fields: [`${name}_X`] })),
    tracks: [{ ...edition, name: 'SEGDUP', description: 'Duplications', file: 'sd.bed', regions: 4 }],
    problems: [],
    expires: 4e9,
  });
});
afterAll(() => site?.close());

/** A page in which somebody new is signed in. */
async function newPage(options: { javaScriptEnabled?: boolean } = {}) {
  return site.pageOf(await someone(site.world.gas), options);
}

async function submittedJob(page: Page) {
  await page.waitForURL(/\/annotations\/[^/]+$/);
  const job = await getJob(site.world.gas, page.url().split('/').at(-1) ?? '');
  if (!job) throw new Error('there is no job');
  return job;
}

const hasArrived = (key: string) =>
  headObject(site.world.gas.aws, { bucket: site.world.gas.config.topology.buckets.inputs.name, key });

needsChromium(
  "options are chosen, sent with regions of one's own, and remembered (needs /usr/bin/chromium)",
  async () => {
    const { page, problems } = await newPage();
    await page.goto(`${site.url}/annotate`);
    await page.setInputFiles('#vcf', asFile('mine.vcf', vcf));
    expect(await page.getByLabel('Transcripts').isVisible()).toBe(false);
    await page.getByText('Options', { exact: true }).click();
    await page.getByLabel('Transcripts').selectOption('mane');
    await page.getByLabel('Distance').fill('100');
    await page.getByLabel('Form of the result').selectOption('tsv');
    await page.getByLabel('gnomAD').uncheck();
    await page.getByLabel('SEGDUP').check();

    const start = page.getByRole('button', { name: /annotate/i }).first();
    await page.getByLabel('Your own').setInputFiles(asFile('poem.bed', 'Two roads diverged\n'));
    await page.getByText('cannot be used as a track').waitFor();
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel('Your own').setInputFiles(asFile('large.bed', 'x'.repeat(2 ** 20 + 1)));
    await page.getByText('regions may have 1 MiB on the free tier').waitFor();
    await page.getByLabel('Your own').setInputFiles(asFile('my panel.bed', 'chr1\t10\t30000\tA\nchr2\t1\t2\tB\n'));
    await page.getByText('BED with 2 regions.').waitFor();
    expect(await page.getByLabel('Its field in the result').inputValue()).toBe('my_panel');
    await page.getByLabel('Its field in the result').fill('MINE');
    await start.click();

    const { options, s3_key_input_file } = await submittedJob(page);
    expect(options).toMatchObject({
      transcripts: 'mane',
      distance: 100,
      form: 'tsv',
      left_out: ['gnomAD'],
      tracks: ['SEGDUP'],
      own_track: { name: 'MINE', file_name: 'my panel.bed' },
    });
    expect(await hasArrived(s3_key_input_file)).not.toBeNull();
    expect(await hasArrived(options.own_track?.s3_key ?? '')).not.toBeNull();

    await page.goto(`${site.url}/annotate`);
    await page
      .getByText('as last time: MANE transcripts; up to 100 bases beside; table (TSV); without gnomAD')
      .waitFor();
    await page.getByText('Options', { exact: true }).click();
    expect(await page.getByLabel('Transcripts').inputValue()).toBe('mane');
    expect(await page.getByLabel('gnomAD').isChecked()).toBe(false);
    expect(await page.getByLabel('ClinVar').isChecked()).toBe(true);
    // What is changed is no longer as last time.
    await page.getByLabel('gnomAD').check();
    expect(await page.getByText('as last time').count()).toBe(0);
    expect(problems).toEqual([]);
    await page.context().close();
  },
);

needsChromium('the same in two steps without JavaScript (needs /usr/bin/chromium)', async () => {
  const { page } = await newPage({ javaScriptEnabled: false });
  await page.goto(`${site.url}/annotate`);
  await page.setInputFiles('#vcf', asFile('mine.vcf', vcf));
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByText('Add a file of regions').click();
  await page.getByLabel('File of regions').setInputFiles(asFile('panel.bed', 'chr1\t10\t30000\tA\n'));
  await page.getByRole('button', { name: 'Upload the regions' }).click();
  await page.getByText('BED with 1 region.').waitFor();
  await page.getByText('Options', { exact: true }).click();
  await page.getByLabel('Form of the result').selectOption('json');
  await page.getByRole('button', { name: 'Annotate' }).click();
  const { options } = await submittedJob(page);
  expect(options).toMatchObject({ form: 'json', left_out: [], own_track: { name: 'panel' } });
  await page.context().close();
});

needsChromium('no page is wider than a phone (needs /usr/bin/chromium)', async () => {
  const { page } = await newPage();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${site.url}/annotate`);
  await page.getByText('Options', { exact: true }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.context().close();
});
