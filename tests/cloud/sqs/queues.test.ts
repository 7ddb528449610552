/** Queues as the SDK sees them: made once, found, described, refused in AWS's words. */
import { SQS } from '@aws-sdk/client-sqs';
import { TestClock } from '../../../cloud/clock.ts';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { codeOf } from './support.ts';

const clock = new TestClock();
let cloud: TestCloud;
let sqs: SQS;

beforeAll(async () => {
  cloud = await startTestCloud({ clock });
  sqs = new SQS(cloud.client);
});
afterAll(() => cloud.stop());

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

describe('CreateQueue', () => {
  test('answers the address of the queue', async () => {
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'first' });
    expect(QueueUrl).toBe(`${cloud.url}/000000000000/first`);
    expect((await sqs.getQueueUrl({ QueueName: 'first' })).QueueUrl).toBe(QueueUrl);
  });

  test('asked again with the same or fewer attributes, answers the same queue', async () => {
    const Attributes = { VisibilityTimeout: '7', DelaySeconds: '0' };
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'again', Attributes });
    expect((await sqs.createQueue({ QueueName: 'again', Attributes })).QueueUrl).toBe(QueueUrl);
    expect((await sqs.createQueue({ QueueName: 'again' })).QueueUrl).toBe(QueueUrl);
  });

  test('asked again with another value, refuses', async () => {
    await sqs.createQueue({ QueueName: 'differs', Attributes: { VisibilityTimeout: '7' } });
    const again = sqs.createQueue({ QueueName: 'differs', Attributes: { VisibilityTimeout: '8' } });
    expect(await codeOf(again)).toEqual(['QueueNameExists', 'QueueAlreadyExists']);
  });

  test.each([
    ['a name with a space', { QueueName: 'a b' }, 'InvalidParameterValue'],
    ['a name of 81 letters', { QueueName: 'q'.repeat(81) }, 'InvalidParameterValue'],
    ['a FIFO queue', { QueueName: 'q.fifo', Attributes: { FifoQueue: 'true' } }, 'UnsupportedOperation'],
    ['an unknown attribute', { QueueName: 'q', Attributes: { Colour: 'red' } as object }, 'InvalidAttributeName'],
    ['a number out of range', { QueueName: 'q', Attributes: { VisibilityTimeout: '43201' } }, 'InvalidAttributeValue'],
    ['a number that is none', { QueueName: 'q', Attributes: { DelaySeconds: 'soon' } }, 'InvalidAttributeValue'],
    ['a policy that is no JSON', { QueueName: 'q', Attributes: { Policy: '{' } }, 'InvalidAttributeValue'],
    [
      'a redrive policy without target',
      { QueueName: 'q', Attributes: { RedrivePolicy: '{}' } },
      'InvalidParameterValue',
    ],
    [
      'a redrive policy to a queue that is not there',
      {
        QueueName: 'q',
        Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('nowhere'), maxReceiveCount: 1 }) },
      },
      'InvalidParameterValue',
    ],
  ])('refuses %s', async (_, input, code) => {
    expect((await codeOf(sqs.createQueue(input)))[0]).toBe(code);
  });
});

test('attributes are answered as asked for', async () => {
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'described', Attributes: { VisibilityTimeout: '9' } });
  const one = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['VisibilityTimeout'] });
  expect(one.Attributes).toEqual({ VisibilityTimeout: '9' });
  expect((await sqs.getQueueAttributes({ QueueUrl })).Attributes).toBeUndefined();
  const created = String(clock.now() / 1000);
  await clock.advance(5000);
  await sqs.setQueueAttributes({ QueueUrl, Attributes: { MessageRetentionPeriod: '60', Policy: '{"Version":"1"}' } });
  expect((await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })).Attributes).toEqual({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    CreatedTimestamp: created,
    DelaySeconds: '0',
    LastModifiedTimestamp: String(clock.now() / 1000),
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '60',
    Policy: '{"Version":"1"}',
    QueueArn: arnOf('described'),
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    VisibilityTimeout: '9',
  });
});

test('counts tell visible, delayed and in-flight messages apart', async () => {
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'counted' });
  for (const DelaySeconds of [0, 0, 0, 10]) await sqs.sendMessage({ QueueUrl, MessageBody: 'x', DelaySeconds });
  await sqs.receiveMessage({ QueueUrl });
  const counts = async () => {
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
    return [
      Attributes?.['ApproximateNumberOfMessages'],
      Attributes?.['ApproximateNumberOfMessagesNotVisible'],
      Attributes?.['ApproximateNumberOfMessagesDelayed'],
    ].join(' ');
  };
  expect(await counts()).toBe('2 1 1');
  await clock.advance(10_000);
  expect(await counts()).toBe('3 1 0');
  await clock.advance(20_000);
  expect(await counts()).toBe('4 0 0');
});

test('queues are listed by prefix and page by page', async () => {
  for (const name of ['page-a', 'page-b', 'page-c']) await sqs.createQueue({ QueueName: name });
  const first = await sqs.listQueues({ QueueNamePrefix: 'page-', MaxResults: 2 });
  const { NextToken = '' } = first;
  const second = await sqs.listQueues({ QueueNamePrefix: 'page-', MaxResults: 2, NextToken });
  const names = [...(first.QueueUrls ?? []), ...(second.QueueUrls ?? [])].map((url) => url.split('/').at(-1));
  expect(names).toEqual(['page-a', 'page-b', 'page-c']);
  expect(second.NextToken).toBeUndefined();
});

test('tags are kept, added and removed', async () => {
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'tagged', tags: { a: '1' } });
  await sqs.tagQueue({ QueueUrl, Tags: { b: '2' } });
  await sqs.untagQueue({ QueueUrl, TagKeys: ['a'] });
  expect((await sqs.listQueueTags({ QueueUrl })).Tags).toEqual({ b: '2' });
});

test('a deleted queue is gone with its messages', async () => {
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'doomed' });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
  await sqs.deleteQueue({ QueueUrl });
  const codes = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];
  expect(await codeOf(sqs.sendMessage({ QueueUrl, MessageBody: 'x' }))).toEqual(codes);
  await sqs.createQueue({ QueueName: 'doomed' });
  expect((await sqs.receiveMessage({ QueueUrl })).Messages).toBeUndefined();
});

test('a queue can be emptied once a minute', async () => {
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'purged' });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
  await sqs.purgeQueue({ QueueUrl });
  expect((await sqs.receiveMessage({ QueueUrl })).Messages).toBeUndefined();
  expect((await codeOf(sqs.purgeQueue({ QueueUrl })))[0]).toBe('PurgeQueueInProgress');
  await clock.advance(60_000);
  await sqs.purgeQueue({ QueueUrl });
});

test('only the path of a queue address counts, so addresses outlive a change of port', async () => {
  await sqs.createQueue({ QueueName: 'moved' });
  const elsewhere = new SQS({ ...cloud.client, useQueueUrlAsEndpoint: false });
  const QueueUrl = 'http://127.0.0.1:1/000000000000/moved';
  expect((await elsewhere.sendMessage({ QueueUrl, MessageBody: 'x' })).MessageId).toBeString();
  expect((await codeOf(elsewhere.sendMessage({ QueueUrl: 'moved', MessageBody: 'x' })))[0]).toBe('InvalidAddress');
});

test('an operation that is not carried says so', async () => {
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'q' });
  const refused = sqs.addPermission({ QueueUrl, Label: 'l', AWSAccountIds: ['1'], Actions: ['*'] });
  await expect(refused).rejects.toThrow('The embedded cloud does not implement SQS AddPermission.');
});
