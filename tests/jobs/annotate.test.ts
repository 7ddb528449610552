/** Guarantees 1 to 4 of the design, on the annotator: duplicates, stops, cancellations, dead workers, poison. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { gunzipSync } from 'node:zlib';
import { annotate } from '../../jobs/annotate.ts';
import { cancelJob, eraseJob } from '../../jobs/erase.ts';
import type { Gas } from '../../jobs/gas.ts';
import type { Job, User } from '../../jobs/job.ts';
import { getJob, note, queuePlace } from '../../jobs/records.ts';
import { downloadUrl, readLog, readSummary } from '../../jobs/results.ts';
import { dataLines, manyVariants } from '../support/made-vcf.ts';
import { someone, submitFile } from '../support/people.ts';
import { eventually, installStarter, startWorld, type World } from '../support/world.ts';

const annotatorUrl = new URL('../../bin/annotator.ts', import.meta.url).href;
const never = new AbortController().signal;
let world: World;
let gas: Gas;
let user: User;

beforeAll(async () => {
  world = await startWorld({ GAS_LEASE_SECONDS: '3' });
  gas = world.gas;
  await installStarter(gas);
  user = await someone(gas);
}, 60_000);
afterAll(() => world.stop());

const handle = ({ job_id }: Job, signal = never, on = gas) =>
  annotate(on, JSON.stringify({ kind: 'job request', job_id }), annotatorUrl, signal);

const now = async ({ job_id }: Job) => (await getJob(gas, job_id)) as Job;

const running = (job: Job) =>
  eventually('the job runs', async () => {
    const found = await now(job);
    return found.progress?.stage === 'annotating' && found;
  });

/** Long enough to be caught in the middle. */
const long = manyVariants(150_000);

async function resultOf(job: Job): Promise<string> {
  const reply = await fetch(await downloadUrl(gas, job, 'result'));
  return gunzipSync(Buffer.from(await reply.arrayBuffer())).toString('latin1');
}

test('a job gives a result, an index, a log and a summary, with checksums', async () => {
  const job = await submitFile(gas, user, 'small.vcf', manyVariants(300));
  await handle(job);
  const done = await now(job);
  expect(done).toMatchObject({ job_status: 'COMPLETED', archive_status: 'AVAILABLE', attempt: 1, variant_count: 300 });
  expect(done.lease_owner).toBeUndefined();
  expect(done.progress).toBeUndefined();
  const reply = await fetch(await downloadUrl(gas, done, 'result'));
  expect(reply.headers.get('content-disposition')).toContain('small.annot.vcf.gz');
  const bytes = Buffer.from(await reply.arrayBuffer());
  expect(new Bun.CryptoHasher('sha256').update(bytes).digest('hex')).toBe(done.result_sha256 as string);
  expect(dataLines(gunzipSync(bytes).toString())).toHaveLength(300);
  expect(await readLog(gas, done)).toContain(done.input_sha256 as string);
  expect(await readSummary(gas, done)).toMatchObject({ variants: 300 });
  expect((await fetch(await downloadUrl(gas, done, 'index'))).status).toBe(200);
});

test('the same request delivered twice, at once and again later, runs once', async () => {
  const job = await submitFile(gas, user, 'twice.vcf', manyVariants(5000));
  const verdicts = await Promise.all([handle(job), handle(job)]);
  expect(verdicts.filter((verdict) => verdict === undefined)).toHaveLength(1);
  await handle(job);
  expect(await now(job)).toMatchObject({ job_status: 'COMPLETED', attempt: 1 });
});

test('told to stop in the middle, the annotator hands the job back, and the next run starts at once', async () => {
  const job = await submitFile(gas, user, 'stopped.vcf', long);
  const stop = new AbortController();
  const stopped = handle(job, stop.signal);
  await running(job);
  stop.abort(new Error('SIGTERM received'));
  expect(stopped).rejects.toThrow();
  await stopped.catch(() => undefined);
  const back = await now(job);
  expect(back).toMatchObject({ job_status: 'PENDING', attention: 'PENDING' });
  expect(back.lease_owner).toBeUndefined();
  await handle(job);
  const done = await now(job);
  expect(done).toMatchObject({ job_status: 'COMPLETED', attempt: 2 });
  expect(dataLines(await resultOf(done))).toHaveLength(150_000);
}, 60_000);

test('a job that was cancelled while it ran stays cancelled, and its run stops', async () => {
  const job = await submitFile(gas, user, 'cancelled.vcf', long);
  const run = handle(job);
  await running(job);
  await cancelJob(gas, user, job.job_id);
  expect(await run).toMatchObject({ againAfterSeconds: expect.any(Number) });
  await handle(job);
  const cancelled = await now(job);
  expect(cancelled.job_status).toBe('CANCELLED');
  expect(cancelled.s3_key_result_file).toBeUndefined();
  expect(cancelJob(gas, user, job.job_id)).rejects.toThrow('nothing left to cancel');
});

test('the last write of a worker that lost its lease fails, and its outputs are removed', async () => {
  const job = await submitFile(gas, user, 'stale.vcf', manyVariants(2000));
  // Another takes over at the very moment the first has uploaded everything.
  const overtaken: Gas = {
    ...gas,
    log: {
      ...gas.log,
      info: (event) => {
        if (event === 'job claimed') void note(gas, job.job_id, { lease_owner: 'another' }, { job_status: 'RUNNING' });
      },
    },
  };
  expect(await handle(job, never, overtaken)).toMatchObject({ againAfterSeconds: expect.any(Number) });
  const still = await now(job);
  expect(still).toMatchObject({ job_status: 'RUNNING', lease_owner: 'another' });
  expect(still.result_sha256).toBeUndefined();
  await eventually(
    'the other lease is over',
    async () => ((await now(job)).lease_until ?? '') < new Date().toISOString(),
  );
  await handle(job);
  expect(await now(job)).toMatchObject({ job_status: 'COMPLETED', attempt: 2 });
});

test('a job that breaks every attempt ends as FAILED with an honest sentence, not in a loop', async () => {
  const job = await submitFile(gas, user, 'poison.vcf', manyVariants(10));
  const broken: Gas = { ...gas, config: { ...gas.config, dataDir: '/proc/no-such-place' } };
  for (let attempt = 1; attempt <= 4; attempt++) expect(handle(job, never, broken)).rejects.toThrow();
  await eventually(
    'four attempts',
    async () => (await now(job)).attempt === 4 && (await now(job)).job_status === 'PENDING',
  );
  await handle(job, never, broken);
  const failed = await now(job);
  expect(failed.job_status).toBe('FAILED');
  expect(failed.error?.code).toBe('FAULT');
  expect(failed.error?.message).not.toContain('/proc');
});

test('a waiting job knows its place', async () => {
  const first = await submitFile(gas, user, 'first.vcf', manyVariants(1));
  const second = await submitFile(gas, user, 'second.vcf', manyVariants(1));
  const places = [await queuePlace(gas, first), await queuePlace(gas, second)];
  expect((places[1]?.place ?? 0) - (places[0]?.place ?? 0)).toBe(1);
  await handle(first);
  expect(await queuePlace(gas, await now(first))).toBeNull();
});

test('an erased job leaves nothing, even when it was waiting', async () => {
  const job = await submitFile(gas, user, 'gone.vcf', manyVariants(1));
  await eraseJob(gas, user, job.job_id);
  await handle(job);
  expect(await getJob(gas, job.job_id)).toBeNull();
});

test('a message that is none of ours is left for the dead letters', async () => {
  expect(annotate(gas, 'hello', annotatorUrl, never)).rejects.toThrow('not a message of ours');
});
