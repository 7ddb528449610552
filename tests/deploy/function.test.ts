/** The restore function as Lambda runs it: bundled for Node, in a process of its own, on the embedded cloud. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openObject } from '../../aws/objects.ts';
import { onArchiveRequest, onJobResult } from '../../jobs/archive.ts';
import type { Job } from '../../jobs/job.ts';
import { getJob } from '../../jobs/records.ts';
import { onThawRequest } from '../../jobs/thaw.ts';
import { subscribe } from '../../jobs/users.ts';
import { finishedJob, someone } from '../support/people.ts';
import { eventually, startWorld, type World } from '../support/world.ts';

setDefaultTimeout(60_000);
const root = resolve(import.meta.dir, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'gas-function-'));
const never = new AbortController().signal;
const said: string[] = [];
let world: World;

beforeAll(async () => {
  const { success, logs } = await Bun.build({
    entrypoints: [join(root, 'functions/restore.ts')],
    target: 'node',
    format: 'esm',
    outdir: scratch,
    throw: false,
  });
  if (!success) throw new Error(logs.map(String).join('\n'));
  writeFileSync(
    join(scratch, 'lambda.mjs'),
    "import { handler } from './restore.js';\nawait handler(JSON.parse(process.argv[2]));\n",
  );
  world = await startWorld(
    { GAS_ARCHIVE_GRACE_SECONDS: '3600' },
    { settings: { retrievalMs: { Expedited: 50, Standard: 100, Bulk: 100 } }, functions: { gas_restore: invoke } },
  );
});
afterAll(async () => {
  await world.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** What Lambda does with an event. */
async function invoke(event: unknown): Promise<void> {
  const { url, credentials } = world.cloud;
  const child = Bun.spawn(['node', join(scratch, 'lambda.mjs'), JSON.stringify(event)], {
    cwd: scratch,
    env: {
      PATH: process.env['PATH'] ?? '',
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  said.push(await new Response(child.stdout).text(), await new Response(child.stderr).text());
  if ((await child.exited) !== 0) throw new Error(said.join(''));
}

test('on Node it brings a retrieved archive back, byte for byte', async () => {
  const { gas } = world;
  const bytes = new Uint8Array(100_000).map((_, i) => (i * 31) & 255);
  const user = await someone(gas);
  const { job_id } = await finishedJob(gas, user, bytes);
  const now = async () => (await getJob(gas, job_id)) as Job;
  await onJobResult(gas, JSON.stringify({ kind: 'job result', job_id }));
  const { archive_time } = await now();
  await onArchiveRequest(gas, JSON.stringify({ kind: 'archive request', job_id, archive_time }), never);
  expect((await now()).archive_status).toBe('ARCHIVED');

  await subscribe(gas, user);
  await onThawRequest(gas, JSON.stringify({ kind: 'thaw job', job_id }));
  const restored = await eventually('the function has restored it', async () => {
    const job = await now();
    return job.archive_status === 'AVAILABLE' && job;
  });
  const { stream } = await openObject(gas.aws, {
    bucket: restored.s3_results_bucket ?? '',
    key: restored.s3_key_result_file ?? '',
  });
  const back = await new Response(stream as unknown as ReadableStream).bytes();
  expect(Bun.hash(back)).toBe(Bun.hash(bytes));
  await eventually('the function has said so', async () => said.join('').includes('"event":"result restored"'));
});
