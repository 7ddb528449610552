/** Messages received too often: to the dead-letter queue, and back from there. */
import { SQS } from '@aws-sdk/client-sqs';
import { TestClock } from '../../../cloud/clock.ts';
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { codeOf } from './support.ts';

const clock = new TestClock();
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
let cloud: TestCloud;
let sqs: SQS;
let work: string;
let dead: string;

beforeEach(async () => {
  cloud = await startTestCloud({ clock });
  sqs = new SQS(cloud.client);
  dead = (await sqs.createQueue({ QueueName: 'dead' })).QueueUrl ?? '';
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 2 });
  const Attributes = { RedrivePolicy, VisibilityTimeout: '1' };
  work = (await sqs.createQueue({ QueueName: 'work', Attributes })).QueueUrl ?? '';
});
afterEach(() => cloud.stop());

const receive = async (QueueUrl: string) =>
  (await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ['All'] })).Messages ?? [];

/** Lets everything on the work queue fail as often as it may, and once more. */
async function exhaust(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await receive(work);
    await clock.advance(1000);
  }
}

const tasks = async () => (await sqs.listMessageMoveTasks({ SourceArn: arnOf('dead'), MaxResults: 10 })).Results ?? [];

test('after maxReceiveCount receipts a message is on the dead-letter queue instead', async () => {
  const { MessageId } = await sqs.sendMessage({ QueueUrl: work, MessageBody: 'poison' });
  expect(await receive(work)).toHaveLength(1);
  await clock.advance(1000);
  expect(await receive(work)).toHaveLength(1);
  await clock.advance(1000);
  await sqs.sendMessage({ QueueUrl: work, MessageBody: 'good' });
  expect((await receive(work)).map((message) => message.Body)).toEqual(['good']);
  const [letter] = await receive(dead);
  expect(letter).toMatchObject({
    MessageId,
    Body: 'poison',
    Attributes: { ApproximateReceiveCount: '3', DeadLetterQueueSourceArn: arnOf('work') },
  });
});

test('a long poll of the dead-letter queue is woken by a dead letter', async () => {
  await sqs.sendMessage({ QueueUrl: work, MessageBody: 'poison' });
  const waiting = sqs.receiveMessage({ QueueUrl: dead, WaitTimeSeconds: 20 });
  await exhaust();
  expect((await waiting).Messages).toHaveLength(1);
});

test('a dead-letter queue names its sources, and may refuse them', async () => {
  expect((await sqs.listDeadLetterSourceQueues({ QueueUrl: dead })).queueUrls).toEqual([work]);
  const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [arnOf('work')] });
  await sqs.setQueueAttributes({ QueueUrl: dead, Attributes: { RedriveAllowPolicy } });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 });
  const refused = sqs.createQueue({ QueueName: 'stranger', Attributes: { RedrivePolicy } });
  expect((await codeOf(refused))[0]).toBe('InvalidParameterValue');
  await sqs.setQueueAttributes({ QueueUrl: work, Attributes: { RedrivePolicy } });
});

test('dead letters are moved back as new messages', async () => {
  const { MessageId } = await sqs.sendMessage({ QueueUrl: work, MessageBody: 'poison' });
  await exhaust();
  const sentMs = String(clock.now());
  const { TaskHandle } = await sqs.startMessageMoveTask({ SourceArn: arnOf('dead') });
  expect(TaskHandle).toBeString();
  const [message] = await receive(work);
  expect(message?.Body).toBe('poison');
  expect(message?.MessageId).not.toBe(MessageId);
  expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SentTimestamp: sentMs });
  expect(message?.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
  expect(await tasks()).toMatchObject([
    { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1, ApproximateNumberOfMessagesToMove: 1 },
  ]);
});

test('a move at a rate goes on through a restart, and can be cancelled', async () => {
  const Entries = Array.from({ length: 5 }, (_, i) => ({ Id: String(i), MessageBody: String(i) }));
  await sqs.sendMessageBatch({ QueueUrl: work, Entries });
  await exhaust();
  const start = { SourceArn: arnOf('dead'), MaxNumberOfMessagesPerSecond: 2 };
  await sqs.startMessageMoveTask(start);
  expect((await codeOf(sqs.startMessageMoveTask(start)))[0]).toBe('UnsupportedOperation');
  expect(await receive(work)).toHaveLength(2);
  await cloud.restart();
  await clock.advance(1000);
  const [running] = await tasks();
  expect(running).toMatchObject({ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 4 });
  const cancelled = await sqs.cancelMessageMoveTask({ TaskHandle: running?.TaskHandle });
  expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(4);
  await clock.advance(5000);
  expect(await tasks()).toMatchObject([{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 4 }]);
  expect(await receive(dead)).toHaveLength(1);
});

test('messages can be moved to a queue of choice, and must otherwise have come from somewhere', async () => {
  const { QueueUrl: aside = '' } = await sqs.createQueue({ QueueName: 'aside' });
  await sqs.sendMessage({ QueueUrl: dead, MessageBody: 'sent here' });
  await sqs.startMessageMoveTask({ SourceArn: arnOf('dead') });
  expect(await tasks()).toMatchObject([{ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' }]);
  await sqs.startMessageMoveTask({ SourceArn: arnOf('dead'), DestinationArn: arnOf('aside') });
  expect((await receive(aside)).map((message) => message.Body)).toEqual(['sent here']);
});

test.each([
  ['a queue that is not there', { SourceArn: arnOf('nowhere') }, 'ResourceNotFoundException'],
  ['a queue that takes no dead letters', { SourceArn: arnOf('work') }, 'InvalidParameterValue'],
  ['an unknown destination', { SourceArn: arnOf('dead'), DestinationArn: arnOf('x') }, 'ResourceNotFoundException'],
])('a move is refused for %s', async (_, input, code) => {
  expect((await codeOf(sqs.startMessageMoveTask(input)))[0]).toBe(code);
});
