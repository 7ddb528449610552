/**
 * ReceiveMessage: takes what is visible and hides it, or waits for it. Messages that were received too often leave for
 * the dead-letter queue here, in the same transaction that would have received them once more.
 */
import { AwsError } from '../errors.ts';
import { ACCOUNT_ID, type AwsRequest, type MessageAttributes } from '../service.ts';
import { stringListMember, type JsonObject } from '../wire/json.ts';
import { numberAttribute, redrivePolicy } from './attributes.ts';
import { optionalInteger, VISIBILITY_SECONDS_MAX } from './input.ts';
import { chosenAttributes, md5OfAttributes } from './message-attributes.ts';
import { receiptHandle } from './receipt.ts';
import { md5OfBody } from './send-message.ts';
import { findQueue, queueArn, queueByName, queueOfRequest, type MessageRow, type Queue, type Sqs } from './state.ts';

const MESSAGES_MAX = 10;
const WAIT_SECONDS_MAX = 20;

const SYSTEM_ATTRIBUTES = [
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
  // Of FIFO queues: known, never present.
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
];

/** Answers up to ten messages, at once or as soon as there are any within WaitTimeSeconds. */
export async function receiveMessage(sqs: Sqs, input: JsonObject, request: AwsRequest): Promise<JsonObject> {
  const queue = queueOfRequest(sqs, input);
  const countMax = optionalInteger(input, 'MaxNumberOfMessages', 1, MESSAGES_MAX) ?? 1;
  const visibilitySeconds = optionalInteger(input, 'VisibilityTimeout', 0, VISIBILITY_SECONDS_MAX);
  const waitSeconds =
    optionalInteger(input, 'WaitTimeSeconds', 0, WAIT_SECONDS_MAX) ??
    numberAttribute(queue, 'ReceiveMessageWaitTimeSeconds');
  const system = [
    ...stringListMember(input, 'AttributeNames'),
    ...stringListMember(input, 'MessageSystemAttributeNames'),
  ];
  const unknown = system.find((name) => name !== 'All' && !SYSTEM_ATTRIBUTES.includes(name));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', 400, `Unknown Attribute ${unknown}.`);
  const attributes = stringListMember(input, 'MessageAttributeNames');

  const { clock } = sqs.parts;
  const endMs = clock.now() + waitSeconds * 1000;
  while (!request.signal.aborted) {
    const messages = take(sqs, queue.name, countMax, visibilitySeconds);
    if (messages.length > 0) return { Messages: messages.map((message) => answer(message, system, attributes)) };
    if (clock.now() >= endMs) break;
    await sqs.arrivals.wait(queue.name, Math.min(endMs, nextVisibleMs(sqs, queue.name)), request.signal);
  }
  return {};
}

/** Removes messages that are older than the queue keeps them. */
export function dropExpired(sqs: Sqs, queue: Queue): void {
  const sinceMs = sqs.parts.clock.now() - numberAttribute(queue, 'MessageRetentionPeriod') * 1000;
  sqs.db.query('DELETE FROM sqs_message WHERE queue = ? AND sent_ms <= ?').run(queue.name, sinceMs);
}

/** The visible messages of a queue that have waited longest. */
export function visibleMessages(sqs: Sqs, queue: string, countMax: number): MessageRow[] {
  return sqs.db
    .query<MessageRow, [string, number, number]>(
      'SELECT * FROM sqs_message WHERE queue = ? AND visible_ms <= ? ORDER BY visible_ms, id LIMIT ?',
    )
    .all(queue, sqs.parts.clock.now(), countMax);
}

function take(sqs: Sqs, name: string, countMax: number, visibilitySeconds: number | undefined): MessageRow[] {
  return sqs.db.transaction(() => {
    // Read anew: attributes may have changed, or the queue gone, while a poll slept.
    const queue = queueByName(sqs, name);
    const hiddenMs = (visibilitySeconds ?? numberAttribute(queue, 'VisibilityTimeout')) * 1000;
    dropExpired(sqs, queue);
    for (;;) {
      const messages = visibleMessages(sqs, name, countMax);
      if (!moveDeadLetters(sqs, queue, messages)) return messages.map((message) => hide(sqs, message, hiddenMs));
    }
  })();
}

/** Marks a message received. */
function hide(sqs: Sqs, message: MessageRow, hiddenMs: number): MessageRow {
  const nowMs = sqs.parts.clock.now();
  const received = {
    ...message,
    visible_ms: nowMs + hiddenMs,
    receive_count: message.receive_count + 1,
    first_receive_ms: message.first_receive_ms ?? nowMs,
    last_receive_ms: nowMs,
  };
  sqs.db
    .query(
      `UPDATE sqs_message SET visible_ms = ?, receive_count = ?, first_receive_ms = ?, last_receive_ms = ?
       WHERE id = ?`,
    )
    .run(received.visible_ms, received.receive_count, received.first_receive_ms, nowMs, message.id);
  return received;
}

/**
 * Sends those messages that were received maxReceiveCount times to the dead-letter queue, unless that has been deleted;
 * answers whether there were any.
 */
function moveDeadLetters(sqs: Sqs, queue: Queue, messages: readonly MessageRow[]): boolean {
  const policy = redrivePolicy(queue);
  const target = policy && findQueue(sqs, policy.deadLetterTargetArn.split(':').at(-1) ?? '');
  if (!target || target.name === queue.name) return false;
  const dead = messages.filter((message) => message.receive_count - message.arrival_count >= policy.maxReceiveCount);
  for (const message of dead) {
    sqs.db
      .query(
        `UPDATE sqs_message SET queue = ?, visible_ms = ?, arrival_count = receive_count, dead_letter_source = ?
         WHERE id = ?`,
      )
      .run(target.name, sqs.parts.clock.now(), queueArn(sqs, queue.name), message.id);
  }
  if (dead.length > 0) sqs.arrivals.announce(target.name);
  return dead.length > 0;
}

/** When a hidden message of the queue becomes visible next; never, if there is none. */
function nextVisibleMs(sqs: Sqs, queue: string): number {
  const row = sqs.db
    .query<{ ms: number | null }, [string, number]>(
      'SELECT min(visible_ms) AS ms FROM sqs_message WHERE queue = ? AND visible_ms > ?',
    )
    .get(queue, sqs.parts.clock.now());
  return row?.ms ?? Infinity;
}

function answer(message: MessageRow, system: readonly string[], wanted: readonly string[]): JsonObject {
  const attributes = chosenAttributes(JSON.parse(message.attributes) as MessageAttributes, wanted);
  const facts = Object.entries({
    SenderId: ACCOUNT_ID,
    SentTimestamp: String(message.sent_ms),
    ApproximateReceiveCount: String(message.receive_count),
    ApproximateFirstReceiveTimestamp: String(message.first_receive_ms),
    AWSTraceHeader: message.trace_header,
    DeadLetterQueueSourceArn: message.dead_letter_source,
  }).filter(([name, value]) => value !== null && (system.includes('All') || system.includes(name)));
  return {
    MessageId: message.message_id,
    ReceiptHandle: receiptHandle(message),
    MD5OfBody: md5OfBody(message.body),
    Body: message.body,
    ...(facts.length > 0 && { Attributes: Object.fromEntries(facts) }),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}
