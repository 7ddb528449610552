/**
 * What one job costs an annotator: `annotateFile` as the annotator calls it, on one file. Says seconds of processor
 * (which a busy machine does not stretch much), bytes in and out; docs/scale.md is computed from them.
 *
 *     bun bench/service-time.ts REFERENCE_FOLDER INPUT.vcf.gz
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotateFile } from '../anntools/index.ts';

const [reference, input] = process.argv.slice(2);
if (!reference || !input) {
  process.stderr.write('Usage: bun bench/service-time.ts REFERENCE_FOLDER INPUT.vcf.gz\n');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'gas-service-time-'));
const output = join(folder, 'out.vcf.gz');
try {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const { variants } = await annotateFile({
    input,
    inputName: input,
    output,
    log: join(folder, 'log'),
    summary: join(folder, 'summary.json'),
    reference,
    threads: 2,
    workerUrl: new URL('../bin/annotator.ts', import.meta.url).href,
    onProgress: () => {},
    signal: new AbortController().signal,
    now: Date.now,
  });
  const { user, system } = process.cpuUsage(before);
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const cpuSeconds = (user + system) / 1e6;
  const perVariant = (bytes: number) => (bytes / variants).toFixed(1);
  process.stdout.write(
    `${variants} variants: ${cpuSeconds.toFixed(2)} s of processor (${((cpuSeconds / variants) * 1e6).toFixed(2)} s per million), ` +
      `${wallSeconds.toFixed(2)} s on the wall with 2 threads, ` +
      `${perVariant(statSync(input).size)} bytes in and ${perVariant(statSync(output).size)} out for each\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
