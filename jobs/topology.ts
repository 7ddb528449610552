/**
 * Every resource of the service by name, in one place: `sst.config.ts` makes them on AWS, `provision.ts` makes them
 * in the embedded cloud, and neither can drift from the other. Pure data, computed from the prefix.
 */

export interface Topology {
  buckets: { inputs: BucketSpec; results: BucketSpec };
  tables: Record<'annotations' | 'users' | 'emails' | 'sessions' | 'references' | 'outbox', TableSpec>;
  topics: { jobRequests: string; jobResults: string; thawRestore: string };
  queues: Record<'jobRequests' | 'jobResults' | 'archiveRequests' | 'thawRequests', QueueSpec>;
  vault: string;
  archiveMachine: string;
  restoreFunction: string;
}

export interface BucketSpec {
  name: string;
  /** Whether browsers upload to it, from the site's origin. */
  uploads: boolean;
  /** Unfinished multipart uploads are removed after so many days. */
  abortMultipartDays: number;
}

export interface TableSpec {
  name: string;
  hash: string;
  indexes: { name: string; hash: string; range?: string }[];
  /** Attribute with the second (Unix time) after which an item may vanish. */
  ttl?: string;
}

export interface QueueSpec {
  name: string;
  deadLetters: string;
  /** Seconds a message stays invisible while handled; the heartbeat renews it. */
  visibilitySeconds: number;
  /** After so many receipts without success a message becomes a dead letter. */
  receiveCountMax: number;
  /** Name of the topic it is subscribed to, raw. */
  topic?: string;
}

/** Fourteen days, SQS's longest. */
export const RETENTION_SECONDS = 1_209_600;

/** `bucketSuffix`: makes bucket names the account's own, since all of AWS shares one space of them. */
export function topology(prefix: string, bucketSuffix = ''): Topology {
  const queue = (name: string, rest: Omit<QueueSpec, 'name' | 'deadLetters'>): QueueSpec => ({
    name: `${prefix}_${name}`,
    deadLetters: `${prefix}_${name}_dlq`,
    ...rest,
  });
  const table = (name: string, hash: string, rest: Partial<TableSpec> = {}): TableSpec => ({
    name: `${prefix}_${name}`,
    hash,
    indexes: [],
    ...rest,
  });
  const topics = {
    jobRequests: `${prefix}_job_requests`,
    jobResults: `${prefix}_job_results`,
    thawRestore: `${prefix}_thaw_restore`,
  };
  return {
    // Bucket names know no underscore.
    buckets: {
      inputs: { name: `${prefix}-inputs${bucketSuffix}`, uploads: true, abortMultipartDays: 1 },
      results: { name: `${prefix}-results${bucketSuffix}`, uploads: false, abortMultipartDays: 1 },
    },
    tables: {
      annotations: table('annotations', 'job_id', {
        indexes: [
          { name: 'user_id_index', hash: 'user_id', range: 'submit_time' },
          { name: 'attention_index', hash: 'attention', range: 'submit_time' },
        ],
      }),
      users: table('users', 'user_id'),
      emails: table('emails', 'email'),
      sessions: table('sessions', 'token_hash', {
        indexes: [{ name: 'user_id_index', hash: 'user_id' }],
        ttl: 'expires',
      }),
      references: table('references', 'name', { ttl: 'expires' }),
      outbox: table('outbox', 'outbox_id'),
    },
    topics,
    queues: {
      jobRequests: queue('job_requests', { visibilitySeconds: 120, receiveCountMax: 5, topic: topics.jobRequests }),
      jobResults: queue('job_results', { visibilitySeconds: 60, receiveCountMax: 10, topic: topics.jobResults }),
      archiveRequests: queue('archive_requests', { visibilitySeconds: 120, receiveCountMax: 10 }),
      // A thaw request is looked at again and again until its restore is done, for up to two days.
      thawRequests: queue('thaw_requests', { visibilitySeconds: 60, receiveCountMax: 1000 }),
    },
    vault: `${prefix}_vault`,
    archiveMachine: `${prefix}_archive`,
    restoreFunction: `${prefix}_restore`,
  };
}

/** The machine that counts a result's grace down and then asks the archiver (Amazon States Language). */
export function archiveMachineDefinition(): Record<string, unknown> {
  return {
    Comment: 'Waits until the grace of a free result is over, then asks for it to be archived.',
    StartAt: 'Grace',
    States: {
      Grace: { Type: 'Wait', TimestampPath: '$.archive_time', Next: 'Ask' },
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage',
        Parameters: { 'QueueUrl.$': '$.queue_url', 'MessageBody.$': 'States.JsonToString($.request)' },
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 8, BackoffRate: 2 }],
        End: true,
      },
    },
  };
}

/** ARNs and URLs of the topology in one account and region. */
export function arn(service: string, region: string, account: string, name: string): string {
  return `arn:aws:${service}:${region}:${account}:${name}`;
}
