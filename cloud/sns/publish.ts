/**
 * Publish and PublishBatch: one transaction puts the message on every subscribed queue and writes down what is owed to
 * functions and HTTP endpoints, so a message whose MessageId was answered is never lost.
 */
import { AwsError, notImplemented } from '../errors.ts';
import type { MessageAttributes } from '../service.ts';
import { attributesSize, checkedAttributes } from '../sqs/message-attributes.ts';
import { isJsonObject } from '../wire/json.ts';
import type { QueryInput } from '../wire/query.ts';
import type { XmlValue } from '../wire/xml.ts';
import { fail, owe } from './deliver.ts';
import { passesFilter } from './filter-policy.ts';
import { envelope, type Notification } from './notification.ts';
import { invalidParameter, requiredText, subscriptionsOf, topicByArn, topicOfRequest } from './state.ts';
import type { Protocol, Sns, Subscription, Topic } from './state.ts';
import { filterOf } from './subscriptions.ts';

const MESSAGE_SIZE_MAX = 262_144;
const SUBJECT_LENGTH_MAX = 100;
const ENTRIES_MAX = 10;

/** A message as its publisher gave it. */
export interface Publication {
  message: string;
  subject?: string | undefined;
  attributes: MessageAttributes;
  /** With MessageStructure `json`: the text for each protocol, and the default. */
  perProtocol?: Record<string, unknown> | undefined;
}

/** Publish. */
export function publish(sns: Sns, input: QueryInput): XmlValue {
  if (input.text('PhoneNumber') !== undefined) throw notImplemented('SNS', 'Publish to a PhoneNumber');
  const arn = input.text('TopicArn') ?? input.text('TargetArn');
  if (arn === undefined) throw invalidParameter('TopicArn or TargetArn', 'Reason: no value for required parameter');
  return { MessageId: publishToTopic(sns, topicByArn(sns, arn), publicationOf(input)) };
}

/** PublishBatch: each entry succeeds or fails for itself. */
export function publishBatch(sns: Sns, input: QueryInput): XmlValue {
  const topic = topicOfRequest(sns, input);
  const entries = input.list('PublishBatchRequestEntries');
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 400, "The batch request doesn't contain any entries.");
  if (entries.length > ENTRIES_MAX) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      400,
      'The batch request contains more entries than permissible.',
    );
  }
  const ids = new Set(entries.map((entry) => requiredText(entry, 'Id')));
  if (ids.size < entries.length) {
    throw new AwsError('BatchEntryIdsNotDistinct', 400, 'Two or more batch entries in the request have the same Id.');
  }
  const Successful: XmlValue[] = [];
  const Failed: XmlValue[] = [];
  for (const entry of entries) {
    const Id = requiredText(entry, 'Id');
    try {
      Successful.push({ Id, MessageId: publishToTopic(sns, topic, publicationOf(entry)) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful: { member: Successful }, Failed: { member: Failed } };
}

/** Publishes; answers the MessageId once every subscription's delivery is committed. */
export function publishToTopic(sns: Sns, topic: Topic, publication: Publication): string {
  const size = Buffer.byteLength(publication.message) + attributesSize(publication.attributes);
  if (size > MESSAGE_SIZE_MAX) throw invalidParameter('Message too long');
  const messageId = crypto.randomUUID();
  const publishedMs = sns.parts.clock.now();
  sns.db.transaction(() => {
    for (const subscription of subscriptionsOf(sns, topic.arn)) {
      if (!subscription.confirmed || !wants(subscription, publication)) continue;
      const notification: Notification = {
        type: 'Notification',
        messageId,
        topicArn: topic.arn,
        subject: publication.subject,
        message: textFor(subscription.protocol, publication),
        attributes: publication.attributes,
        publishedMs,
      };
      if (subscription.protocol === 'sqs') putOnQueue(sns, subscription, notification);
      else owe(sns, subscription, notification);
    }
  })();
  return messageId;
}

/** A queue gets the message in the publisher's transaction. One that refuses it for good costs its own message only. */
function putOnQueue(sns: Sns, subscription: Subscription, notification: Notification): void {
  const raw = subscription.attributes['RawMessageDelivery'] === 'true';
  try {
    if (raw) sns.parts.bus.sendToQueue(subscription.endpoint, notification.message, notification.attributes);
    else sns.parts.bus.sendToQueue(subscription.endpoint, envelope(sns, subscription, notification));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    fail(sns, subscription, notification, error);
  }
}

function wants(subscription: Subscription, publication: Publication): boolean {
  const { policy, scope } = filterOf(subscription);
  return (
    policy === undefined ||
    passesFilter(policy, scope, { body: publication.message, attributes: publication.attributes })
  );
}

function textFor(protocol: Protocol, { message, perProtocol }: Publication): string {
  return perProtocol ? String(perProtocol[protocol] ?? perProtocol['default']) : message;
}

function publicationOf(input: QueryInput): Publication {
  const message = input.text('Message');
  if (message === undefined) throw invalidParameter('Empty message');
  const subject = input.rawText('Subject');
  if (subject !== undefined && !/^[\x20-\x7e]+$/.test(subject)) throw invalidParameter('Subject');
  if (subject !== undefined && subject.length > SUBJECT_LENGTH_MAX) throw invalidParameter('Subject');
  const structure = input.text('MessageStructure');
  if (structure !== undefined && structure !== 'json') throw invalidParameter('MessageStructure');
  const attributes = input.entries('MessageAttributes').map((entry) => {
    const members = { DataType: entry.text('Value.DataType'), StringValue: entry.text('Value.StringValue') };
    return [entry.text('Name') ?? '', { ...members, BinaryValue: entry.text('Value.BinaryValue') }];
  });
  return {
    message,
    subject,
    attributes: checkedAttributes(Object.fromEntries(attributes) as Record<string, unknown>),
    perProtocol: structure === 'json' ? textsByProtocol(message) : undefined,
  };
}

function textsByProtocol(message: string): Record<string, unknown> {
  let texts: unknown;
  try {
    texts = JSON.parse(message);
  } catch {
    throw invalidParameter('Message Structure', '- JSON message body failed to parse');
  }
  if (!isJsonObject(texts) || typeof texts['default'] !== 'string') {
    throw invalidParameter('Message Structure', '- No default entry in JSON message body');
  }
  return texts;
}
