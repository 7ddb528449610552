/** Messages: sent, received, hidden, deleted, as AWS does and with its digests, which the SDK checks. */
import { SQS } from '@aws-sdk/client-sqs';
import { TestClock } from '../../../cloud/clock.ts';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { codeOf } from './support.ts';

const clock = new TestClock();
let cloud: TestCloud;
let sqs: SQS;
let queues = 0;

beforeAll(async () => {
  cloud = await startTestCloud({ clock });
  sqs = new SQS(cloud.client);
});
afterAll(() => cloud.stop());

async function makeQueue(Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.createQueue({ QueueName: `q${++queues}`, Attributes });
  return QueueUrl ?? '';
}

const receive = async (QueueUrl: string, more: object = {}) =>
  (await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, ...more })).Messages ?? [];

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

describe('a sent message', () => {
  test('comes back with its body, attributes and facts', async () => {
    const QueueUrl = await makeQueue();
    const sent = await sqs.sendMessage({
      QueueUrl,
      MessageBody: 'Grüße 👋',
      MessageAttributes: {
        word: text('w'),
        count: { DataType: 'Number.int', StringValue: '42' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
      },
      MessageSystemAttributes: { AWSTraceHeader: text('Root=1-5759e988-bd862e3fe1be46a994272793') },
    });
    const sentMs = String(clock.now());
    await clock.advance(1500);
    const [message] = await receive(QueueUrl, { AttributeNames: ['All'], MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'Grüße 👋',
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: { count: { DataType: 'Number.int', StringValue: '42' }, word: text('w') },
      Attributes: {
        ApproximateFirstReceiveTimestamp: String(clock.now()),
        ApproximateReceiveCount: '1',
        AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793',
        SenderId: '000000000000',
        SentTimestamp: sentMs,
      },
    });
    expect(message?.MessageAttributes?.['bytes']?.BinaryValue).toEqual(new Uint8Array([0, 255]));
  });

  test('has the digests of AWS', async () => {
    // Known answers of AWS, from the SDK documentation's example and from moto's recordings.
    const QueueUrl = await makeQueue();
    const sent = await sqs.sendMessage({
      QueueUrl,
      MessageBody: 'derp',
      MessageAttributes: { timestamp: { DataType: 'Number', StringValue: '1493147359900' } },
    });
    expect(sent.MD5OfMessageBody).toBe('58fd9edd83341c29f1aebba81c31e257');
    expect(sent.MD5OfMessageAttributes).toBe('235c5c510d26fb653d073faed50ae77c');
  });

  test('shows only the attributes that are asked for', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '0' });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageAttributes: { 'a.b': text('1'), c: text('2') } });
    const chosen = async (...MessageAttributeNames: string[]) =>
      Object.keys((await receive(QueueUrl, { MessageAttributeNames }))[0]?.MessageAttributes ?? {});
    expect(await chosen()).toEqual([]);
    expect(await chosen('c')).toEqual(['c']);
    expect(await chosen('a.*')).toEqual(['a.b']);
    expect(await chosen('.*')).toEqual(['a.b', 'c']);
    const [message] = await receive(QueueUrl, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(message?.Attributes).toEqual({ ApproximateReceiveCount: '5' });
  });

  test('is hidden for its delay, or for that of the queue', async () => {
    const QueueUrl = await makeQueue({ DelaySeconds: '3' });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'by queue' });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'own', DelaySeconds: 1 });
    expect(await receive(QueueUrl)).toEqual([]);
    await clock.advance(1000);
    expect((await receive(QueueUrl)).map((message) => message.Body)).toEqual(['own']);
    await clock.advance(2000);
    expect((await receive(QueueUrl)).map((message) => message.Body)).toEqual(['by queue']);
  });

  test('is forgotten when the queue has kept it long enough', async () => {
    const QueueUrl = await makeQueue({ MessageRetentionPeriod: '60' });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'old' });
    await clock.advance(59_000);
    expect(await receive(QueueUrl, { VisibilityTimeout: 0 })).toHaveLength(1);
    await clock.advance(1000);
    expect(await receive(QueueUrl)).toEqual([]);
  });

  test('may have a mebibyte with its attributes, and no more', async () => {
    const QueueUrl = await makeQueue();
    const MessageAttributes = { ab: text('cd') };
    const room = 1_048_576 - 'ab'.length - 'String'.length - 'cd'.length;
    await sqs.sendMessage({ QueueUrl, MessageBody: 'x'.repeat(room), MessageAttributes });
    const tooLong = sqs.sendMessage({ QueueUrl, MessageBody: 'x'.repeat(room + 1), MessageAttributes });
    expect((await codeOf(tooLong))[0]).toBe('InvalidParameterValue');
  });

  test.each<[string, object, string]>([
    ['no body', { MessageBody: '' }, 'MissingParameter'],
    ['a control character', { MessageBody: 'a\u0000' }, 'InvalidMessageContents'],
    ['a delay of 901 seconds', { DelaySeconds: 901 }, 'InvalidParameterValue'],
    ['what only FIFO queues have', { MessageDeduplicationId: 'd' }, 'InvalidParameterValue'],
    ['an attribute without type', { MessageAttributes: { a: { DataType: '' } } }, 'InvalidParameterValue'],
    ['an attribute without value', { MessageAttributes: { a: { DataType: 'String' } } }, 'InvalidParameterValue'],
    [
      'an attribute of unknown type',
      { MessageAttributes: { a: { ...text('x'), DataType: 'Date' } } },
      'InvalidParameterValue',
    ],
    [
      'a number that is none',
      { MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } },
      'InvalidParameterValue',
    ],
    ['an attribute name of AWS', { MessageAttributes: { 'AWS.a': text('x') } }, 'InvalidParameterValue'],
    [
      'eleven attributes',
      { MessageAttributes: Object.fromEntries(Array.from('abcdefghijk', (name) => [name, text('x')])) },
      'InvalidParameterValue',
    ],
    [
      'an unknown system attribute',
      { MessageSystemAttributes: { Other: text('x') } as object },
      'InvalidParameterValue',
    ],
  ])('is refused with %s', async (_, more, code) => {
    const QueueUrl = await makeQueue();
    expect((await codeOf(sqs.sendMessage({ QueueUrl, MessageBody: 'x', ...more })))[0]).toBe(code);
  });
});

describe('a received message', () => {
  test('is hidden for the visibility timeout, then comes again and counts it', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '30' });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
    const names = { AttributeNames: ['All'] };
    expect(await receive(QueueUrl, names)).toHaveLength(1);
    const firstMs = String(clock.now());
    await clock.advance(29_999);
    expect(await receive(QueueUrl, names)).toEqual([]);
    await clock.advance(1);
    const [again] = await receive(QueueUrl, names);
    expect(again?.Attributes).toMatchObject({
      ApproximateReceiveCount: '2',
      ApproximateFirstReceiveTimestamp: firstMs,
    });
  });

  test('is held longer by a heartbeat and handed back by 0', async () => {
    const QueueUrl = await makeQueue();
    await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
    const [message] = await receive(QueueUrl, { VisibilityTimeout: 10 });
    const receipt = { QueueUrl, ReceiptHandle: message?.ReceiptHandle };
    await clock.advance(9000);
    await sqs.changeMessageVisibility({ ...receipt, VisibilityTimeout: 10 });
    await clock.advance(9000);
    expect(await receive(QueueUrl)).toEqual([]);
    await sqs.changeMessageVisibility({ ...receipt, VisibilityTimeout: 0 });
    expect(await receive(QueueUrl)).toHaveLength(1);
  });

  test('cannot be held for more than twelve hours, nor once it is visible or gone', async () => {
    const QueueUrl = await makeQueue();
    await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
    const [message] = await receive(QueueUrl, { VisibilityTimeout: 10 });
    const receipt = { QueueUrl, ReceiptHandle: message?.ReceiptHandle };
    const hold = (VisibilityTimeout: number) => sqs.changeMessageVisibility({ ...receipt, VisibilityTimeout });
    await clock.advance(5000);
    expect((await codeOf(hold(43_201)))[0]).toBe('InvalidParameterValue');
    expect((await codeOf(hold(43_196)))[0]).toBe('InvalidParameterValue');
    await clock.advance(5000);
    const codes = ['MessageNotInflight', 'AWS.SimpleQueueService.MessageNotInflight'];
    expect(await codeOf(hold(1))).toEqual(codes);
    await sqs.deleteMessage(receipt);
    expect((await codeOf(hold(1)))[0]).toBe('InvalidParameterValue');
  });

  test('is deleted by any of its handles, again without complaint, never by what is no handle', async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: '0' });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
    const [first] = await receive(QueueUrl);
    const [second] = await receive(QueueUrl);
    expect(first?.ReceiptHandle).not.toBe(second?.ReceiptHandle);
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: first?.ReceiptHandle });
    expect(await receive(QueueUrl)).toEqual([]);
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: second?.ReceiptHandle });
    const wrong = await codeOf(sqs.deleteMessage({ QueueUrl, ReceiptHandle: 'nonsense' }));
    expect(wrong[0]).toBe('ReceiptHandleIsInvalid');
    const otherQueue = await makeQueue();
    await sqs.sendMessage({ QueueUrl, MessageBody: 'y' });
    const [other] = await receive(QueueUrl);
    await sqs.deleteMessage({ QueueUrl: otherQueue, ReceiptHandle: other?.ReceiptHandle });
    expect(await receive(QueueUrl)).toHaveLength(1);
  });

  test('comes one at a time unless more are asked for, at most ten', async () => {
    const QueueUrl = await makeQueue();
    for (let i = 0; i < 12; i++) await sqs.sendMessage({ QueueUrl, MessageBody: String(i) });
    expect((await sqs.receiveMessage({ QueueUrl })).Messages?.map(({ Body }) => Body)).toEqual(['0']);
    expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(
      Array.from({ length: 10 }, (_, i) => String(i + 1)),
    );
    for (const more of [{ MaxNumberOfMessages: 11 }, { MaxNumberOfMessages: 0 }, { WaitTimeSeconds: 21 }]) {
      expect((await codeOf(receive(QueueUrl, more)))[0]).toBe('InvalidParameterValue');
    }
    expect((await codeOf(receive(QueueUrl, { AttributeNames: ['Nothing'] })))[0]).toBe('InvalidAttributeName');
  });
});

describe('a batch', () => {
  test('is sent, held and deleted entry by entry', async () => {
    const QueueUrl = await makeQueue();
    const Entries = [
      { Id: 'a', MessageBody: '1' },
      { Id: 'b', MessageBody: '2', MessageAttributes: { k: text('v') } },
      { Id: 'c', MessageBody: '' },
    ];
    const sent = await sqs.sendMessageBatch({ QueueUrl, Entries });
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'b']);
    expect(sent.Failed).toMatchObject([{ Id: 'c', Code: 'MissingParameter', SenderFault: true }]);
    const handles = (await receive(QueueUrl)).map((message) => message.ReceiptHandle);
    const changed = await sqs.changeMessageVisibilityBatch({
      QueueUrl,
      Entries: [
        { Id: 'x', ReceiptHandle: handles[0], VisibilityTimeout: 0 },
        { Id: 'y', ReceiptHandle: 'nonsense', VisibilityTimeout: 0 },
      ],
    });
    expect(changed.Successful).toEqual([{ Id: 'x' }]);
    expect(changed.Failed).toMatchObject([{ Id: 'y', Code: 'ReceiptHandleIsInvalid' }]);
    const deleted = await sqs.deleteMessageBatch({
      QueueUrl,
      Entries: handles.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle })),
    });
    expect(deleted.Successful).toHaveLength(2);
    await clock.advance(60_000);
    expect(await receive(QueueUrl)).toEqual([]);
  });

  const entry = (Id: string) => ({ Id, MessageBody: 'x' });
  test.each([
    ['nothing in it', [], 'EmptyBatchRequest'],
    ['eleven entries', Array.from('abcdefghijk', entry), 'TooManyEntriesInBatchRequest'],
    ['an id twice', [entry('a'), entry('a')], 'BatchEntryIdsNotDistinct'],
    ['an id with a space', [entry('a b')], 'InvalidBatchEntryId'],
    ['more than a mebibyte', ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600_000) })), 'BatchRequestTooLong'],
  ])('is refused with %s', async (_, Entries, code) => {
    const QueueUrl = await makeQueue();
    const codes = await codeOf(sqs.sendMessageBatch({ QueueUrl, Entries }));
    expect(codes).toEqual([code, `AWS.SimpleQueueService.${code}`]);
  });
});
