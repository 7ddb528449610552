/**
 * The whole story as a person lives it, in real Chromium against the program of the README's first command: sign up,
 * drop a VCF, watch it being annotated, read result and log, see the result archived, upgrade, get it back.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startOneMachine, type OneMachine } from '../support/one-machine.ts';
import { chromiumPath, openBrowser } from './chromium.ts';

const sample = join(import.meta.dir, '../../jobs/sample.vcf');
let machine: OneMachine;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!existsSync(chromiumPath)) return;
  machine = await startOneMachine({
    GAS_ARCHIVE_GRACE_SECONDS: '6',
    GAS_RETRIEVAL_SECONDS: '2',
    GAS_RETRIEVAL_CHECK_SECONDS: '1',
  });
  browser = await openBrowser();
  page = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  await machine?.remove();
});

test.skipIf(!existsSync(chromiumPath))(
  'from sign-up to a restored result, in Chromium (needs /usr/bin/chromium)',
  async () => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });

    await page.goto(machine.url);
    await page.getByRole('link', { name: 'Sign up' }).first().click();
    await page.getByLabel('Name').fill('Barbara McClintock');
    await page.getByLabel('E-mail address').fill('barbara@example.org');
    await page.getByLabel('Password').fill('jumping genes 1951');
    await page.getByRole('button', { name: 'Sign up' }).click();

    await page.goto(`${machine.url}/annotate`);
    await page.setInputFiles('#vcf', sample);
    // What the file is, is said before anything is sent, and the reference that fits is chosen.
    await page.getByText('This file is GRCh38').waitFor();
    expect(await page.inputValue('#reference')).toBe('grch38-starter');
    await page.getByRole('button', { name: /annotate/i }).click();
    await page.waitForURL(/\/annotations\/[^/]+$/);
    const address = page.url();

    // No reload: the page itself follows the job, by polling, to its end.
    await page
      .getByRole('link', { name: /download/i })
      .first()
      .waitFor({ timeout: 60_000 });
    expect(await page.textContent('main')).toContain('sample.vcf');

    const download = page.waitForEvent('download');
    await page
      .getByRole('link', { name: /download/i })
      .first()
      .click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('sample.annot.vcf.gz');
    const annotated = gunzipSync(await readFile(await file.path())).toString();
    const records = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const before = records(await Bun.file(sample).text());
    expect(records(annotated)).toHaveLength(before.length);
    expect(annotated).toContain('CSQ=');

    await page.goto(`${address}/log`);
    expect(await page.textContent('main')).toContain('GRCh38');

    await page.goto(address);
    await page
      .getByText(/archived|archive/i)
      .first()
      .waitFor();
    await page
      .getByRole('link', { name: /upgrade|premium/i })
      .first()
      .waitFor();
    await eventuallyGone(page, address);

    await page.goto(`${machine.url}/subscribe`);
    await page.getByRole('main').getByRole('button').first().click();
    await page.goto(address);
    await page
      .getByRole('link', { name: /download/i })
      .first()
      .waitFor({ timeout: 60_000 });
    const again = page.waitForEvent('download');
    await page
      .getByRole('link', { name: /download/i })
      .first()
      .click();
    const restored = gunzipSync(await readFile(await (await again).path())).toString();
    expect(restored).toBe(annotated);
    expect(problems).toEqual([]);
  },
  180_000,
);

/** Waits until the page, by itself, no longer offers the result. */
async function eventuallyGone(on: Page, address: string): Promise<void> {
  await on.waitForFunction(() => !document.querySelector('a[href$="/result"]'), undefined, { timeout: 60_000 });
  expect(on.url()).toBe(address);
}
