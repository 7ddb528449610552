/**
 * What SQS keeps: the tables, a queue and how it is found. A message is one row; whether it is visible, delayed or in
 * flight is read from its times, never stored, so that nothing needs a timer to be true.
 */
import type { Database } from 'bun:sqlite';
import { AwsError } from '../errors.ts';
import { ACCOUNT_ID, type Parts } from '../service.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Arrivals } from './arrivals.ts';
import { requiredString } from './input.ts';

/** Everything an operation needs. */
export interface Sqs {
  parts: Parts;
  db: Database;
  arrivals: Arrivals;
}

/** A queue as stored: the attributes somebody set, by AWS's names; the others have their defaults. */
export interface Queue {
  name: string;
  attributes: Record<string, string>;
  tags: Record<string, string>;
  createdMs: number;
  modifiedMs: number;
  purgedMs: number;
}

/**
 * A message as stored. `visible_ms` is when it may be received (again); it is in flight while that is ahead and it has
 * been received in this queue, delayed while that is ahead and it has not.
 */
export interface MessageRow {
  id: number;
  queue: string;
  message_id: string;
  body: string;
  /** Message attributes, JSON. */
  attributes: string;
  trace_header: string | null;
  sent_ms: number;
  visible_ms: number;
  receive_count: number;
  /** `receive_count` when it came into this queue: a dead letter goes on counting, its new queue starts anew. */
  arrival_count: number;
  first_receive_ms: number | null;
  last_receive_ms: number | null;
  /** ARN of the queue it was moved from for being received too often. */
  dead_letter_source: string | null;
}

/** Makes the tables, once. */
export function createTables(db: Database): void {
  db.run(`CREATE TABLE IF NOT EXISTS sqs_queue (
    name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL,
    created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL, purged_ms INTEGER NOT NULL DEFAULT 0) STRICT`);
  db.run(`CREATE TABLE IF NOT EXISTS sqs_message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL REFERENCES sqs_queue (name) ON DELETE CASCADE,
    message_id TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL, trace_header TEXT,
    sent_ms INTEGER NOT NULL, visible_ms INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0, arrival_count INTEGER NOT NULL DEFAULT 0,
    first_receive_ms INTEGER, last_receive_ms INTEGER, dead_letter_source TEXT) STRICT`);
  db.run('CREATE INDEX IF NOT EXISTS sqs_message_visible ON sqs_message (queue, visible_ms, id)');
  db.run('CREATE INDEX IF NOT EXISTS sqs_message_sent ON sqs_message (queue, sent_ms)');
  db.run(`CREATE TABLE IF NOT EXISTS sqs_move_task (
    id TEXT PRIMARY KEY, source_arn TEXT NOT NULL, destination_arn TEXT, per_second INTEGER,
    status TEXT NOT NULL, moved INTEGER NOT NULL, to_move INTEGER NOT NULL,
    started_ms INTEGER NOT NULL, next_ms INTEGER NOT NULL, failure TEXT) STRICT`);
}

/** The queue a request's QueueUrl names. Only the path counts: the port may have been another before a restart. */
export function queueOfRequest(sqs: Sqs, input: JsonObject): Queue {
  const url = requiredString(input, 'QueueUrl');
  const name = /\/\d{12}\/([^/?#]+)\/?$/.exec(url)?.[1];
  if (!name) throw new AwsError('InvalidAddress', 404, `The address ${url} is not valid for this endpoint.`);
  return queueByName(sqs, name);
}

/** Throws QueueDoesNotExist. */
export function queueByName(sqs: Sqs, name: string): Queue {
  const queue = findQueue(sqs, name);
  if (!queue) throw new AwsError('QueueDoesNotExist', 400, 'The specified queue does not exist.');
  return queue;
}

/** Throws QueueDoesNotExist, also for an ARN of another account or region. */
export function queueByArn(sqs: Sqs, arn: string): Queue {
  const name = arn.split(':').at(-1) ?? '';
  return queueByName(sqs, arn === queueArn(sqs, name) ? name : '');
}

/** The queue of that name, if there is one. */
export function findQueue(sqs: Sqs, name: string): Queue | undefined {
  const row = sqs.db.query<QueueRow, [string]>('SELECT * FROM sqs_queue WHERE name = ?').get(name);
  return row ? queueOfRow(row) : undefined;
}

/** Queues whose name begins with `prefix`, by name. */
export function queuesWithPrefix(sqs: Sqs, prefix: string): Queue[] {
  const rows = sqs.db.query<QueueRow, []>('SELECT * FROM sqs_queue ORDER BY name').all();
  return rows.filter((row) => row.name.startsWith(prefix)).map(queueOfRow);
}

/** The ARN of a queue. */
export function queueArn(sqs: Sqs, name: string): string {
  return `arn:aws:sqs:${sqs.parts.region}:${ACCOUNT_ID}:${name}`;
}

/** The address clients know a queue by. */
export function queueUrl(sqs: Sqs, name: string): string {
  return `${sqs.parts.url()}/${ACCOUNT_ID}/${name}`;
}

interface QueueRow {
  name: string;
  attributes: string;
  tags: string;
  created_ms: number;
  modified_ms: number;
  purged_ms: number;
}

function queueOfRow(row: QueueRow): Queue {
  return {
    name: row.name,
    attributes: JSON.parse(row.attributes) as Record<string, string>,
    tags: JSON.parse(row.tags) as Record<string, string>,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
    purgedMs: row.purged_ms,
  };
}
