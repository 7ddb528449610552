/** Topics and subscriptions as the SDK sees them. */
import { SNS } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { codeOf } from '../sqs/support.ts';

let cloud: TestCloud;
let sns: SNS;
let topics = 0;

beforeAll(async () => {
  cloud = await startTestCloud();
  sns = new SNS(cloud.client);
});
afterAll(() => cloud.stop());

const queue = 'arn:aws:sqs:us-east-1:000000000000:q';

async function makeTopic(): Promise<string> {
  return (await sns.createTopic({ Name: `t${++topics}` })).TopicArn ?? '';
}

describe('a topic', () => {
  test('is made once, described, tagged and deleted', async () => {
    const made = { Name: 'once', Attributes: { DisplayName: 'Once' }, Tags: [{ Key: 'a', Value: '1' }] };
    const { TopicArn } = await sns.createTopic(made);
    expect(TopicArn).toBe('arn:aws:sns:us-east-1:000000000000:once');
    expect((await sns.createTopic(made)).TopicArn).toBe(TopicArn);
    const other = sns.createTopic({ ...made, Attributes: { DisplayName: 'Other' } });
    expect((await codeOf(other))[0]).toBe('InvalidParameterException');

    await sns.setTopicAttributes({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'Twice' });
    await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: queue });
    expect((await sns.getTopicAttributes({ TopicArn })).Attributes).toMatchObject({
      DisplayName: 'Twice',
      Owner: '000000000000',
      SubscriptionsConfirmed: '1',
      SubscriptionsPending: '0',
    });

    await sns.tagResource({ ResourceArn: TopicArn, Tags: [{ Key: 'b', Value: '2' }] });
    await sns.untagResource({ ResourceArn: TopicArn, TagKeys: ['a'] });
    expect((await sns.listTagsForResource({ ResourceArn: TopicArn })).Tags).toEqual([{ Key: 'b', Value: '2' }]);

    await sns.deleteTopic({ TopicArn });
    await sns.deleteTopic({ TopicArn });
    expect((await codeOf(sns.getTopicAttributes({ TopicArn })))[0]).toBe('NotFoundException');
    const { Subscriptions = [] } = await sns.listSubscriptions();
    expect(Subscriptions.filter((each) => each.TopicArn === TopicArn)).toEqual([]);
  });

  test('is listed, a hundred to a page', async () => {
    for (let i = 0; i < 101; i++) await makeTopic();
    const first = await sns.listTopics();
    expect(first.Topics).toHaveLength(100);
    const second = await sns.listTopics({ NextToken: first.NextToken });
    expect(second.Topics?.length).toBeGreaterThan(0);
    expect(second.NextToken).toBeUndefined();
  });

  test.each([
    ['a name with a space', { Name: 'a b' }],
    ['a FIFO topic', { Name: 'a.fifo' }],
    ['an attribute that is not carried', { Name: 'a', Attributes: { KmsMasterKeyId: 'k' } }],
  ])('is refused with %s', async (_, input) => {
    expect((await codeOf(sns.createTopic(input)))[0]).toBe('InvalidParameterException');
  });
});

describe('a subscription', () => {
  test('is made once, described, changed and ended', async () => {
    const TopicArn = await makeTopic();
    const asked = { TopicArn, Protocol: 'sqs', Endpoint: queue, Attributes: { RawMessageDelivery: 'true' } };
    const { SubscriptionArn } = await sns.subscribe(asked);
    expect(SubscriptionArn).toStartWith(`${TopicArn}:`);
    expect((await sns.subscribe(asked)).SubscriptionArn).toBe(SubscriptionArn);
    const other = sns.subscribe({ ...asked, Attributes: { RawMessageDelivery: 'false' } });
    expect((await codeOf(other))[0]).toBe('InvalidParameterException');

    const set = (AttributeName: string, AttributeValue: string) =>
      sns.setSubscriptionAttributes({ SubscriptionArn, AttributeName, AttributeValue });
    await set('FilterPolicy', '{"a":["b"]}');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queue });
    await set('RedrivePolicy', RedrivePolicy);
    expect((await sns.getSubscriptionAttributes({ SubscriptionArn })).Attributes).toMatchObject({
      Endpoint: queue,
      FilterPolicy: '{"a":["b"]}',
      FilterPolicyScope: 'MessageAttributes',
      PendingConfirmation: 'false',
      Protocol: 'sqs',
      RawMessageDelivery: 'true',
      RedrivePolicy,
      TopicArn,
    });
    await set('FilterPolicy', '{}');
    const { Attributes } = await sns.getSubscriptionAttributes({ SubscriptionArn });
    expect(Attributes).not.toHaveProperty('FilterPolicy');

    expect((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions).toEqual([
      { Endpoint: queue, Owner: '000000000000', Protocol: 'sqs', SubscriptionArn, TopicArn },
    ]);
    await sns.unsubscribe({ SubscriptionArn });
    await sns.unsubscribe({ SubscriptionArn });
    expect((await codeOf(set('RawMessageDelivery', 'true')))[0]).toBe('NotFoundException');
  });

  test.each<[string, object]>([
    ['an unknown protocol', { Protocol: 'email', Endpoint: 'a@b.c' }],
    ['an endpoint of another protocol', { Protocol: 'sqs', Endpoint: 'http://127.0.0.1/' }],
    ['a filter policy that is none', { Attributes: { FilterPolicy: '{"a":1}' } }],
    ['a filter policy scope that is none', { Attributes: { FilterPolicyScope: 'Subject' } }],
    ['a redrive policy without a queue', { Attributes: { RedrivePolicy: '{}' } }],
    ['raw delivery that is neither true nor false', { Attributes: { RawMessageDelivery: 'yes' } }],
    [
      'raw delivery to a function',
      {
        Protocol: 'lambda',
        Endpoint: 'arn:aws:lambda:us-east-1:000000000000:function:f',
        Attributes: { RawMessageDelivery: 'true' },
      },
    ],
    ['an unknown attribute', { Attributes: { Colour: 'red' } }],
  ])('is refused with %s', async (_, more) => {
    const asked = { TopicArn: await makeTopic(), Protocol: 'sqs', Endpoint: queue, ...more };
    expect((await codeOf(sns.subscribe(asked)))[0]).toBe('InvalidParameterException');
  });

  test('is refused for a topic that is not there', async () => {
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:nowhere';
    const refused = sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: queue });
    expect((await codeOf(refused))[0]).toBe('NotFoundException');
  });
});

test('an operation that is not carried says so', async () => {
  await expect(sns.listPlatformApplications()).rejects.toThrow(
    'The embedded cloud does not implement SNS ListPlatformApplications.',
  );
});
