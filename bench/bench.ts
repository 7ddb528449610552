/**
 * `bun run bench [--quick] [--rounds N] [FOLDER]`: makes the workload, runs our commands and the peers' alternately,
 * looks at what came out, and writes RESULTS.md; `--quick` only says. On a machine that does other things too, seconds of processor say more
 * than seconds on the wall, and ratios more than either.
 */
import { writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflated } from './inflated.ts';
import { type Contest, contests, limits, scale } from './contests.ts';
import { measure } from './measure.ts';
import { type Outcome, report } from './report.ts';
import { agreement, countRecords } from './verify.ts';
import { SIZES, hasData, workload } from './workload.ts';

const words = process.argv.slice(2);
const quick = words.includes('--quick');
const rounds = Number(words[words.indexOf('--rounds') + 1]) || (quick ? 2 : 5);
const folder = words.find((word, i) => !word.startsWith('--') && words[i - 1] !== '--rounds');

if (!hasData()) {
  process.stderr.write('the benchmark is made of ../shared/data, which is not here\n');
  process.exit(1);
}
const started = performance.now();
const files = await workload(folder ?? join(tmpdir(), 'anntools-bench'), SIZES[quick ? 'quick' : 'full']);
const outcomes: Outcome[] = [];
for (const contest of contests(files)) outcomes.push(await hold(contest));
const text = join(files.folder, 'out.whole.vcf');
const sink = Bun.file(text).writer();
for await (const part of inflated(join(files.folder, 'out.whole.vcf.gz'))) await sink.write(part);
await sink.end();
outcomes.push(await hold(limits(files, text)));
const growth: Outcome[] = [];
for (const contest of scale(files)) growth.push(await hold({ ...contest, rounds: 1 }));

const spot = await agreement(
  join(files.folder, 'out.coding.vcf.gz'),
  join(files.folder, 'out.csq-coding.vcf.gz'),
  20_000,
);
if (spot.compared < 1000 || spot.same < 0.98 * spot.compared)
  throw new Error(`only ${spot.same} of ${spot.compared} coding consequences are those of bcftools csq`);

const { model = 'unknown' } = cpus()[0] ?? {};
const machine = `${cpus().length} × ${model}, Bun ${Bun.version}`;
const took = (performance.now() - started) / 1000;
const page = report({ outcomes, growth, spot, machine, rounds, quick, took, now: new Date() });
if (!quick) writeFileSync(join(import.meta.dir, 'RESULTS.md'), page);
process.stdout.write(page);

/** Runs every program of a contest in turn, round after round, and looks at the outputs once. */
async function hold(contest: Contest): Promise<Outcome> {
  const { runners } = contest;
  const costs = runners.map(() => [] as Awaited<ReturnType<typeof measure>>[]);
  for (let round = 0; round < (contest.rounds ?? rounds); round++) {
    for (const [i, runner] of runners.entries()) {
      process.stderr.write(`${contest.title}: ${runner.name}\n`);
      costs[i]?.push(await measure(runner, files.folder));
    }
  }
  for (const { name, output, carries, every } of runners) {
    const { records, with: counts } = await countRecords(output, carries);
    if (records !== contest.records) throw new Error(`${name} gave ${records} of ${contest.records} records`);
    const lacking = carries.filter((_, i) => (counts[i] ?? 0) < (every ? records : 1));
    if (lacking.length > 0) throw new Error(`${name} did not write ${lacking.join(', ')}`);
  }
  return { contest, costs };
}
