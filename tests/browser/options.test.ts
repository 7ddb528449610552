/** The options in a browser: folded away, looked at when a file is chosen, sent, and there again the next time. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { headObject } from '../../aws/objects.ts';
import { putItem } from '../../aws/table.ts';
import { getJob } from '../../jobs/records.ts';
import { openSession } from '../../jobs/sessions.ts';
import { createApp } from '../../web/app.ts';
import { freePort } from '../support/free-port.ts';
import { someone } from '../support/people.ts';
import { startWorld, type World } from '../support/world.ts';
import { chromiumPath, openBrowser } from './chromium.ts';

setDefaultTimeout(60_000);

const needsChromium = test.skipIf(!existsSync(chromiumPath));
const vcf = '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t20000\t.\tA\tC\t.\t.\t.\n';
const asFile = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

let world: World;
let app: ReturnType<typeof createApp>;
let browser: Browser;
let site: string;

beforeAll(async () => {
  if (!existsSync(chromiumPath)) return;
  const port = freePort();
  site = `http://localhost:${port}`;
  world = await startWorld({ GAS_PUBLIC_URL: site, GAS_FREE_TRACK_MIB: '1' });
  app = createApp(world.gas).listen({ port, hostname: 'localhost' });
  browser = await openBrowser();
  // What an annotator tells of itself.
  const edition = { version: '1', assembly: 'GRCh38', bytes: 1 };
  await putItem(world.gas.aws, world.gas.config.topology.tables.references.name, {
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
afterAll(async () => {
  await browser?.close();
  await app?.stop(true);
  await world?.stop();
});

/** A page in which somebody new is signed in; what goes wrong on it is collected. */
async function newPage(options: { javaScriptEnabled?: boolean } = {}): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext(options);
  const { token } = await openSession(world.gas, await someone(world.gas));
  await context.addCookies([{ name: 'gas_session', value: token, url: site }]);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  return { page, problems };
}

async function submittedJob(page: Page) {
  await page.waitForURL(/\/annotations\/[^/]+$/);
  const job = await getJob(world.gas, page.url().split('/').at(-1) ?? '');
  if (!job) throw new Error('there is no job');
  return job;
}

const hasArrived = (key: string) =>
  headObject(world.gas.aws, { bucket: world.gas.config.topology.buckets.inputs.name, key });

needsChromium(
  "options are chosen, sent with regions of one's own, and remembered (needs /usr/bin/chromium)",
  async () => {
    const { page, problems } = await newPage();
    await page.goto(`${site}/annotate`);
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

    await page.goto(`${site}/annotate`);
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
  await page.goto(`${site}/annotate`);
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
  await page.goto(`${site}/annotate`);
  await page.getByText('Options', { exact: true }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.context().close();
});
