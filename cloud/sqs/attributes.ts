/** The attributes of a queue: which can be set, to what, and what they are when nobody set them. */
import { AwsError } from '../errors.ts';
import { isJsonObject, stringListMember, stringMapMember, type JsonObject } from '../wire/json.ts';
import { invalidValue } from './input.ts';
import { findQueue, queueArn, queueOfRequest, type Queue, type Sqs } from './state.ts';

/** Attributes that are whole numbers. Limits: API reference of SetQueueAttributes; 1 MiB since August 2025. */
const NUMBERS: Record<string, { min: number; max: number; byDefault: number }> = {
  DelaySeconds: { min: 0, max: 900, byDefault: 0 },
  MaximumMessageSize: { min: 1024, max: 1_048_576, byDefault: 1_048_576 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, byDefault: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, byDefault: 0 },
  VisibilityTimeout: { min: 0, max: 43_200, byDefault: 30 },
};

const MAX_RECEIVE_COUNT_MAX = 1000;

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

/** A numeric attribute of a queue, e.g. `VisibilityTimeout` in seconds. */
export function numberAttribute(queue: Queue, name: keyof typeof NUMBERS): number {
  return Number(queue.attributes[name] ?? NUMBERS[name]?.byDefault);
}

/** The queue's redrive policy, if it has one. */
export function redrivePolicy(queue: Queue): RedrivePolicy | undefined {
  const text = queue.attributes['RedrivePolicy'];
  return text ? parseRedrivePolicy(text) : undefined;
}

/** Checks attributes somebody wants to set. Throws InvalidAttributeName, InvalidAttributeValue and others. */
export function checkAttributes(sqs: Sqs, name: string, attributes: Record<string, string>): void {
  for (const [attribute, value] of Object.entries(attributes)) checkAttribute(sqs, name, attribute, value);
}

/** Queues that send their dead letters to `arn`. */
export function deadLetterSources(sqs: Sqs, arn: string): string[] {
  const rows = sqs.db.query<{ name: string; policy: string }, []>(
    `SELECT name, attributes ->> 'RedrivePolicy' AS policy FROM sqs_queue
     WHERE coalesce(attributes ->> 'RedrivePolicy', '') <> '' ORDER BY name`,
  );
  return rows
    .all()
    .filter((row) => parseRedrivePolicy(row.policy)?.deadLetterTargetArn === arn)
    .map((row) => row.name);
}

/** SetQueueAttributes. An empty policy removes it. */
export function setQueueAttributes(sqs: Sqs, input: JsonObject): void {
  const queue = queueOfRequest(sqs, input);
  const changes = stringMapMember(input, 'Attributes');
  checkAttributes(sqs, queue.name, changes);
  sqs.db
    .query('UPDATE sqs_queue SET attributes = ?, modified_ms = ? WHERE name = ?')
    .run(JSON.stringify(withChanges(queue.attributes, changes)), sqs.parts.clock.now(), queue.name);
  sqs.arrivals.announce(queue.name);
}

/** Attributes as they are kept: set ones, less those set to nothing. */
export function withChanges(
  attributes: Record<string, string>,
  changes: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...attributes, ...changes }).filter(([, value]) => value !== ''));
}

/** GetQueueAttributes. */
export function getQueueAttributes(sqs: Sqs, input: JsonObject): JsonObject {
  const queue = queueOfRequest(sqs, input);
  const wanted = stringListMember(input, 'AttributeNames');
  const all = { ...settings(queue), ...facts(sqs, queue) };
  const unknown = wanted.find((name) => name !== 'All' && !(name in all) && !OPTIONAL.has(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
  const chosen = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
  return chosen.length > 0 ? { Attributes: Object.fromEntries(chosen) } : {};
}

/** What was set, or holds by default. CreateQueue compares with this. */
export function settings(queue: Queue): Record<string, string> {
  const defaults = Object.entries(NUMBERS).map(([name, { byDefault }]) => [name, String(byDefault)]);
  return { ...Object.fromEntries(defaults), SqsManagedSseEnabled: 'true', ...queue.attributes };
}

/** Attributes AWS leaves out of the answer when they are not set. */
const OPTIONAL = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'FifoQueue']);

function facts(sqs: Sqs, queue: Queue): Record<string, string> {
  const nowMs = sqs.parts.clock.now();
  const keptMs = numberAttribute(queue, 'MessageRetentionPeriod') * 1000;
  const counts = sqs.db
    .query<{ visible: number; inFlight: number; delayed: number }, Record<string, string | number>>(
      `SELECT count(*) FILTER (WHERE visible_ms <= :nowMs) AS visible,
         count(*) FILTER (WHERE visible_ms > :nowMs AND receive_count > arrival_count) AS inFlight,
         count(*) FILTER (WHERE visible_ms > :nowMs AND receive_count = arrival_count) AS delayed
       FROM sqs_message WHERE queue = :queue AND sent_ms > :sinceMs`,
    )
    .get({ nowMs, sinceMs: nowMs - keptMs, queue: queue.name });
  return {
    ApproximateNumberOfMessages: String(counts?.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts?.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts?.delayed),
    CreatedTimestamp: String(Math.floor(queue.createdMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedMs / 1000)),
    QueueArn: queueArn(sqs, queue.name),
  };
}

function checkAttribute(sqs: Sqs, queue: string, attribute: string, value: string): void {
  const limits = NUMBERS[attribute];
  if (limits) {
    const number = Number(value);
    const good = /^\d+$/.test(value) && number >= limits.min && number <= limits.max;
    if (!good) throw invalidAttribute(attribute);
  } else if (attribute === 'RedrivePolicy') {
    if (value !== '') checkRedrivePolicy(sqs, queue, value);
  } else if (attribute === 'RedriveAllowPolicy') {
    if (value !== '' && !redriveAllowed(value)) throw invalidAttribute(attribute);
  } else if (attribute === 'Policy') {
    if (value !== '' && !parseObject(value)) throw invalidAttribute(attribute);
  } else if (attribute === 'SqsManagedSseEnabled') {
    if (value !== 'true' && value !== 'false') throw invalidAttribute(attribute);
  } else if (attribute === 'FifoQueue' || attribute === 'ContentBasedDeduplication') {
    throw fifoRefused();
  } else {
    throw unknownAttribute(attribute);
  }
}

/** What a FIFO queue is answered. */
export function fifoRefused(): AwsError {
  const message = 'The embedded cloud carries standard queues only; it has no FIFO queues.';
  return new AwsError('UnsupportedOperation', 400, message);
}

function checkRedrivePolicy(sqs: Sqs, queue: string, text: string): void {
  const policy = parseRedrivePolicy(text);
  if (!policy) {
    const reason = `Redrive policy is not a JSON object with deadLetterTargetArn and maxReceiveCount (1 to ${MAX_RECEIVE_COUNT_MAX}).`;
    throw invalidValue(text, 'RedrivePolicy', reason);
  }
  const target = findQueue(sqs, policy.deadLetterTargetArn.split(':').at(-1) ?? '');
  if (!target || queueArn(sqs, target.name) !== policy.deadLetterTargetArn) {
    throw invalidValue(text, 'RedrivePolicy', 'Dead letter target does not exist.');
  }
  const allow = redriveAllowed(target.attributes['RedriveAllowPolicy'] ?? '{"redrivePermission":"allowAll"}');
  if (!allow?.(queueArn(sqs, queue))) {
    const reason = 'Redrive permission to dead letter target is denied by its RedriveAllowPolicy.';
    throw invalidValue(text, 'RedrivePolicy', reason);
  }
}

function parseRedrivePolicy(text: string): RedrivePolicy | undefined {
  const policy = parseObject(text);
  const deadLetterTargetArn = policy?.['deadLetterTargetArn'];
  const maxReceiveCount = Number(policy?.['maxReceiveCount']);
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(maxReceiveCount)) return undefined;
  if (maxReceiveCount < 1 || maxReceiveCount > MAX_RECEIVE_COUNT_MAX) return undefined;
  return { deadLetterTargetArn, maxReceiveCount };
}

/** Which source queues a RedriveAllowPolicy lets in; nothing when it is malformed. */
function redriveAllowed(text: string): ((sourceArn: string) => boolean) | undefined {
  const policy = parseObject(text);
  const sources = policy?.['sourceQueueArns'];
  switch (policy?.['redrivePermission']) {
    case 'allowAll':
      return () => true;
    case 'denyAll':
      return () => false;
    case 'byQueue':
      return Array.isArray(sources) ? (arn) => sources.includes(arn) : undefined;
    default:
      return undefined;
  }
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function unknownAttribute(name: string): AwsError {
  return new AwsError('InvalidAttributeName', 400, `Unknown Attribute ${name}.`);
}

function invalidAttribute(name: string): AwsError {
  return new AwsError('InvalidAttributeValue', 400, `Invalid value for the parameter ${name}.`);
}
