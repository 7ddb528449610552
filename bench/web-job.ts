/**
 * One whole job as a person has it: the program of the README, a real browser, a file of many variants, from the drop
 * of the file to the downloaded result, with the time of each step. What the annotator does is read off the job's own
 * page, asked ten times a second.
 *
 *     bun bench/web-job.ts [--threads N] [--executable FILE] INPUT.vcf.gz REFERENCE_FOLDER
 *
 * It needs Debian's Chromium. The reference's folder, with its known variants and tracks, is linked into the service's
 * own; everything else is made in a folder that is removed.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { readManifest } from '../anntools/index.ts';

const { values, positionals } = parseArgs({
  options: { threads: { type: 'string', default: '2' }, executable: { type: 'string' } },
  allowPositionals: true,
});
const [input, reference] = positionals;
if (!input || !reference) {
  process.stderr.write('Usage: bun bench/web-job.ts [--threads N] [--executable FILE] INPUT.vcf.gz REFERENCE_FOLDER\n');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'gas-web-job-'));
mkdirSync(join(folder, 'references'));
symlinkSync(reference, join(folder, 'references', basename(reference)));

const steps: [step: string, seconds: number][] = [];
let markMs = performance.now();
/** Ends a step that began at the last call. */
function ended(step: string): void {
  const nowMs = performance.now();
  steps.push([step, (nowMs - markMs) / 1000]);
  markMs = nowMs;
}

const url = 'http://localhost:8931';
const service = Bun.spawn(values.executable ? [values.executable] : [process.execPath, 'bin/gas.ts'], {
  cwd: join(import.meta.dir, '..'),
  env: {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    GAS_PORT: new URL(url).port,
    GAS_DATA_DIR: folder,
    GAS_THREADS: values.threads,
    GAS_FREE_INPUT_MIB: '1024',
  },
  stdout: 'pipe',
  stderr: 'inherit',
});
const { annotatorPid } = await ready(service.stdout);
ended('the service starts, its first start: the starter reference is made');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage();
  await page.goto(`${url}/sign-up`);
  await page.getByLabel('Name').fill('Rosalind Franklin');
  await page.getByLabel('E-mail address').fill('rosalind@example.org');
  await page.getByLabel('Password').fill('photograph number 51');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.waitForURL(/annotat/);
  await page.goto(`${url}/annotate`);
  ended('the browser starts; sign-up');

  await page.setInputFiles('#vcf', input);
  await page.getByText(/This file is|does not say which assembly/).waitFor();
  ended('the file is chosen; its beginning is looked at');
  await page.selectOption('#reference', readManifest(reference).name);
  markMs = performance.now();
  await page.getByRole('button', { name: /annotate/i }).click();
  await page.waitForURL(/\/annotations\/[^/]+$/);
  const submittedMs = markMs;
  ended('upload and submission');
  await followed(page);
  await page
    .getByRole('link', { name: /download/i })
    .first()
    .waitFor();
  ended('the open page shows the result, by itself');
  const wholeSeconds = (performance.now() - submittedMs) / 1000;
  const download = page.waitForEvent('download');
  await page
    .getByRole('link', { name: /download/i })
    .first()
    .click();
  const result = await (await download).path();
  ended('download');

  const main = await page.textContent('main');
  const found = /([\d,]+) variants? in ([\d,]+) records?/.exec(main ?? '')?.[0] ?? 'no count on the page';
  const mib = (path: string) => `${(statSync(path).size / (1 << 20)).toFixed(1)} MiB`;
  const rows = steps.map(([step, seconds]) => `| ${step} | ${seconds.toFixed(2)} |\n`).join('');
  process.stdout.write(
    `${found}; ${mib(input)} in, ${mib(result)} out; ${values.threads} threads; ` +
      `annotator's peak ${peakMegabytes(annotatorPid)} MB\n\n| step | s |\n|---|---|\n${rows}| from the click to the result on the page | ${wholeSeconds.toFixed(2)} |\n`,
  );
} finally {
  await browser.close();
  service.kill('SIGTERM');
  await service.exited;
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

/** Follows the job's stages on its page, until it is completed. */
async function followed(page: Page): Promise<void> {
  const stages = [
    [/Fetching the file|Annotating|Storing the result|Completed/, 'waiting for an annotator'],
    [/Annotating|Storing the result|Completed/, 'fetching the file'],
    [/Storing the result|Completed/, 'annotating'],
    [/Completed/, 'storing the result'],
  ] as const;
  for (const [next, step] of stages) {
    for (;;) {
      const reply = await page.request.get(`${page.url()}/article`);
      const article = (await reply.text()).replace(/<[^>]*>/g, ' ');
      if (/Failed/.test(article)) throw new Error(article);
      if (next.test(article)) break;
      await Bun.sleep(100);
    }
    ended(step);
  }
}

/** Reads what the service says until it is ready; the rest is read too, and not kept. */
function ready(said: ReadableStream<Uint8Array>): Promise<{ annotatorPid: number }> {
  const found = Promise.withResolvers<{ annotatorPid: number }>();
  void (async () => {
    let annotatorPid = 0;
    let rest = '';
    const decoder = new TextDecoder();
    for await (const piece of said) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.includes('"role":"annotator"')) annotatorPid = (JSON.parse(line) as { pid: number }).pid;
        if (line.includes('GAS is ready')) found.resolve({ annotatorPid });
      }
    }
    found.reject(new Error(`the service ended before it was ready: ${rest}`));
  })();
  return found.promise;
}

/** The most that a process had resident, as Linux counts it. */
function peakMegabytes(pid: number): number {
  const kilobytes = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round((Number(kilobytes) * 1024) / 1e6);
}
