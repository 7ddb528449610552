/** Large bodies and sudden ends: nothing is held in memory, nothing acknowledged is lost, nothing half is there. */
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { spawnCloud, type CloudProcess } from '../../support/cloud-process.ts';
import { failure } from './failure.ts';

const Bucket = 'large';
const MIB = 1024 * 1024;
let dataDir: string;
let cloud: CloudProcess;
let s3: S3Client;

async function start(): Promise<void> {
  cloud = await spawnCloud(dataDir);
  s3 = new S3Client({ ...cloud.client, requestChecksumCalculation: 'WHEN_REQUIRED' });
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gas-durability-'));
  await start();
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterEach(async () => {
  s3.destroy();
  await cloud.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

const files = () => readdirSync(join(dataDir, 'bodies', 's3'));

/** `mib` MiB of bytes that are not all the same. */
function* pieces(mib: number): Generator<Buffer> {
  for (let index = 0; index < mib; index++) yield Buffer.alloc(MIB, index);
}

function sha256(chunks: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

async function downloadedSha256(Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const hash = createHash('sha256');
  for await (const chunk of Body as Readable) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

describe.skipIf(!existsSync('/proc/self/status'))('200 MB (needs /proc)', () => {
  test('go up as a stream and as a form, and come down, without being held in memory', async () => {
    const mib = 200;
    const expected = sha256(pieces(mib));
    const before = cloud.peakBytes();
    await s3.send(
      new PutObjectCommand({ Bucket, Key: 'stream', Body: Readable.from(pieces(mib)), ContentLength: mib * MIB }),
    );
    // In aws-chunked framing with a trailer, as the SDK sends streams by default.
    const checking = new S3Client(cloud.client);
    await checking.send(
      new PutObjectCommand({ Bucket, Key: 'chunked', Body: Readable.from(pieces(mib)), ContentLength: mib * MIB }),
    );
    checking.destroy();
    await postForm('form', mib);
    for (const key of ['stream', 'chunked', 'form']) expect(await downloadedSha256(key)).toBe(expected);
    expect((cloud.peakBytes() - before) / MIB).toBeLessThan(mib);
  }, 60_000);
});

/** Posts a form whose file is `mib` MiB, streaming. */
async function postForm(Key: string, mib: number): Promise<void> {
  const { url, fields } = await createPresignedPost(s3, { Bucket, Key });
  const head = Object.entries(fields).map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  function* form() {
    yield Buffer.from(`${head.join('')}--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n`);
    yield* pieces(mib);
    yield Buffer.from('\r\n--b--\r\n');
  }
  const chunks = form();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body,
  });
  expect(response.status).toBe(204);
}

describe('kill -9', () => {
  test('in the middle of uploads leaves the old objects, and no trace of the new ones', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'old', Body: 'old' }));
    await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(new Uint8Array(MIB));
        await Bun.sleep(5);
      },
    });
    const length = 1000 * MIB;
    const link = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'old', ContentLength: length }));
    const headers = { 'content-length': String(length) };
    const uploading = fetch(link, { method: 'PUT', body, headers }).catch(() => undefined);
    while (files().every((name) => !name.endsWith('.part'))) await Bun.sleep(5);
    await cloud.kill();
    await uploading;
    expect(files().some((name) => name.endsWith('.part'))).toBe(true);

    await start();
    expect(await downloadedSha256('old')).toBe(sha256([Buffer.from('old')]));
    expect(files()).toHaveLength(1);
  }, 60_000);

  test('at any moment loses nothing that was acknowledged', async () => {
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let index = 0; ; index++) {
        const Key = `${writer}/${index}`;
        const put = new PutObjectCommand({ Bucket, Key, Body: Key.repeat(1000) });
        if (await failure(s3.send(put, { abortSignal: AbortSignal.timeout(5000) }))) return;
        acknowledged.push(Key);
      }
    });
    await Bun.sleep(400);
    await cloud.kill();
    s3.destroy();
    await Promise.all(writers);
    await start();
    expect(acknowledged.length).toBeGreaterThan(4);
    for (const Key of acknowledged) {
      const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
      expect(ContentLength).toBe(Key.length * 1000);
    }
    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(files()).toHaveLength(KeyCount ?? -1);
  }, 60_000);
});
