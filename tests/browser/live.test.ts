/**
 * What only a browser shows: a page that follows its job by itself and stops when there is nothing left to follow,
 * without taking the keyboard's focus away; and the upload with its bar. The cloud is real, its jobs are moved by hand.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync } from 'node:fs';
import type { Page, Request } from 'playwright-core';
import { newLease } from '../../jobs/lease.ts';
import { getJob, move, note } from '../../jobs/records.ts';
import { finishedJob, someone, submitFile } from '../support/people.ts';
import { eventually } from '../support/world.ts';
import { chromiumPath } from './chromium.ts';
import { openSite, type Site } from './site.ts';

setDefaultTimeout(60_000);

const vcf = '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t20000\t.\tA\tC\t.\t.\t.\n';
const needsChromium = test.skipIf(!existsSync(chromiumPath));

let site: Site;

beforeAll(async () => {
  if (!existsSync(chromiumPath)) return;
  site = await openSite({ GAS_FREE_INPUT_MIB: '1' });
});
afterAll(() => site?.close());

/** Requests that scripts make within so many milliseconds. */
async function requestsIn(page: Page, ms: number): Promise<number> {
  let count = 0;
  const counted = (request: Request) => {
    if (['fetch', 'xhr'].includes(request.resourceType())) count++;
  };
  page.on('request', counted);
  await page.waitForTimeout(ms);
  page.off('request', counted);
  return count;
}

needsChromium(
  'a page follows its job to the end, keeps the focus, and then is quiet (needs /usr/bin/chromium)',
  async () => {
    const user = await someone(site.world.gas, 'premium');
    const { job_id } = await submitFile(site.world.gas, user, 'followed.vcf', vcf);
    const { page, problems } = await site.pageOf(user);
    await page.goto(`${site.url}/annotations/${job_id}`);
    await page.getByText('Next to run').waitFor();

    await page.getByRole('link', { name: 'Delete' }).focus();
    const lease = newLease(site.world.gas);
    await move(site.world.gas, job_id, 'claim', { set: { ...lease, attempt: 1 } });
    const progress = {
      stage: 'annotating',
      percent: 42,
      variants: 1_234,
      variants_per_second: 567,
      eta_seconds: 8,
    } as const;
    await note(site.world.gas, job_id, { progress }, { lease_owner: lease.lease_owner });
    await page.getByText('42 %').waitFor();
    await page.getByText('1,234').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Delete');
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('42');

    await move(site.world.gas, job_id, 'fail', { set: { error: { code: 'X', message: 'It did not work out.' } } });
    await page.getByText('It did not work out.').waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(0);
    expect(await requestsIn(page, 3_000)).toBe(0);
    // A page that stopped looking does not begin again when it is clicked.
    await page.getByText('It did not work out.').click();
    expect(await requestsIn(page, 500)).toBe(0);
    expect(problems).toEqual([]);
    await page.context().close();
  },
);

needsChromium('the list follows each row that is not final (needs /usr/bin/chromium)', async () => {
  const user = await someone(site.world.gas);
  const { job_id } = await submitFile(site.world.gas, user, 'row.vcf', vcf);
  const { page, problems } = await site.pageOf(user);
  await page.goto(`${site.url}/annotations`);
  await page.getByText('Waiting').waitFor();
  await move(site.world.gas, job_id, 'cancel');
  await page.getByText('Cancelled').waitFor();
  expect(await page.locator('tr[id]').count()).toBe(1);
  expect(await requestsIn(page, 4_500)).toBe(0);
  expect(problems).toEqual([]);
  await page.context().close();
});

needsChromium(
  'a session that ends leads to the sign-in from the page that was open (needs /usr/bin/chromium)',
  async () => {
    const user = await someone(site.world.gas);
    const { job_id } = await submitFile(site.world.gas, user, 'left.vcf', vcf);
    const { page } = await site.pageOf(user);
    await page.goto(`${site.url}/annotations/${job_id}`);
    await page.context().clearCookies();
    await page.waitForURL(/\/sign-in/);
    await page.context().close();
  },
);

needsChromium(
  'a file is uploaded with a bar and submitted with what was chosen (needs /usr/bin/chromium)',
  async () => {
    const user = await someone(site.world.gas);
    const { page, problems } = await site.pageOf(user);
    await page.goto(`${site.url}/annotate`);
    const name = 'mine "and" yours.vcf';
    await page.setInputFiles('#vcf', { name, mimeType: 'text/plain', buffer: Buffer.from(vcf) });
    await page.getByRole('button', { name: `Upload and annotate (${vcf.length} B)` }).click();
    await page.waitForURL(/\/annotations\/\w+$/);
    expect(await page.textContent('h1')).toBe('mine _and_ yours.vcf');
    const job = await getJob(site.world.gas, page.url().split('/').at(-1) ?? '');
    expect(job).toMatchObject({ input_bytes: vcf.length, options: { reference: 'auto' }, job_status: 'PENDING' });
    expect(problems).toEqual([]);
    await page.context().close();
  },
);

needsChromium(
  'a file that is too large or empty is refused before a byte is sent (needs /usr/bin/chromium)',
  async () => {
    const { page, problems } = await site.pageOf(await someone(site.world.gas));
    await page.goto(`${site.url}/annotate`);
    const requests = requestsIn(page, 1_000);
    const mimeType = 'text/plain';
    await page.setInputFiles('#vcf', { name: 'large.vcf', mimeType, buffer: Buffer.alloc(2 ** 20 + 1) });
    await page.getByText('“large.vcf” has 1 MiB; files may have 1 MiB on the free tier.').waitFor();
    await page.getByRole('alert').getByRole('link', { name: 'Upgrade to premium' }).waitFor();
    expect(await page.locator('#start').isDisabled()).toBe(true);
    await page.setInputFiles('#vcf', { name: 'empty.vcf', mimeType, buffer: Buffer.alloc(0) });
    await page.getByText('“empty.vcf” is empty.').waitFor();
    expect(await requests).toBe(0);
    // A name is no reason to refuse: what is inside is looked at.
    await page.setInputFiles('#vcf', { name: 'picture.png', mimeType, buffer: Buffer.from(vcf) });
    await page.getByText('does not look like a VCF by its name').waitFor();
    expect(await page.locator('#start').isEnabled()).toBe(true);
    expect(problems).toEqual([]);
    await page.context().close();
  },
);

needsChromium(
  'an upload is cancelled, and a broken one is said, and both can be tried again (needs /usr/bin/chromium)',
  async () => {
    const user = await someone(site.world.gas);
    const { page } = await site.pageOf(user);
    const cdp = await page.context().newCDPSession(page);
    const network = { latency: 0, downloadThroughput: -1, uploadThroughput: 100_000 };
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', { ...network, offline: false });
    await page.goto(`${site.url}/annotate`);
    const file = { name: 'slow.vcf', mimeType: 'text/plain', buffer: Buffer.from(vcf + '#'.repeat(900_000)) };
    await page.setInputFiles('#vcf', file);
    await page.locator('#start').click();
    await page.getByText(/KiB of 879 KiB/).waitFor();
    await page.getByRole('button', { name: 'Cancel the upload' }).click();
    expect(await page.textContent('#upload-status')).toBe('The upload was cancelled.');

    await cdp.send('Network.emulateNetworkConditions', { ...network, uploadThroughput: -1, offline: false });
    const storage = `${site.world.cloud.url}/**`;
    await page.route(storage, (route) => route.abort('connectionreset'));
    await page.locator('#start').click();
    await page.getByText('The connection broke before the whole file had arrived.').waitFor();
    await page.unroute(storage);
    await page.locator('#start').click();
    await page.waitForURL(/\/annotations\/\w+$/);
    await page.context().close();
  },
);

needsChromium('without JavaScript a file is uploaded, looked at and submitted (needs /usr/bin/chromium)', async () => {
  const user = await someone(site.world.gas);
  const { page, problems } = await site.pageOf(user, { javaScriptEnabled: false });
  await page.goto(`${site.url}/annotate`);
  await page.setInputFiles('#vcf', { name: 'plain.vcf', mimeType: 'text/plain', buffer: Buffer.from(vcf) });
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.waitForURL(/\/annotate\/uploaded\?/);
  expect(await page.textContent('main')).toContain('plain.vcf');
  await page.getByRole('button', { name: 'Annotate' }).click();
  await page.waitForURL(/\/annotations\/\w+$/);
  expect(await page.locator('noscript').count()).toBeGreaterThan(0);
  expect(problems).toEqual([]);
  await page.context().close();
});

needsChromium('a result is downloaded under its own name (needs /usr/bin/chromium)', async () => {
  const user = await someone(site.world.gas, 'premium');
  const { job_id } = await finishedJob(site.world.gas, user, crypto.getRandomValues(new Uint8Array(1_000)));
  await eventually('the job', () => getJob(site.world.gas, job_id));
  const { page, problems } = await site.pageOf(user);
  await page.goto(`${site.url}/annotations/${job_id}`);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the annotated VCF' }).click();
  expect((await download).suggestedFilename()).toBe('made.annot.vcf.gz');
  expect(problems).toEqual([]);
  await page.context().close();
});
