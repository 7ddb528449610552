/** What happens to whole queues after they were made: found, listed, emptied, tagged, deleted. */
import { AwsError } from '../errors.ts';
import { stringListMember, stringMapMember, stringMember, type JsonObject } from '../wire/json.ts';
import { deadLetterSources } from './attributes.ts';
import { optionalInteger, requiredString } from './input.ts';
import { queueArn, queueByName, queueOfRequest, queuesWithPrefix, queueUrl, type Queue, type Sqs } from './state.ts';

const PAGE_SIZE_MAX = 1000;
const PURGE_PAUSE_MS = 60_000;

/** GetQueueUrl. */
export function getQueueUrl(sqs: Sqs, input: JsonObject): JsonObject {
  return { QueueUrl: queueUrl(sqs, queueByName(sqs, requiredString(input, 'QueueName')).name) };
}

/** ListQueues, by name, page by page. */
export function listQueues(sqs: Sqs, input: JsonObject): JsonObject {
  const queues = queuesWithPrefix(sqs, stringMember(input, 'QueueNamePrefix') ?? '');
  const { names, NextToken } = page(
    queues.map((queue) => queue.name),
    input,
  );
  return { QueueUrls: names.map((name) => queueUrl(sqs, name)), ...(NextToken && { NextToken }) };
}

/** ListDeadLetterSourceQueues. The member is spelled `queueUrls`, as AWS spells it. */
export function listDeadLetterSourceQueues(sqs: Sqs, input: JsonObject): JsonObject {
  const queue = queueOfRequest(sqs, input);
  const { names, NextToken } = page(deadLetterSources(sqs, queueArn(sqs, queue.name)), input);
  return { queueUrls: names.map((name) => queueUrl(sqs, name)), ...(NextToken && { NextToken }) };
}

/** DeleteQueue, its messages with it. */
export function deleteQueue(sqs: Sqs, input: JsonObject): void {
  const queue = queueOfRequest(sqs, input);
  sqs.db.query('DELETE FROM sqs_queue WHERE name = ?').run(queue.name);
  sqs.arrivals.announce(queue.name);
}

/** PurgeQueue: once a minute, as on AWS. */
export function purgeQueue(sqs: Sqs, input: JsonObject): void {
  const queue = queueOfRequest(sqs, input);
  const nowMs = sqs.parts.clock.now();
  if (nowMs < queue.purgedMs + PURGE_PAUSE_MS) {
    const message = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
    throw new AwsError('PurgeQueueInProgress', 403, message);
  }
  sqs.db.transaction(() => {
    sqs.db.query('DELETE FROM sqs_message WHERE queue = ?').run(queue.name);
    sqs.db.query('UPDATE sqs_queue SET purged_ms = ? WHERE name = ?').run(nowMs, queue.name);
  })();
}

/** TagQueue. */
export function tagQueue(sqs: Sqs, input: JsonObject): void {
  const queue = queueOfRequest(sqs, input);
  storeTags(sqs, queue, { ...queue.tags, ...stringMapMember(input, 'Tags') });
}

/** UntagQueue. */
export function untagQueue(sqs: Sqs, input: JsonObject): void {
  const queue = queueOfRequest(sqs, input);
  const gone = stringListMember(input, 'TagKeys');
  storeTags(sqs, queue, Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !gone.includes(key))));
}

/** ListQueueTags. */
export function listQueueTags(sqs: Sqs, input: JsonObject): JsonObject {
  return { Tags: queueOfRequest(sqs, input).tags };
}

function storeTags(sqs: Sqs, queue: Queue, tags: Record<string, string>): void {
  sqs.db.query('UPDATE sqs_queue SET tags = ? WHERE name = ?').run(JSON.stringify(tags), queue.name);
}

/** The names after NextToken (the last one answered), at most MaxResults. */
function page(all: string[], input: JsonObject): { names: string[]; NextToken: string | undefined } {
  const pageSize = optionalInteger(input, 'MaxResults', 1, PAGE_SIZE_MAX) ?? PAGE_SIZE_MAX;
  const after = stringMember(input, 'NextToken') ?? '';
  const rest = all.filter((name) => name > after);
  const names = rest.slice(0, pageSize);
  return { names, NextToken: rest.length > names.length ? names.at(-1) : undefined };
}
