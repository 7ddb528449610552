/** Topics: made, listed, described, tagged, deleted. */
import { ACCOUNT_ID } from '../service.ts';
import type { QueryInput } from '../wire/query.ts';
import type { XmlValue } from '../wire/xml.ts';
import {
  findTopic,
  invalidParameter,
  page,
  requiredText,
  subscriptionsOf,
  topicArn,
  topicOfRequest,
  type Sns,
  type Topic,
} from './state.ts';

const DISPLAY_NAME_LENGTH_MAX = 100;

/** CreateTopic: the same topic asked for again is no error. */
export function createTopic(sns: Sns, input: QueryInput): XmlValue {
  const name = requiredText(input, 'Name');
  if (name.endsWith('.fifo')) throw invalidParameter('Topic Name', 'The embedded cloud carries standard topics only.');
  if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
  const attributes = input.map('Attributes');
  for (const [attribute, value] of Object.entries(attributes)) checkTopicAttribute(attribute, value);
  const arn = topicArn(sns, name);
  const existing = findTopic(sns, arn);
  if (existing) {
    const differs = Object.entries(attributes).some(([key, value]) => existing.attributes[key] !== value);
    if (differs) throw invalidParameter('Attributes', 'Reason: Topic already exists with different attributes');
    return { TopicArn: arn };
  }
  sns.db
    .query('INSERT INTO sns_topic (arn, name, attributes, tags) VALUES (?, ?, ?, ?)')
    .run(arn, name, JSON.stringify(attributes), JSON.stringify(tagsOf(input)));
  return { TopicArn: arn };
}

/** DeleteTopic, its subscriptions with it. A topic that is not there is no error. */
export function deleteTopic(sns: Sns, input: QueryInput): void {
  sns.db.query('DELETE FROM sns_topic WHERE arn = ?').run(requiredText(input, 'TopicArn'));
}

/** ListTopics. */
export function listTopics(sns: Sns, input: QueryInput): XmlValue {
  const arns = sns.db.query<{ arn: string }, []>('SELECT arn FROM sns_topic ORDER BY name').all();
  const { items, NextToken } = page(arns, input);
  return { Topics: { member: items.map(({ arn }) => ({ TopicArn: arn })) }, NextToken };
}

/** GetTopicAttributes. */
export function getTopicAttributes(sns: Sns, input: QueryInput): XmlValue {
  const topic = topicOfRequest(sns, input);
  const subscriptions = subscriptionsOf(sns, topic.arn);
  const confirmed = subscriptions.filter((subscription) => subscription.confirmed).length;
  const all = {
    TopicArn: topic.arn,
    Owner: ACCOUNT_ID,
    DisplayName: '',
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(subscriptions.length - confirmed),
    SubscriptionsDeleted: '0',
    ...topic.attributes,
  };
  return { Attributes: { entry: Object.entries(all).map(([key, value]) => ({ key, value })) } };
}

/** SetTopicAttributes. */
export function setTopicAttributes(sns: Sns, input: QueryInput): void {
  const topic = topicOfRequest(sns, input);
  const name = requiredText(input, 'AttributeName');
  const value = input.rawText('AttributeValue') ?? '';
  checkTopicAttribute(name, value);
  sns.db
    .query('UPDATE sns_topic SET attributes = ? WHERE arn = ?')
    .run(JSON.stringify({ ...topic.attributes, [name]: value }), topic.arn);
}

/** TagResource. */
export function tagResource(sns: Sns, input: QueryInput): void {
  const topic = topicOfRequest(sns, input, 'ResourceArn');
  storeTags(sns, topic, { ...topic.tags, ...tagsOf(input) });
}

/** UntagResource. */
export function untagResource(sns: Sns, input: QueryInput): void {
  const topic = topicOfRequest(sns, input, 'ResourceArn');
  const gone = input.texts('TagKeys');
  storeTags(sns, topic, Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !gone.includes(key))));
}

/** ListTagsForResource. */
export function listTagsForResource(sns: Sns, input: QueryInput): XmlValue {
  const { tags } = topicOfRequest(sns, input, 'ResourceArn');
  return { Tags: { member: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } };
}

function checkTopicAttribute(name: string, value: string): void {
  if (name === 'DisplayName') {
    if (value.length > DISPLAY_NAME_LENGTH_MAX) throw invalidParameter('DisplayName');
  } else if (name === 'Policy') {
    try {
      JSON.parse(value);
    } catch {
      throw invalidParameter('Policy', 'Error:null');
    }
  } else if (!(name === 'FifoTopic' && value === 'false')) {
    throw invalidParameter('AttributeName', `The embedded cloud does not carry the topic attribute ${name}.`);
  }
}

function tagsOf(input: QueryInput): Record<string, string> {
  return Object.fromEntries(input.list('Tags').map((tag) => [tag.rawText('Key') ?? '', tag.rawText('Value') ?? '']));
}

function storeTags(sns: Sns, topic: Topic, tags: Record<string, string>): void {
  sns.db.query('UPDATE sns_topic SET tags = ? WHERE arn = ?').run(JSON.stringify(tags), topic.arn);
}
