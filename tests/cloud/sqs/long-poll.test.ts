/** Long polls: woken at once by what arrives, ended by their time, their client, or the cloud. In real time. */
import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
let sqs: SQS;
let queues = 0;

beforeAll(async () => {
  cloud = await startTestCloud();
  sqs = new SQS(cloud.client);
});
afterAll(() => cloud.stop());

async function makeQueue(Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.createQueue({ QueueName: `poll${++queues}`, Attributes });
  return QueueUrl ?? '';
}

const poll = async (QueueUrl: string, WaitTimeSeconds?: number, abortSignal?: AbortSignal) => {
  const input = WaitTimeSeconds === undefined ? { QueueUrl } : { QueueUrl, WaitTimeSeconds };
  const { Messages = [] } = await sqs.receiveMessage(input, abortSignal ? { abortSignal } : {});
  return { bodies: Messages.map((message) => message.Body), endMs: performance.now() };
};

/** Long enough for a request to have reached the cloud. */
const settle = () => Bun.sleep(50);

test('a waiting poll is woken by a message', async () => {
  const QueueUrl = await makeQueue();
  const delays: number[] = [];
  for (let i = 0; i < 5; i++) {
    const waiting = poll(QueueUrl, 20);
    await settle();
    const sentMs = performance.now();
    await sqs.sendMessage({ QueueUrl, MessageBody: String(i) });
    const { bodies, endMs } = await waiting;
    expect(bodies).toEqual([String(i)]);
    delays.push(endMs - sentMs);
  }
  // The quickest, and generously: the machine may be busy.
  expect(Math.min(...delays)).toBeLessThan(500);
});

test('a poll ends empty when its time is over, the time of the queue by default', async () => {
  const QueueUrl = await makeQueue({ ReceiveMessageWaitTimeSeconds: '1' });
  const fromMs = performance.now();
  const { bodies, endMs } = await poll(QueueUrl);
  expect(bodies).toEqual([]);
  expect(endMs - fromMs).toBeWithin(950, 15_000);
  const atOnceMs = performance.now();
  expect((await poll(QueueUrl, 0)).endMs - atOnceMs).toBeLessThan(950);
});

test('a poll is woken by a delay or a visibility timeout that ends', async () => {
  const QueueUrl = await makeQueue({ VisibilityTimeout: '1' });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'x', DelaySeconds: 1 });
  const fromMs = performance.now();
  expect((await poll(QueueUrl, 20)).bodies).toEqual(['x']);
  expect((await poll(QueueUrl, 20)).bodies).toEqual(['x']);
  expect(performance.now() - fromMs).toBeWithin(1900, 15_000);
});

test('a message goes to one of many polls, and each message to another', async () => {
  const QueueUrl = await makeQueue();
  const polls = Array.from({ length: 10 }, () => poll(QueueUrl, 20));
  await settle();
  const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: String(i) }));
  await sqs.sendMessageBatch({ QueueUrl, Entries });
  const bodies = (await Promise.all(polls)).flatMap((each) => each.bodies);
  expect(bodies.sort()).toEqual(Entries.map((entry) => entry.MessageBody));
});

test('a poll whose client has gone takes no message', async () => {
  const QueueUrl = await makeQueue();
  const leaving = new AbortController();
  const left = poll(QueueUrl, 20, leaving.signal).catch((error: unknown) => error);
  await settle();
  leaving.abort();
  expect(await left).toBeInstanceOf(Error);
  await settle();
  await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
  expect((await poll(QueueUrl, 0)).bodies).toEqual(['x']);
});

test('a poll ends when its queue is deleted, and when the cloud stops', async () => {
  const QueueUrl = await makeQueue();
  const orphan = poll(QueueUrl, 20).catch((error: Error) => error.name);
  await settle();
  await sqs.deleteQueue({ QueueUrl });
  expect(await orphan).toBe('QueueDoesNotExist');

  const other = await makeQueue();
  const waiting = poll(other, 20);
  await settle();
  const fromMs = performance.now();
  await cloud.restart();
  expect((await waiting).bodies).toEqual([]);
  expect(performance.now() - fromMs).toBeLessThan(15_000);
  expect(cloud.faults).toEqual([]);
});
