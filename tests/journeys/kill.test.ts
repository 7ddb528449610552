/**
 * Guarantees 1 to 6 of the design under the worst: programs are killed (SIGKILL) in the middle of everything, again
 * and again, the embedded cloud among them. Every submitted job must end, every line and every byte must be there.
 */
import { afterEach, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Gas } from '../../jobs/gas.ts';
import type { ArchiveStatus, Job } from '../../jobs/job.ts';
import { getJob } from '../../jobs/records.ts';
import { downloadUrl } from '../../jobs/results.ts';
import { dataLines, manyVariants } from '../support/made-vcf.ts';
import { startOneMachine, type OneMachine } from '../support/one-machine.ts';
import { Visitor } from '../support/visitor.ts';
import { eventually } from '../support/world.ts';

const quick = {
  GAS_LEASE_SECONDS: '3',
  GAS_SWEEP_SECONDS: '1',
  GAS_RETRIEVAL_SECONDS: '1',
  GAS_RETRIEVAL_CHECK_SECONDS: '1',
};

let machine: OneMachine | undefined;
afterEach(async () => {
  await machine?.remove();
  machine = undefined;
});

async function until(gas: Gas, jobId: string, what: string, is: (job: Job) => boolean, seconds = 90): Promise<Job> {
  return eventually(
    `${jobId} is ${what}`,
    async () => {
      const job = await getJob(gas, jobId).catch(() => null);
      return job && is(job) && job;
    },
    seconds,
  );
}

const whereIs = (status: ArchiveStatus) => (job: Job) => job.archive_status === status;

async function resultOf(gas: Gas, job: Job): Promise<Buffer> {
  const reply = await fetch(await downloadUrl(gas, job, 'result'));
  expect(reply.status).toBe(200);
  return Buffer.from(await reply.arrayBuffer());
}

test('an annotator killed in the middle of a job is followed by another, and no line is lost', async () => {
  machine = await startOneMachine({ ...quick, GAS_ARCHIVE_GRACE_SECONDS: '600' });
  const gas = machine.gas();
  const visitor = new Visitor(machine.url);
  await visitor.signUp();
  const count = 300_000;
  const id = await visitor.submit('many.vcf', manyVariants(count));
  await until(gas, id, 'running', (job) => job.job_status === 'RUNNING');
  process.kill(machine.pidOf('annotator'), 'SIGKILL');

  const job = await until(gas, id, 'completed', ({ job_status }) => job_status === 'COMPLETED');
  expect(job.attempt).toBe(2);
  const result = await resultOf(gas, job);
  expect(createHash('sha256').update(result).digest('hex')).toBe(job.result_sha256 as string);
  const ids = dataLines(gunzipSync(result).toString('latin1')).map((line) => line.split('\t', 3)[2]);
  expect(ids).toHaveLength(count);
  expect(ids.every((found, i) => found === `v${i}`)).toBe(true);
}, 180_000);

test('whatever is killed whenever, every job ends archived, and comes back on upgrade byte for byte', async () => {
  machine = await startOneMachine({ ...quick, GAS_ARCHIVE_GRACE_SECONDS: '2' });
  const gas = machine.gas();
  const visitor = new Visitor(machine.url);
  await visitor.signUp();
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push(await visitor.submit(`many-${i}.vcf`, manyVariants(20_000 + i)));

  const running = machine;
  let over = false;
  const kills: string[] = [];
  const chaos = (async () => {
    const victims = ['annotator', 'archiver', 'annotator', 'cloud', 'archiver', 'annotator', 'archiver', 'cloud'];
    for (const role of victims) {
      if (over) return;
      await Bun.sleep(700);
      try {
        process.kill(running.pidOf(role), 'SIGKILL');
        kills.push(role);
      } catch {
        // Dead already, and not yet started again.
      }
    }
  })();
  await chaos;
  const sums = new Map<string, string>();
  for (const id of ids) {
    const job = await until(gas, id, 'archived', whereIs('ARCHIVED'));
    expect(job.results_file_archive_id).toBeString();
    sums.set(id, job.result_sha256 as string);
  }
  over = true;
  expect(kills.length).toBeGreaterThan(4);

  await visitor.go('/subscribe', {});
  process.kill(machine.pidOf('thaw'), 'SIGKILL');
  for (const id of ids) {
    const job = await until(gas, id, 'available', whereIs('AVAILABLE'));
    expect(
      createHash('sha256')
        .update(await resultOf(gas, job))
        .digest('hex'),
    ).toBe(sums.get(id) as string);
  }
}, 240_000);

test('everything is there again after the whole machine was killed', async () => {
  machine = await startOneMachine({ ...quick, GAS_ARCHIVE_GRACE_SECONDS: '600' });
  const visitor = new Visitor(machine.url);
  await visitor.signUp();
  const id = await visitor.submit('few.vcf', manyVariants(50_000));
  const { dataDir } = machine;
  const children = ['cloud', 'web', 'annotator', 'archiver', 'thaw'].map(machine.pidOf);
  await machine.kill();
  await eventually('the children notice that their parent is gone', async () =>
    children.every((pid) => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    }),
  );
  machine = await startOneMachine({ ...quick, GAS_ARCHIVE_GRACE_SECONDS: '600' }, dataDir);
  const job = await until(machine.gas(), id, 'completed', ({ job_status }) => job_status === 'COMPLETED');
  expect(job.variant_count).toBe(50_000);
}, 120_000);
