/** Events: who is told what, in AWS's words, through queue, topic and function, and that a kill loses none. */
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
  type NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { TestClock } from '../../../cloud/clock.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from './failure.ts';

const Bucket = 'noisy';
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:listener';
let clock: TestClock;
let cloud: TestCloud;
let s3: S3Client;
let sqs: SQSClient;
let sns: SNSClient;
let queue: { url: string; arn: string };
let heard: unknown[] = [];
let failing = 0;

beforeAll(async () => {
  clock = new TestClock();
  const listener = async (event: unknown) => {
    heard.push(event);
    if (failing-- > 0) throw new Error('not now');
  };
  cloud = await startTestCloud({ clock, functions: { listener } });
  s3 = new S3Client(cloud.client);
  sqs = new SQSClient(cloud.client);
  sns = new SNSClient(cloud.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  queue = await makeQueue('told');
});

afterEach(async () => {
  await configure({});
  heard = [];
  failing = 0;
  await received();
});

afterAll(async () => {
  for (const client of [s3, sqs, sns]) client.destroy();
  await cloud.stop();
});

async function makeQueue(QueueName: string): Promise<{ url: string; arn: string }> {
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
  return { url, arn: Attributes?.['QueueArn'] ?? '' };
}

const configure = (NotificationConfiguration: NotificationConfiguration, SkipDestinationValidation = false) =>
  s3.send(
    new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration, SkipDestinationValidation }),
  );
const put = (Key: string, Body = 'body') => s3.send(new PutObjectCommand({ Bucket, Key, Body }));

async function received(url = queue.url): Promise<string[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
  return Messages.map(({ Body = '' }) => Body);
}

interface Record {
  eventName: string;
  s3: { configurationId: string; bucket: object; object: { key: string; sequencer: string; size?: number } };
}

const records = (bodies: string[]) =>
  bodies.flatMap((body) => (JSON.parse(body) as { Records?: Record[] }).Records ?? []);

describe('a configuration', () => {
  test('comes back as it was put, and its queue gets a test event', async () => {
    const configuration: NotificationConfiguration = {
      QueueConfigurations: [
        {
          Id: 'vcf',
          QueueArn: queue.arn,
          Events: ['s3:ObjectCreated:*', 's3:ObjectRestore:Completed'],
          Filter: {
            Key: {
              FilterRules: [
                { Name: 'prefix', Value: 'u/' },
                { Name: 'suffix', Value: '.vcf' },
              ],
            },
          },
        },
      ],
      LambdaFunctionConfigurations: [{ Id: 'fn', LambdaFunctionArn: FUNCTION_ARN, Events: ['s3:ObjectRemoved:*'] }],
    };
    await configure(configuration);
    const { $metadata: _, ...got } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    // AWS gives rule names back with a capital.
    expect(JSON.parse(JSON.stringify(got).replace('Prefix"', 'prefix"').replace('Suffix"', 'suffix"'))).toEqual(
      configuration,
    );
    const [test] = await received();
    expect(JSON.parse(test ?? '')).toMatchObject({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket });
  });

  test('is refused for destinations that are not there and events that never come', async () => {
    const missing = 'arn:aws:sqs:us-east-1:000000000000:missing';
    const to = (QueueArn: string, event: string) =>
      failure(configure({ QueueConfigurations: [{ QueueArn, Events: [event as 's3:ObjectCreated:*'] }] }));
    expect(await to(missing, 's3:ObjectCreated:*')).toEqual(['InvalidArgument', 400]);
    expect(await to(FUNCTION_ARN, 's3:ObjectCreated:*')).toEqual(['InvalidArgument', 400]);
    expect(await to(queue.arn, 's3:ObjectEaten:*')).toEqual(['InvalidArgument', 400]);
    expect(await to(queue.arn, 's3:ObjectTagging:Put')).toEqual(['NotImplemented', 501]);
  });
});

describe('an event', () => {
  test('tells what happened to which object', async () => {
    await configure({
      QueueConfigurations: [
        { Id: 'q', QueueArn: queue.arn, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:Delete'] },
      ],
    });
    await put('u 1/ü+.vcf');
    await s3.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent('u 1/ü+.vcf')}` }),
    );
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'copy' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'never there' }));
    const told = records(await received());
    expect(told).toMatchObject([
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventTime: '2026-01-01T00:00:00.000Z',
        eventName: 'ObjectCreated:Put',
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'q',
          bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}` },
          object: { key: 'u+1/%C3%BC%2B.vcf', size: 4, eTag: '841a2d689ad86bd1611447453c22c6fc' },
        },
      },
      { eventName: 'ObjectCreated:Copy', s3: { object: { key: 'copy' } } },
      { eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'copy' } } },
    ]);
    const sequencers = told.map(({ s3 }) => s3.object.sequencer);
    expect(sequencers).toEqual([...sequencers].sort());
    expect(new Set(sequencers).size).toBe(3);
  });

  test('goes only to who asked for such keys', async () => {
    const Filter = {
      Key: {
        FilterRules: [
          { Name: 'prefix' as const, Value: 'a/' },
          { Name: 'suffix' as const, Value: '.vcf' },
        ],
      },
    };
    await configure({ QueueConfigurations: [{ QueueArn: queue.arn, Events: ['s3:ObjectCreated:Put'], Filter }] });
    for (const key of ['a/1.vcf', 'b/1.vcf', 'a/1.txt']) await put(key);
    expect(records(await received()).map(({ s3 }) => s3.object.key)).toEqual(['a/1.vcf']);
  });

  test('goes through a topic to its subscribers', async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'restores' }));
    const subscribed = await makeQueue('subscribed');
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: subscribed.arn }));
    await configure({ TopicConfigurations: [{ TopicArn, Events: ['s3:ObjectCreated:*'] }] });
    await put('via topic');
    await Bun.sleep(20);
    const messages = (await received(subscribed.url)).map(
      (body) => JSON.parse(body) as { Subject: string; Message: string },
    );
    expect(messages.map(({ Subject }) => Subject)).toEqual(['Amazon S3 Notification', 'Amazon S3 Notification']);
    expect(records(messages.map(({ Message }) => Message)).map(({ s3 }) => s3.object.key)).toEqual(['via+topic']);
  });

  test('runs a function, again when it fails, three times at most', async () => {
    await configure({
      LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION_ARN, Events: ['s3:ObjectCreated:*'] }],
    });
    failing = 1;
    await put('second time lucky');
    await Bun.sleep(10);
    expect(heard).toHaveLength(1);
    await clock.advance(60_000);
    expect(heard).toHaveLength(2);
    expect(heard[1]).toMatchObject({ Records: [{ s3: { object: { key: 'second+time+lucky' } } }] });
    await clock.advance(3_600_000);
    expect(heard).toHaveLength(2);

    heard = [];
    failing = 99;
    await put('never');
    await clock.advance(3_600_000);
    expect(heard).toHaveLength(3);
    expect(cloud.faults.splice(0).map(({ message }) => message)).toEqual([
      expect.stringContaining('could not be delivered'),
    ]);
  });

  test('whose queue is gone is dropped and reported; the put succeeds', async () => {
    const gone = await makeQueue('gone');
    await configure({ QueueConfigurations: [{ QueueArn: gone.arn, Events: ['s3:ObjectCreated:*'] }] });
    await sqs.send(new DeleteQueueCommand({ QueueUrl: gone.url }));
    await put('x');
    expect(cloud.faults.splice(0)).toHaveLength(1);
  });

  test('to a function that did not finish is told again after a restart', async () => {
    await configure({
      LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION_ARN, Events: ['s3:ObjectCreated:*'] }],
    });
    failing = 1;
    await put('interrupted');
    await Bun.sleep(10);
    await cloud.restart();
    await clock.advance(60_000);
    expect(heard).toHaveLength(2);
  });
});
