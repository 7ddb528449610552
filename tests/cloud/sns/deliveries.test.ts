/** What subscribers get: queues in the publisher's transaction, functions and HTTP endpoints from rows that survive. */
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import type { Server } from 'bun';
import { TestClock } from '../../../cloud/clock.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { codeOf } from '../sqs/support.ts';

const clock = new TestClock();
const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const arnOf = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;

let cloud: TestCloud;
let sns: SNS;
let sqs: SQS;
let TopicArn: string;
let runs = 0;

/** What the function got, and how often it is still to fail. */
const events: unknown[] = [];
let failures = 0;

beforeAll(async () => {
  const listen = async (event: unknown) => {
    events.push(event);
    if (failures-- > 0) throw new TypeError('not today');
  };
  cloud = await startTestCloud({ clock, functions: { listen } });
  sns = new SNS(cloud.client);
  sqs = new SQS(cloud.client);
});
afterAll(() => cloud.stop());
beforeEach(async () => {
  TopicArn = (await sns.createTopic({ Name: `topic${++runs}` })).TopicArn ?? '';
  events.length = 0;
  failures = 0;
  cloud.faults.length = 0;
});

async function makeQueue(name: string): Promise<string> {
  return (await sqs.createQueue({ QueueName: `${name}${runs}` })).QueueUrl ?? '';
}

async function subscribe(Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}): Promise<string> {
  const asked = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true };
  return (await sns.subscribe(asked)).SubscriptionArn ?? '';
}

const received = async (QueueUrl: string) =>
  (await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] })).Messages ?? [];

/** Waits until something holds, in real time: deliveries are made beside the requests. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 4000; i++) {
    if (await holds()) return;
    await Bun.sleep(5);
  }
  throw new Error('It did not come to hold within twenty seconds.');
}

describe('a queue', () => {
  test('gets the envelope, or the message alone', async () => {
    const [enveloped, raw] = [await makeQueue('enveloped'), await makeQueue('raw')];
    await subscribe('sqs', arnOf('sqs', `enveloped${runs}`));
    await subscribe('sqs', arnOf('sqs', `raw${runs}`), { RawMessageDelivery: 'true' });
    const { MessageId } = await sns.publish({
      TopicArn,
      Message: 'héllo <&>',
      Subject: 'greeting',
      MessageAttributes: { k: text('v'), b: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) } },
    });
    const [letter] = await received(enveloped);
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Subject: 'greeting',
      Message: 'héllo <&>',
      Timestamp: new Date(clock.now()).toISOString(),
      MessageAttributes: { k: { Type: 'String', Value: 'v' }, b: { Type: 'Binary', Value: 'AQI=' } },
    });
    const [plain] = await received(raw);
    expect(plain?.Body).toBe('héllo <&>');
    expect(plain?.MessageAttributes?.['k']).toEqual(text('v'));
    expect(plain?.MessageAttributes?.['b']?.BinaryValue).toEqual(new Uint8Array([1, 2]));
  });

  test('gets what its filter policy lets through', async () => {
    const url = await makeQueue('filtered');
    const FilterPolicy = JSON.stringify({ state: ['COMPLETED'] });
    const FilterPolicyScope = 'MessageBody';
    await subscribe('sqs', arnOf('sqs', `filtered${runs}`), {
      FilterPolicy,
      FilterPolicyScope,
      RawMessageDelivery: 'true',
    });
    for (const state of ['FAILED', 'COMPLETED']) await sns.publish({ TopicArn, Message: JSON.stringify({ state }) });
    expect((await received(url)).map((message) => message.Body)).toEqual(['{"state":"COMPLETED"}']);
  });

  test('gets the text for its protocol from a message structure', async () => {
    const url = await makeQueue('structured');
    await subscribe('sqs', arnOf('sqs', `structured${runs}`), { RawMessageDelivery: 'true' });
    const publish = (texts: object) =>
      sns.publish({ TopicArn, Message: JSON.stringify(texts), MessageStructure: 'json' });
    await publish({ default: 'all', sqs: 'queues' });
    await publish({ default: 'all' });
    expect((await received(url)).map((message) => message.Body)).toEqual(['queues', 'all']);
    expect((await codeOf(publish({ sqs: 'queues' })))[0]).toBe('InvalidParameterException');
  });

  test('that is gone costs nobody else the message, which goes to the dead-letter queue', async () => {
    const [dead, other] = [await makeQueue('dead'), await makeQueue('other')];
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('sqs', `dead${runs}`) });
    await subscribe('sqs', arnOf('sqs', 'nowhere'), { RedrivePolicy, RawMessageDelivery: 'true' });
    await subscribe('sqs', arnOf('sqs', 'elsewhere'));
    await subscribe('sqs', arnOf('sqs', `other${runs}`), { RawMessageDelivery: 'true' });
    await sns.publish({ TopicArn, Message: 'x' });
    expect((await received(other)).map((message) => message.Body)).toEqual(['x']);
    const [letter] = await received(dead);
    expect(letter?.Body).toBe('x');
    expect(letter?.MessageAttributes?.['ErrorCode']?.StringValue).toBe('QueueDoesNotExist');
    expect(cloud.faults.map((fault) => fault.message)).toEqual([
      `SNS gave up delivering a message of ${TopicArn} to ${arnOf('sqs', 'elsewhere')}.`,
    ]);
  });

  test('gets each entry of a batch that is good', async () => {
    const url = await makeQueue('batch');
    await subscribe('sqs', arnOf('sqs', `batch${runs}`), { RawMessageDelivery: 'true' });
    const PublishBatchRequestEntries = [
      { Id: 'a', Message: '1' },
      { Id: 'b', Message: '2', Subject: 'bad\nsubject' },
    ];
    const { Successful, Failed } = await sns.publishBatch({ TopicArn, PublishBatchRequestEntries });
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a']);
    expect(Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameter', SenderFault: true }]);
    expect((await received(url)).map((message) => message.Body)).toEqual(['1']);
  });
});

test.each<[string, object, string]>([
  ['no message', { Message: '' }, 'InvalidParameterException'],
  ['more than 256 KiB', { Message: 'x'.repeat(262_145) }, 'InvalidParameterException'],
  ['a subject of 101 letters', { Subject: 'x'.repeat(101) }, 'InvalidParameterException'],
  ['an unknown structure', { MessageStructure: 'xml' }, 'InvalidParameterException'],
  ['an attribute without value', { MessageAttributes: { a: { DataType: 'String' } } }, 'InvalidParameterValue'],
])('a message is refused with %s', async (_, more, code) => {
  expect((await codeOf(sns.publish({ TopicArn, Message: 'x', ...more })))[0]).toBe(code);
});

describe('a function', () => {
  const listen = arnOf('lambda', 'function:listen');

  test("gets AWS's event", async () => {
    const EventSubscriptionArn = await subscribe('lambda', listen);
    const { MessageId } = await sns.publish({ TopicArn, Message: 'x', MessageAttributes: { k: text('v') } });
    await until(() => events.length === 1);
    expect(events).toMatchObject([
      {
        Records: [
          {
            EventSource: 'aws:sns',
            EventVersion: '1.0',
            EventSubscriptionArn,
            Sns: {
              Type: 'Notification',
              MessageId,
              TopicArn,
              Subject: null,
              Message: 'x',
              Timestamp: new Date(clock.now()).toISOString(),
              MessageAttributes: { k: { Type: 'String', Value: 'v' } },
            },
          },
        ],
      },
    ]);
  });

  test('that fails is called again after one minute and after two more, even if the cloud was restarted', async () => {
    failures = 2;
    await subscribe('lambda', listen);
    await sns.publish({ TopicArn, Message: 'x' });
    await until(() => events.length === 1);
    await clock.advance(59_999);
    expect(events).toHaveLength(1);
    await clock.advance(1);
    await until(() => events.length === 2);
    await cloud.restart();
    await clock.advance(119_999);
    expect(events).toHaveLength(2);
    await clock.advance(1);
    await until(() => events.length === 3);
    await clock.advance(3_600_000);
    expect(events).toHaveLength(3);
    expect(cloud.faults).toEqual([]);
  });

  test('that fails three times leaves the message to the dead-letter queue', async () => {
    failures = 3;
    const dead = await makeQueue('dead');
    await subscribe('lambda', listen, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('sqs', `dead${runs}`) }),
    });
    await sns.publish({ TopicArn, Message: 'x' });
    for (const [i, waitMs] of [60_000, 120_000].entries()) {
      await until(() => events.length === i + 1);
      await clock.advance(waitMs);
    }
    let letters: Awaited<ReturnType<typeof received>> = [];
    await until(async () => (letters = await received(dead)).length > 0);
    expect(JSON.parse(letters[0]?.Body ?? '')).toMatchObject({ Type: 'Notification', Message: 'x' });
    expect(letters[0]?.MessageAttributes?.['ErrorMessage']).toEqual(text('not today'));
  });
});

describe('an HTTP endpoint', () => {
  let endpoint: Server<undefined>;
  let posts: { type: string | null; raw: string | null; body: string }[];
  let statuses: number[];

  beforeEach(() => {
    posts = [];
    statuses = [];
    endpoint = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      async fetch(request) {
        const { headers } = request;
        posts.push({
          type: headers.get('x-amz-sns-message-type'),
          raw: headers.get('x-amz-sns-rawdelivery'),
          body: await request.text(),
        });
        return new Response('', { status: statuses.shift() ?? 200 });
      },
    });
  });
  afterEach(() => endpoint.stop(true));

  const confirm = async () => {
    await until(() => posts.length === 1);
    const { SubscribeURL } = JSON.parse(posts[0]?.body ?? '') as { SubscribeURL: string };
    const answer = await fetch(SubscribeURL);
    expect(answer.status).toBe(200);
    posts.length = 0;
  };
  const subscribeHere = (Attributes: Record<string, string> = {}) =>
    subscribe('http', `http://127.0.0.1:${endpoint.port}/hook`, Attributes);

  test('gets messages once it has confirmed its subscription', async () => {
    const SubscriptionArn = await subscribeHere();
    await until(() => posts.length === 1);
    expect(posts[0]?.type).toBe('SubscriptionConfirmation');
    const confirmation = JSON.parse(posts[0]?.body ?? '') as { Token: string };
    await sns.publish({ TopicArn, Message: 'too early' });
    expect((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions?.[0]?.SubscriptionArn).toBe(
      'PendingConfirmation',
    );
    expect((await codeOf(sns.confirmSubscription({ TopicArn, Token: 'wrong' })))[0]).toBe('InvalidParameterException');
    const confirmed = await sns.confirmSubscription({ TopicArn, Token: confirmation.Token });
    expect(confirmed.SubscriptionArn).toBe(SubscriptionArn);
    await sns.publish({ TopicArn, Message: 'in time' });
    await until(() => posts.length === 2);
    expect(posts[1]?.type).toBe('Notification');
    expect(JSON.parse(posts[1]?.body ?? '')).toMatchObject({ Type: 'Notification', Message: 'in time' });
  });

  test('confirms and leaves by the links it is sent', async () => {
    await subscribeHere();
    await confirm();
    await sns.publish({ TopicArn, Message: 'x' });
    await until(() => posts.length === 1);
    const { UnsubscribeURL } = JSON.parse(posts[0]?.body ?? '') as { UnsubscribeURL: string };
    expect((await fetch(UnsubscribeURL)).status).toBe(200);
    expect((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions).toEqual([]);
  });

  test('that is ill is tried again every twenty seconds, three times', async () => {
    await subscribeHere({ RawMessageDelivery: 'true' });
    await confirm();
    statuses = [500, 503, 429, 500];
    await sns.publish({ TopicArn, Message: 'x' });
    await until(() => posts.length === 1);
    await clock.advance(19_999);
    await Bun.sleep(20);
    expect(posts).toHaveLength(1);
    for (let tries = 2; tries <= 4; tries++) {
      await until(async () => {
        await clock.advance(20_000);
        // A try may be answered while the next one's time comes: then two are counted at once.
        return posts.length >= tries;
      });
    }
    await until(() => cloud.faults.length === 1);
    expect(posts).toHaveLength(4);
    expect(posts[0]).toEqual({ type: 'Notification', raw: 'true', body: 'x' });
  });

  test('that refuses is not asked again', async () => {
    await subscribeHere();
    await confirm();
    statuses = [403];
    await sns.publish({ TopicArn, Message: 'x' });
    await until(() => cloud.faults.length === 1);
    await clock.advance(3_600_000);
    expect(posts).toHaveLength(1);
  });
});
