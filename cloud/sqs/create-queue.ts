/** CreateQueue: the same queue asked for again is no error, another one of that name is. */
import { AwsError } from '../errors.ts';
import { stringMapMember, type JsonObject } from '../wire/json.ts';
import { checkAttributes, fifoRefused, settings, withChanges } from './attributes.ts';
import { invalidValue, requiredString } from './input.ts';
import { findQueue, queueUrl, type Sqs } from './state.ts';

/** Answers the QueueUrl. Throws QueueNameExists when the queue exists with another value of a given attribute. */
export function createQueue(sqs: Sqs, input: JsonObject): JsonObject {
  const name = requiredString(input, 'QueueName');
  if (name.endsWith('.fifo')) throw fifoRefused();
  if (!/^[\w-]{1,80}$/.test(name)) {
    const reason = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.';
    throw invalidValue(name, 'QueueName', reason);
  }
  const attributes = stringMapMember(input, 'Attributes');
  checkAttributes(sqs, name, attributes);

  const existing = findQueue(sqs, name);
  if (existing) {
    const current = settings(existing);
    const different = Object.entries(attributes).find(([key, value]) => (current[key] ?? '') !== value)?.[0];
    if (different === undefined) return { QueueUrl: queueUrl(sqs, name) };
    const message = `A queue already exists with the same name and a different value for attribute ${different}`;
    throw new AwsError('QueueNameExists', 400, message);
  }

  const nowMs = sqs.parts.clock.now();
  const tags = { ...stringMapMember(input, 'tags'), ...stringMapMember(input, 'Tags') };
  sqs.db
    .query('INSERT INTO sqs_queue (name, attributes, tags, created_ms, modified_ms) VALUES (?, ?, ?, ?, ?)')
    .run(name, JSON.stringify(withChanges({}, attributes)), JSON.stringify(tags), nowMs, nowMs);
  return { QueueUrl: queueUrl(sqs, name) };
}
