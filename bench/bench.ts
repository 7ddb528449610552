/**
 * `bun run bench [--quick | --long] [--rounds N] [FOLDER]`: makes the workload, runs our commands and the peers'
 * alternately, looks at what came out, and writes RESULTS.md; `--quick` only says. `--long` measures what takes minutes,
 * millions of variants and a reference of human size, and keeps the figures for the next RESULTS.md. On a machine that
 * does other things too, seconds of processor say more than seconds on the wall, and ratios more than either.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inflated } from './inflated.ts';
import { type Contest, contests, limits, scale } from './contests.ts';
import { longInputs } from './long-workload.ts';
import { measure } from './measure.ts';
import { type Growth, type Outcome, growthOf, growthTable, report } from './report.ts';
import { agreement, countRecords } from './verify.ts';
import { SIZES, type Workload, hasData, workload } from './workload.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, long: { type: 'boolean' }, rounds: { type: 'string' } },
});
const quick = values.quick === true;
const rounds = Number(values.rounds) || (quick ? 2 : 5);
const root = positionals[0] ?? join(tmpdir(), 'anntools-bench');
const LONG = join(import.meta.dir, 'long.json');

if (!hasData()) {
  process.stderr.write('the benchmark is made of ../shared/data, which is not here\n');
  process.exit(1);
}
const started = performance.now();
const files = await workload(root, SIZES[quick ? 'quick' : 'full']);
const { model = 'unknown' } = cpus()[0] ?? {};
const machine = `${cpus().length} × ${model}, Bun ${Bun.version}`;
if (values.long) await measureLong(files);
else await measureAll(files);

async function measureAll(files: Workload): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const contest of contests(files)) outcomes.push(await hold(contest));
  const text = join(files.folder, 'out.whole.vcf');
  const sink = Bun.file(text).writer();
  for await (const part of inflated(join(files.folder, 'out.whole.vcf.gz'))) await sink.write(part);
  await sink.end();
  outcomes.push(await hold(limits(files, text)));
  const growing = files.growing.map(({ path, records }) => ({
    title: `${records.toLocaleString('en')} variants`,
    path,
    records,
    reference: files.reference,
  }));
  const growth: Outcome[] = [];
  for (const contest of scale(files.folder, growing)) growth.push(await hold({ ...contest, rounds: 1 }));

  const spot = await agreement(
    join(files.folder, 'out.coding.vcf.gz'),
    join(files.folder, 'out.csq-coding.vcf.gz'),
    20_000,
  );
  if (spot.compared < 1000 || spot.same < 0.98 * spot.compared)
    throw new Error(`only ${spot.same} of ${spot.compared} coding consequences are those of bcftools csq`);

  const took = (performance.now() - started) / 1000;
  const long = existsSync(LONG) ? (JSON.parse(readFileSync(LONG, 'utf8')) as Growth) : null;
  const page = report({ outcomes, growth, long, spot, machine, rounds, quick, took, now: new Date() });
  if (!quick) writeFileSync(join(import.meta.dir, 'RESULTS.md'), page);
  process.stdout.write(page);
}

async function measureLong({ folder, reference }: Workload): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const contest of scale(folder, longInputs(root, reference)))
    outcomes.push(await hold({ ...contest, rounds: 1 }));
  const long: Growth = { day: new Date().toISOString().slice(0, 10), machine, rows: growthOf(outcomes) };
  writeFileSync(LONG, `${JSON.stringify(long, null, 2)}\n`);
  process.stdout.write(`${growthTable(long.rows).join('\n')}\n`);
}

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
