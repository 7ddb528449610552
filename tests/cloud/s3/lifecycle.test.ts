/** Lifecycle rules: what expires does so at the midnight after its days, and nothing else does. */
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { TestClock } from '../../../cloud/clock.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from './failure.ts';

const Bucket = 'expiring';
const HOUR_MS = 3_600_000;
const rules: LifecycleRule[] = [
  { ID: 'inputs', Status: 'Enabled', Filter: { Prefix: 'inputs/' }, Expiration: { Days: 2 } },
  {
    ID: 'uploads',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  },
  { ID: 'off', Status: 'Disabled', Filter: { Prefix: 'kept/' }, Expiration: { Days: 1 } },
  {
    ID: 'large',
    Status: 'Enabled',
    Filter: { And: { Prefix: 'sized/', ObjectSizeGreaterThan: 10 } },
    Expiration: { Days: 1 },
  },
];
let clock: TestClock;
let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  clock = new TestClock(Date.UTC(2026, 0, 15, 10, 30));
  cloud = await startTestCloud({ clock });
  s3 = new S3Client(cloud.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await configure(rules);
});

afterAll(async () => {
  expect(cloud.faults).toEqual([]);
  s3.destroy();
  await cloud.stop();
});

const configure = (Rules: LifecycleRule[]) =>
  s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));

async function keys(): Promise<(string | undefined)[]> {
  return ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);
}

test('rules come back as they were put', async () => {
  expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual(rules);
});

test('objects and uploads go at the midnight after their days, also across a restart', async () => {
  const bodies = { 'inputs/a': 'x', 'kept/a': 'x', other: 'x', 'sized/large': 'x'.repeat(11), 'sized/small': 'x' };
  for (const [Key, Body] of Object.entries(bodies)) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'stuck' }));
  const uploads = async () => (await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length ?? 0;
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'inputs/a' }))).Expiration).toBe(
    'expiry-date="Sun, 18 Jan 2026 00:00:00 GMT", rule-id="inputs"',
  );
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'other' }))).Expiration).toBeUndefined();

  await clock.advance(13.5 * HOUR_MS + 23 * HOUR_MS);
  expect([await keys(), await uploads()]).toEqual([Object.keys(bodies).sort(), 1]);
  await clock.advance(HOUR_MS);
  expect([await keys(), await uploads()]).toEqual([['inputs/a', 'kept/a', 'other', 'sized/small'], 0]);
  await cloud.restart();
  await clock.advance(24 * HOUR_MS - 1);
  expect(await keys()).toContain('inputs/a');
  await clock.advance(1);
  expect(await keys()).toEqual(['kept/a', 'other', 'sized/small']);
});

test('rules this cloud would not act on are refused', async () => {
  const put = (rule: object) => failure(configure([{ Status: 'Enabled', Filter: { Prefix: '' }, ...rule }]));
  const refused: [string, number] = ['NotImplemented', 501];
  expect(await put({ Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] })).toEqual(refused);
  expect(await put({ Filter: { Tag: { Key: 'a', Value: 'b' } }, Expiration: { Days: 1 } })).toEqual(refused);
  expect(await put({ Expiration: { ExpiredObjectDeleteMarker: true } })).toEqual(refused);
  expect(await put({ Expiration: { Days: 0 } })).toEqual(['InvalidArgument', 400]);
  expect(await put({ Expiration: { Date: new Date('2026-01-01T12:00:00Z') } })).toEqual(['InvalidArgument', 400]);
  expect(await put({})).toEqual(['InvalidRequest', 400]);
});

test('rules can be deleted', async () => {
  await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
  expect(await failure(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toEqual([
    'NoSuchLifecycleConfiguration',
    404,
  ]);
});

test('public access is always blocked, and versions are never kept', async () => {
  const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  const block = (PublicAccessBlockConfiguration: object) =>
    s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  await block(all);
  expect((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual(all);
  expect(await failure(block({ ...all, BlockPublicPolicy: false }))).toEqual(['NotImplemented', 501]);
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
});
