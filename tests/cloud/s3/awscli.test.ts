/** A journey through a client that shares no code with the SDK of the other tests: Debian's awscli (botocore). */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aws, awsText, hasAwsCli } from '../../support/awscli.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';

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

const s3 = (...words: string[]) => awsText(cloud, 's3', ...words);
const s3api = (...words: string[]) => aws(cloud, 's3api', ...words);
const file = (name: string) => join(folder, name);

describe.skipIf(!hasAwsCli)('awscli (needs /usr/bin/aws)', () => {
  test('makes a bucket, uploads, lists, syncs, moves, downloads and deletes', async () => {
    // Above 8 MB awscli uploads in parts and downloads in ranges.
    const large = Buffer.alloc(20_000_000, 'variants and more ');
    writeFileSync(file('large.vcf'), large);
    mkdirSync(file('tree/sub'), { recursive: true });
    writeFileSync(file('tree/a b.txt'), 'a');
    writeFileSync(file('tree/sub/ü+.txt'), 'b');

    expect(await s3('mb', 's3://cli')).toBe('make_bucket: cli');
    expect(await s3('cp', file('large.vcf'), 's3://cli/large.vcf', '--no-progress')).toContain('upload:');
    await s3('sync', file('tree'), 's3://cli/tree', '--no-progress');
    const listed = await s3('ls', 's3://cli', '--recursive');
    expect(listed.split('\n').map((line) => line.slice(20).trim())).toEqual([
      '20000000 large.vcf',
      '1 tree/a b.txt',
      '1 tree/sub/ü+.txt',
    ]);
    await s3('mv', 's3://cli/tree/a b.txt', 's3://cli/tree/c.txt', '--no-progress');
    await s3('cp', 's3://cli/large.vcf', file('back.vcf'), '--no-progress');
    expect(readFileSync(file('back.vcf')).equals(large)).toBe(true);
    expect(await s3('rm', 's3://cli', '--recursive')).toContain('delete: s3://cli/large.vcf');
    expect(await s3('rb', 's3://cli')).toBe('remove_bucket: cli');
  }, 120_000);

  test('reads what a link may give, conditions, metadata and errors', async () => {
    await s3api('create-bucket', '--bucket', 'api');
    writeFileSync(file('body'), 'hello');
    const put = ['put-object', '--bucket', 'api', '--key', 'x', '--body', file('body'), '--metadata', 'job=1'];
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
    const link = await s3('presign', 's3://api/x', '--expires-in', '60');
    expect(await (await fetch(link)).text()).toBe('hello');
    const missing = s3api('get-object', '--bucket', 'api', '--key', 'missing', file('out'));
    await expect(missing).rejects.toThrow('(NoSuchKey) when calling the GetObject operation');
    const acl = s3api('get-bucket-acl', '--bucket', 'api');
    await expect(acl).rejects.toThrow('The embedded cloud does not implement S3 GetBucketAcl.');
  }, 120_000);

  test('archives, asks back, and configures a bucket', async () => {
    await s3api('create-bucket', '--bucket', 'archive');
    writeFileSync(file('body'), 'hello');
    await s3api(
      'put-object',
      '--bucket',
      'archive',
      '--key',
      'x',
      '--body',
      file('body'),
      '--storage-class',
      'GLACIER',
    );
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
