/** Storage classes: an archived object is there but not readable, until a restore is done, for as long as it was asked for. */
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  S3Client,
  type Tier,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { TestClock } from '../../../cloud/clock.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from './failure.ts';

const Bucket = 'results';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let clock: TestClock;
let cloud: TestCloud;
let s3: S3Client;
let sqs: SQSClient;
let QueueUrl = '';
let hasCapacity = true;

beforeAll(async () => {
  clock = new TestClock(Date.UTC(2026, 0, 1, 10));
  cloud = await startTestCloud({ clock, settings: { expeditedCapacity: () => hasCapacity } });
  s3 = new S3Client(cloud.client);
  sqs = new SQSClient(cloud.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  ({ QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: 'events', Attributes: { MessageRetentionPeriod: '1209600' } }),
  ));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const QueueArn = Attributes?.['QueueArn'];
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { QueueConfigurations: [{ Id: 'all', QueueArn, Events: ['s3:ObjectRestore:*'] }] },
    }),
  );
  await events();
});

beforeEach(() => {
  hasCapacity = true;
});

afterAll(async () => {
  expect(cloud.faults).toEqual([]);
  s3.destroy();
  sqs.destroy();
  await cloud.stop();
});

const archive = (Key: string, StorageClass: 'GLACIER' | 'DEEP_ARCHIVE' = 'GLACIER') =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: `the result ${Key}`, StorageClass }));
const head = (Key: string) => s3.send(new HeadObjectCommand({ Bucket, Key }));
const read = async (Key: string) =>
  await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const restore = async (Key: string, Days = 1, Tier?: Tier) => {
  const request = { Days, ...(Tier ? { GlacierJobParameters: { Tier } } : {}) };
  return (await s3.send(new RestoreObjectCommand({ Bucket, Key, RestoreRequest: request }))).$metadata.httpStatusCode;
};

interface RestoreEvent {
  eventName: string;
  s3: { object: { key: string } };
  glacierEventData?: {
    restoreEventData: { lifecycleRestorationExpiryTime: string; lifecycleRestoreStorageClass: string };
  };
}

/** Events that have come to the queue since the last call. */
async function events(): Promise<RestoreEvent[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.flatMap(({ Body = '{}' }) => (JSON.parse(Body) as { Records?: RestoreEvent[] }).Records ?? []);
}

describe('an archived object', () => {
  test('can be looked at, listed and deleted, but not read or copied', async () => {
    await archive('cold');
    expect((await head('cold')).StorageClass).toBe('GLACIER');
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'cold' }));
    expect(listed.Contents?.[0]?.StorageClass).toBe('GLACIER');
    expect(await failure(read('cold'))).toEqual(['InvalidObjectState', 403]);
    const copy = s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/cold` }));
    expect(await failure(copy)).toEqual(['InvalidObjectState', 403]);
  });

  test('is made by copying an object onto itself, keeping what was said of it', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'cooling', Body: 'x', Metadata: { sha: '1' } }));
    const toGlacier = { Bucket, Key: 'cooling', CopySource: `${Bucket}/cooling`, StorageClass: 'GLACIER' } as const;
    await s3.send(new CopyObjectCommand(toGlacier));
    expect(await head('cooling')).toMatchObject({ StorageClass: 'GLACIER', Metadata: { sha: '1' } });
  });

  test('comes back for good by restore and copy', async () => {
    await archive('returning');
    await restore('returning', 1, 'Expedited');
    await clock.advance(HOUR_MS);
    await s3.send(
      new CopyObjectCommand({ Bucket, Key: 'returning', CopySource: `${Bucket}/returning`, StorageClass: 'STANDARD' }),
    );
    await clock.advance(10 * DAY_MS);
    expect(await read('returning')).toBe('the result returning');
    expect((await head('returning')).StorageClass).toBeUndefined();
    await events();
  });
});

describe('a restore', () => {
  test('is asked for, under way, done, prolonged, over; each step tells', async () => {
    await archive('thawing');
    const askedMs = clock.now();
    expect(await restore('thawing', 2, 'Standard')).toBe(202);
    expect((await head('thawing')).Restore).toBe('ongoing-request="true"');
    expect(await failure(restore('thawing'))).toEqual(['RestoreAlreadyInProgress', 409]);
    expect(await failure(read('thawing'))).toEqual(['InvalidObjectState', 403]);

    await clock.advance(4 * HOUR_MS - 1);
    expect((await head('thawing')).Restore).toBe('ongoing-request="true"');
    await clock.advance(1);
    // Two days after it was ready, and on to the next midnight.
    const until = Math.floor((askedMs + 4 * HOUR_MS) / DAY_MS) * DAY_MS + 3 * DAY_MS;
    expect((await head('thawing')).Restore).toBe(
      `ongoing-request="false", expiry-date="${new Date(until).toUTCString()}"`,
    );
    expect(await read('thawing')).toBe('the result thawing');
    expect((await head('thawing')).StorageClass).toBe('GLACIER');

    expect(await restore('thawing', 5)).toBe(200);
    await clock.advance(until - clock.now());
    expect(await read('thawing')).toBe('the result thawing');
    await clock.advance(5 * DAY_MS);
    expect(await failure(read('thawing'))).toEqual(['InvalidObjectState', 403]);
    expect((await head('thawing')).Restore).toBeUndefined();

    const told = await events();
    expect(told.map(({ eventName, s3 }) => [eventName, s3.object.key])).toEqual([
      ['ObjectRestore:Post', 'thawing'],
      ['ObjectRestore:Completed', 'thawing'],
      ['ObjectRestore:Delete', 'thawing'],
    ]);
    expect(told[1]?.glacierEventData?.restoreEventData).toEqual({
      lifecycleRestorationExpiryTime: new Date(until).toISOString(),
      lifecycleRestoreStorageClass: 'GLACIER',
    });
  });

  test.each<[Tier, number]>([
    ['Expedited', HOUR_MS / 20],
    ['Standard', 4 * HOUR_MS],
    ['Bulk', 8 * HOUR_MS],
  ])('of tier %s takes its time', async (tier, tookMs) => {
    await archive(`tier-${tier}`);
    await restore(`tier-${tier}`, 1, tier);
    await clock.advance(tookMs - 1);
    expect(await failure(read(`tier-${tier}`))).toEqual(['InvalidObjectState', 403]);
    await clock.advance(1);
    expect(await read(`tier-${tier}`)).toBe(`the result tier-${tier}`);
    await events();
  });

  test('is done after a restart too, on time, and tells once', async () => {
    await archive('across');
    await restore('across', 1, 'Standard');
    await events();
    await cloud.restart();
    expect((await head('across')).Restore).toBe('ongoing-request="true"');
    await clock.advance(4 * HOUR_MS);
    expect(await read('across')).toBe('the result across');
    await cloud.restart();
    expect((await events()).map(({ eventName }) => eventName)).toEqual(['ObjectRestore:Completed']);
  });

  test('of tier Expedited needs capacity', async () => {
    await archive('urgent');
    hasCapacity = false;
    expect(await failure(restore('urgent', 1, 'Expedited'))).toEqual(['GlacierExpeditedRetrievalNotAvailable', 503]);
    expect((await head('urgent')).Restore).toBeUndefined();
    expect(await restore('urgent', 1, 'Standard')).toBe(202);
  });

  test('is refused for what is not archived, or asks for nothing that exists', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'warm', Body: 'x' }));
    await archive('deep', 'DEEP_ARCHIVE');
    expect(await failure(restore('warm'))).toEqual(['InvalidObjectState', 403]);
    expect(await failure(restore('missing'))).toEqual(['NoSuchKey', 404]);
    expect(await failure(restore('deep', 0))).toEqual(['MalformedXML', 400]);
    expect(await failure(restore('deep', 1, 'Fast' as Tier))).toEqual(['MalformedXML', 400]);
    expect(await failure(restore('deep', 1, 'Expedited'))).toEqual(['InvalidArgument', 400]);
  });

  test('is forgotten when the object is replaced', async () => {
    await archive('replaced');
    await restore('replaced', 1, 'Standard');
    await archive('replaced');
    await clock.advance(5 * HOUR_MS);
    expect((await head('replaced')).Restore).toBeUndefined();
  });
});
