/** What SNS keeps: topics, subscriptions, and the deliveries still owed to functions and HTTP endpoints. */
import type { Database } from 'bun:sqlite';
import { AwsError } from '../errors.ts';
import { ACCOUNT_ID, type Parts } from '../service.ts';
import type { QueryInput } from '../wire/query.ts';

/** Everything an operation needs. */
export interface Sns {
  parts: Parts;
  db: Database;
  /** Says that a delivery is owed; it is started once the transaction this is said in is over. */
  deliverSoon: () => void;
}

export interface Topic {
  arn: string;
  name: string;
  /** Attributes somebody set, by AWS's names. */
  attributes: Record<string, string>;
  tags: Record<string, string>;
}

export const PROTOCOLS = ['sqs', 'lambda', 'http', 'https'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface Subscription {
  arn: string;
  topicArn: string;
  protocol: Protocol;
  /** ARN of a queue or function, or an address. */
  endpoint: string;
  /** Attributes somebody set, by AWS's names. */
  attributes: Record<string, string>;
  confirmed: boolean;
  /** What an HTTP endpoint must send back to confirm. */
  token: string;
  createdMs: number;
}

/** Makes the tables, once. */
export function createTables(db: Database): void {
  db.run(`CREATE TABLE IF NOT EXISTS sns_topic (
    arn TEXT PRIMARY KEY, name TEXT NOT NULL, attributes TEXT NOT NULL, tags TEXT NOT NULL) STRICT`);
  db.run(`CREATE TABLE IF NOT EXISTS sns_subscription (
    arn TEXT PRIMARY KEY, topic_arn TEXT NOT NULL REFERENCES sns_topic (arn) ON DELETE CASCADE,
    protocol TEXT NOT NULL, endpoint TEXT NOT NULL, attributes TEXT NOT NULL,
    confirmed INTEGER NOT NULL, token TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT`);
  db.run('CREATE UNIQUE INDEX IF NOT EXISTS sns_subscribed ON sns_subscription (topic_arn, protocol, endpoint)');
  db.run(`CREATE TABLE IF NOT EXISTS sns_delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription_arn TEXT NOT NULL REFERENCES sns_subscription (arn) ON DELETE CASCADE,
    message TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    next_ms INTEGER, failed_ms INTEGER, failure TEXT) STRICT`);
  db.run('CREATE INDEX IF NOT EXISTS sns_delivery_next ON sns_delivery (next_ms) WHERE next_ms IS NOT NULL');
  db.run('CREATE INDEX IF NOT EXISTS sns_delivery_subscription ON sns_delivery (subscription_arn)');
}

/** The topic a member of a request names. Throws InvalidParameter, NotFound. */
export function topicOfRequest(sns: Sns, input: QueryInput, member = 'TopicArn'): Topic {
  return topicByArn(sns, requiredText(input, member));
}

/** Throws InvalidParameter, NotFound. */
export function topicByArn(sns: Sns, arn: string): Topic {
  if (!/^arn:aws:sns:[\w-]+:\d{12}:[\w-]+$/.test(arn)) throw invalidParameter('TopicArn');
  const topic = findTopic(sns, arn);
  if (!topic) throw new AwsError('NotFound', 404, 'Topic does not exist');
  return topic;
}

/** The topic with that ARN, if there is one. */
export function findTopic(sns: Sns, arn: string): Topic | undefined {
  const row = sns.db.query<TopicRow, [string]>('SELECT * FROM sns_topic WHERE arn = ?').get(arn);
  if (!row) return undefined;
  return {
    arn: row.arn,
    name: row.name,
    attributes: JSON.parse(row.attributes) as Record<string, string>,
    tags: JSON.parse(row.tags) as Record<string, string>,
  };
}

/** The ARN of a topic of this account. */
export function topicArn(sns: Sns, name: string): string {
  return `arn:aws:sns:${sns.parts.region}:${ACCOUNT_ID}:${name}`;
}

/** The subscription a request names. Throws InvalidParameter, NotFound. */
export function subscriptionOfRequest(sns: Sns, input: QueryInput): Subscription {
  const subscription = findSubscription(sns, requiredText(input, 'SubscriptionArn'));
  if (!subscription) throw new AwsError('NotFound', 404, 'Subscription does not exist');
  return subscription;
}

/** The subscription with that ARN, if there is one. */
export function findSubscription(sns: Sns, arn: string): Subscription | undefined {
  const row = sns.db.query<SubscriptionRow, [string]>('SELECT * FROM sns_subscription WHERE arn = ?').get(arn);
  return row ? subscriptionOfRow(row) : undefined;
}

/** Subscriptions in the order they were made; all of them, or those of one topic. */
export function subscriptionsOf(sns: Sns, topicArn?: string): Subscription[] {
  const rows = sns.db
    .query<SubscriptionRow, [string | null]>(
      'SELECT * FROM sns_subscription WHERE ?1 IS NULL OR topic_arn = ?1 ORDER BY created_ms, rowid',
    )
    .all(topicArn ?? null);
  return rows.map(subscriptionOfRow);
}

/** Throws InvalidParameter when a member is absent or empty. */
export function requiredText(input: QueryInput, member: string): string {
  const value = input.text(member);
  if (value === undefined) throw invalidParameter(member);
  return value;
}

/** InvalidParameter, naming which and, where that helps, why. */
export function invalidParameter(name: string, reason?: string): AwsError {
  return new AwsError('InvalidParameter', 400, `Invalid parameter: ${name}${reason === undefined ? '' : ` ${reason}`}`);
}

/** The items after NextToken, a page of AWS's 100, and the next token. */
export function page<T>(all: T[], input: QueryInput): { items: T[]; NextToken: string | undefined } {
  const from = Number(input.text('NextToken') ?? 0);
  if (!Number.isInteger(from) || from < 0) throw invalidParameter('NextToken');
  const end = from + PAGE_SIZE;
  return { items: all.slice(from, end), NextToken: end < all.length ? String(end) : undefined };
}

const PAGE_SIZE = 100;

interface TopicRow {
  arn: string;
  name: string;
  attributes: string;
  tags: string;
}

interface SubscriptionRow {
  arn: string;
  topic_arn: string;
  protocol: Protocol;
  endpoint: string;
  attributes: string;
  confirmed: number;
  token: string;
  created_ms: number;
}

function subscriptionOfRow(row: SubscriptionRow): Subscription {
  return {
    arn: row.arn,
    topicArn: row.topic_arn,
    protocol: row.protocol,
    endpoint: row.endpoint,
    attributes: JSON.parse(row.attributes) as Record<string, string>,
    confirmed: row.confirmed === 1,
    token: row.token,
    createdMs: row.created_ms,
  };
}
