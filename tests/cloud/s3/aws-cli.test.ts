/** A journey through a client that shares no code with the SDK of the other tests: Debian's awscli (botocore). */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';

const AWS = '/usr/bin/aws';
let cloud: TestCloud;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gas-awscli-'));
  cloud = await startTestCloud();
});

afterAll(async () => {
  expect(cloud.faults).toEqual([]);
  await cloud.stop();
  rmSync(folder, { recursive: true });
});

async function aws(...words: string[]): Promise<{ out: string; err: string }> {
  const { accessKeyId, secretAccessKey } = cloud.credentials;
  const process = Bun.spawn([AWS, '--endpoint-url', cloud.url, ...words], {
    cwd: folder,
    env: {
      PATH: '/usr/bin:/bin',
      HOME: folder,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: 'us-east-1',
      AWS_PAGER: '',
    },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err] = await Promise.all([new Response(process.stdout).text(), new Response(process.stderr).text()]);
  return { out: out.trim(), err: err.trim() };
}

/** What an `s3api` command answers, parsed. */
async function s3api(...words: string[]): Promise<unknown> {
  const { out, err } = await aws('s3api', ...words, '--output', 'json');
  expect(err).toBe('');
  return out === '' ? undefined : JSON.parse(out);
}

const file = (name: string) => join(folder, name);

describe.skipIf(!existsSync(AWS))('awscli (needs /usr/bin/aws)', () => {
  test('makes a bucket, uploads, lists, syncs, moves, downloads and deletes', async () => {
    // Above 8 MB awscli uploads in parts and downloads in ranges.
    const large = Buffer.alloc(20_000_000, 'variants and more ');
    writeFileSync(file('large.vcf'), large);
    mkdirSync(file('tree/sub'), { recursive: true });
    writeFileSync(file('tree/a b.txt'), 'a');
    writeFileSync(file('tree/sub/ü+.txt'), 'b');

    expect((await aws('s3', 'mb', 's3://cli')).out).toBe('make_bucket: cli');
    expect((await aws('s3', 'cp', 'large.vcf', 's3://cli/large.vcf', '--no-progress')).out).toContain('upload:');
    expect((await aws('s3', 'sync', 'tree', 's3://cli/tree', '--no-progress')).err).toBe('');
    const listed = await aws('s3', 'ls', 's3://cli', '--recursive');
    expect(listed.out.split('\n').map((line) => line.slice(20).trim())).toEqual([
      '20000000 large.vcf',
      '1 tree/a b.txt',
      '1 tree/sub/ü+.txt',
    ]);
    expect((await aws('s3', 'mv', 's3://cli/tree/a b.txt', 's3://cli/tree/c.txt', '--no-progress')).err).toBe('');
    expect((await aws('s3', 'cp', 's3://cli/large.vcf', 'back.vcf', '--no-progress')).err).toBe('');
    expect(readFileSync(file('back.vcf')).equals(large)).toBe(true);
    expect((await aws('s3', 'rm', 's3://cli', '--recursive')).out).toContain('delete: s3://cli/large.vcf');
    expect((await aws('s3', 'rb', 's3://cli')).out).toBe('remove_bucket: cli');
  }, 120_000);

  test('reads what a link may give, conditions, metadata and errors', async () => {
    await s3api('create-bucket', '--bucket', 'api');
    writeFileSync(file('body'), 'hello');
    const put = ['put-object', '--bucket', 'api', '--key', 'x', '--body', 'body', '--metadata', 'job=1'];
    expect(await s3api(...put, '--content-type', 'text/plain', '--checksum-algorithm', 'SHA256')).toMatchObject({
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ChecksumSHA256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
    });
    expect(await s3api('head-object', '--bucket', 'api', '--key', 'x', '--checksum-mode', 'ENABLED')).toMatchObject({
      ContentLength: 5,
      ContentType: 'text/plain',
      Metadata: { job: '1' },
      ChecksumSHA256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
    });
    const link = (await aws('s3', 'presign', 's3://api/x', '--expires-in', '60')).out;
    expect(await (await fetch(link)).text()).toBe('hello');
    const missing = await aws('s3api', 'get-object', '--bucket', 'api', '--key', 'missing', 'out');
    expect(missing.err).toContain(
      '(NoSuchKey) when calling the GetObject operation: The specified key does not exist.',
    );
    const acl = await aws('s3api', 'get-bucket-acl', '--bucket', 'api');
    expect(acl.err).toContain('The embedded cloud does not implement S3 GetBucketAcl.');
  }, 120_000);

  test('archives, asks back, and configures a bucket', async () => {
    await s3api('create-bucket', '--bucket', 'archive');
    writeFileSync(file('body'), 'hello');
    await s3api('put-object', '--bucket', 'archive', '--key', 'x', '--body', 'body', '--storage-class', 'GLACIER');
    const restore = ['restore-object', '--bucket', 'archive', '--key', 'x', '--restore-request'];
    await s3api(...restore, 'Days=1,GlacierJobParameters={Tier=Bulk}');
    expect(await s3api('head-object', '--bucket', 'archive', '--key', 'x')).toMatchObject({
      Restore: 'ongoing-request="true"',
      StorageClass: 'GLACIER',
    });
    const lifecycle = '{"Rules":[{"ID":"r","Status":"Enabled","Filter":{"Prefix":"a/"},"Expiration":{"Days":3}}]}';
    await s3api('put-bucket-lifecycle-configuration', '--bucket', 'archive', '--lifecycle-configuration', lifecycle);
    expect(await s3api('get-bucket-lifecycle-configuration', '--bucket', 'archive')).toEqual(JSON.parse(lifecycle));
  }, 120_000);
});
