/**
 * Promise 12 of the design: the service does not lean on its own embedded cloud. The same programs make their resources
 * and live a whole story on an emulator that others wrote (moto's server), told apart by nothing but its address.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  CreateVaultCommand,
  InitiateMultipartUploadCommand,
  SetVaultNotificationsCommand,
} from '@aws-sdk/client-glacier';
import { headObject, uploadBytes } from '../../aws/objects.ts';
import { runAnnotator } from '../../jobs/annotator.ts';
import { readConfig } from '../../jobs/config.ts';
import { createGas, type Gas } from '../../jobs/gas.ts';
import type { Job } from '../../jobs/job.ts';
import { createLog } from '../../jobs/log.ts';
import { provision } from '../../jobs/provision.ts';
import { getJob } from '../../jobs/records.ts';
import { runArchiver, runThaw } from '../../jobs/workers.ts';
import { createApp } from '../../web/app.ts';
import { freePort } from '../support/free-port.ts';
import { dataLines, manyVariants } from '../support/made-vcf.ts';
import { Visitor } from '../support/visitor.ts';
import { eventually, installStarter } from '../support/world.ts';

setDefaultTimeout(60_000);
const moto = Bun.which('moto_server');
const because = moto ? '' : ' (skipped: there is no moto_server; pip install "moto[server]")';

describe.skipIf(!moto)(`on moto's server${because}`, () => {
  let server: Bun.Subprocess;
  let gas: Gas;
  /** The same on the vault. */
  let vaultGas: Gas;
  const faults: string[] = [];

  beforeAll(async () => {
    const [port, webPort] = [freePort(), freePort()];
    server = Bun.spawn([moto ?? '', '--port', String(port)], { stdout: 'ignore', stderr: 'ignore' });
    const endpoint = `http://127.0.0.1:${port}`;
    await eventually('moto answers', async () => (await fetch(endpoint).catch(() => null))?.status, 60);
    // Unless asked to, it makes executions and does not run them.
    await fetch(`${endpoint}/moto-api/config`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ stepfunctions: { execute_state_machine: true } }),
    });
    const env = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDTEST',
      AWS_SECRET_ACCESS_KEY: 'test-secret',
      // moto's account.
      GAS_ACCOUNT_ID: '123456789012',
      GAS_ARCHIVE_GRACE_SECONDS: '1',
      GAS_RETRIEVAL_CHECK_SECONDS: '1',
      GAS_SWEEP_SECONDS: '1',
      GAS_PORT: String(webPort),
      GAS_DATA_DIR: await mkdtemp(join(tmpdir(), 'gas-moto-')),
    };
    const log = createLog('test', Date.now, (line) => {
      if (line.includes('"level":"fault"')) faults.push(line);
    });
    gas = createGas(readConfig({ ...env, GAS_ARCHIVE_BACKEND: 's3' }, 'test'), log);
    vaultGas = createGas(readConfig({ ...env, GAS_ARCHIVE_BACKEND: 'vault' }, 'test'), log);
  });
  afterAll(async () => {
    gas.aws.close();
    vaultGas.aws.close();
    server.kill();
    await server.exited;
    await rm(gas.config.dataDir, { recursive: true, force: true });
  });

  const until = (id: string, what: string, is: (job: Job) => boolean) =>
    eventually(`${id} is ${what}`, async () => {
      const job = await getJob(gas, id);
      return job && is(job) && job;
    });

  test('resources are made, and made again', async () => {
    await provision(gas, { restoreFunction: false });
    await provision(gas, { restoreFunction: false });
  });

  test('a result is made, archived after its grace, and comes home when its owner upgrades', async () => {
    await installStarter(gas);
    const stop = new AbortController();
    const app = createApp(gas).listen({ port: gas.config.port });
    const programs = Promise.all([
      runAnnotator(gas, stop.signal, {
        workerUrl: new URL('../../bin/annotator.ts', import.meta.url).href,
        onReady: () => undefined,
      }),
      runArchiver(gas, stop.signal),
      runThaw(gas, stop.signal),
    ]);
    const visitor = new Visitor(gas.config.publicUrl.origin);
    await visitor.signUp();
    const id = await visitor.submit('story.vcf', manyVariants(500));
    await until(id, 'completed', ({ job_status }) => job_status === 'COMPLETED');
    const first = await visitor.download(`/annotations/${id}/result`);
    expect(dataLines(gunzipSync(first).toString())).toHaveLength(500);
    await until(id, 'archived', ({ archive_status }) => archive_status === 'ARCHIVED');
    expect((await visitor.go(`/annotations/${id}`)).text).toContain('The result is archived');
    await visitor.go('/subscribe', {});
    await until(id, 'back', ({ archive_status, attention }) => archive_status === 'AVAILABLE' && !attention);
    expect(await visitor.download(`/annotations/${id}/result`)).toEqual(first);
    expect((await visitor.go('/ready')).status).toBe(200);
    stop.abort();
    await programs;
    await app.stop(true);
    expect(faults).toEqual([]);
  });

  test('the vault takes an archive, gives it back, and forgets it', async () => {
    const { aws, archive, config } = vaultGas;
    const bucket = config.topology.buckets.results.name;
    await aws.glacier.send(new CreateVaultCommand({ accountId: '-', vaultName: config.topology.vault }));
    const bytes = new Uint8Array(100_000).map((_, at) => (at * 7 + (at >> 8)) & 255);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const object = { bucket, key: 'whole', bytes: bytes.length, sha256, contentType: 'application/gzip' };
    await uploadBytes(aws, object, bytes, object.contentType);
    const archiveId = await archive.store(object, 'a description', new AbortController().signal);
    await archive.release(object);
    const { retrievalId } = await archive.askBack(archiveId, 'Expedited', 'a description');
    await eventually('it is ready', async () => (await archive.check(archiveId, retrievalId)).state === 'ready');
    await archive.fetch(archiveId, retrievalId, object);
    expect((await headObject(aws, object))?.bytes).toBe(bytes.length);
    await archive.delete(archiveId);
  });

  test('what moto lacks for the whole story on a vault: notifications, and archives in parts', async () => {
    const { aws, config } = vaultGas;
    const place = { accountId: '-', vaultName: config.topology.vault };
    const vaultNotificationConfig = { SNSTopic: config.topicArns.thawRestore, Events: ['ArchiveRetrievalCompleted'] };
    const answers = await Promise.all([
      statusOf(aws.glacier.send(new SetVaultNotificationsCommand({ ...place, vaultNotificationConfig }))),
      statusOf(aws.glacier.send(new InitiateMultipartUploadCommand({ ...place, partSize: '1048576' }))),
    ]);
    expect(answers).toEqual([404, 404]);
  });
});

/** The HTTP status of an answer, be it an error. */
async function statusOf(asked: Promise<{ $metadata: { httpStatusCode?: number } }>): Promise<number | undefined> {
  const { $metadata } = await asked.catch((error: { $metadata: { httpStatusCode?: number } }) => error);
  return $metadata.httpStatusCode;
}
