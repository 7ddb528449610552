/**
 * What each program may do on AWS: the calls it makes, on the resources it makes them on, and nothing else.
 * `tests/deploy/permissions.test.ts` plays whole journeys in which a call that is not allowed here fails, and compares
 * what was allowed with what was called. Pure.
 */
import type { Config } from '../jobs/config.ts';
import { arn, type Topology } from '../jobs/topology.ts';
import type { FleetName } from './stage.ts';

export interface Statement {
  actions: string[];
  resources: string[];
}

export type Role = FleetName | 'restore';

export function permissions(config: Config): Record<Role, Statement[]> {
  const { region, account, topology, topicArns, archiveMachineArn } = config;

  const table = (name: keyof Topology['tables'], ...actions: string[]): Statement => ({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [arn('dynamodb', region, account, `table/${topology.tables[name].name}`)],
  });
  const index = (name: keyof Topology['tables'], ...indexes: string[]): Statement => ({
    actions: ['dynamodb:Query'],
    resources: indexes.map((one) =>
      arn('dynamodb', region, account, `table/${topology.tables[name].name}/index/${one}`),
    ),
  });
  const objects = (name: keyof Topology['buckets'], ...actions: string[]): Statement => ({
    actions: actions.map((action) => `s3:${action}`),
    resources: [`arn:aws:s3:::${topology.buckets[name].name}/*`],
  });
  /** Also lets S3 answer 404 for an object that is not there, instead of 403. */
  const listing = (...names: (keyof Topology['buckets'])[]): Statement => ({
    actions: ['s3:ListBucket'],
    resources: names.map((name) => `arn:aws:s3:::${topology.buckets[name].name}`),
  });
  const queue = (name: keyof Topology['queues'], ...actions: string[]): Statement => ({
    actions: actions.map((action) => `sqs:${action}`),
    resources: [arn('sqs', region, account, topology.queues[name].name)],
  });
  const consuming = (name: keyof Topology['queues']) =>
    queue(name, 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility');
  const publishing = (...names: (keyof Topology['topics'])[]): Statement => ({
    actions: ['sns:Publish'],
    resources: names.map((name) => topicArns[name]),
  });
  const countingDown: Statement = { actions: ['states:StartExecution'], resources: [archiveMachineArn] };

  const writing = objects('results', 'PutObject', 'AbortMultipartUpload', 'DeleteObject');
  const vault = (...actions: string[]): Statement => ({
    actions: actions.map((action) => `glacier:${action}`),
    resources: [arn('glacier', region, account, `vaults/${topology.vault}`)],
  });
  /** The archive in the words of `aws/archive.ts`, on either back end. */
  const archive =
    config.archiveBackend === 'vault'
      ? {
          store: [
            objects('results', 'GetObject', 'DeleteObject'),
            vault(
              // The inventory, for archives that belong to nobody.
              'InitiateJob',
              'ListJobs',
              'GetJobOutput',
              'UploadArchive',
              'InitiateMultipartUpload',
              'UploadMultipartPart',
              'CompleteMultipartUpload',
              'AbortMultipartUpload',
              'DeleteArchive',
            ),
          ],
          askBack: [vault('InitiateJob', 'DescribeJob')],
          fetch: [vault('GetJobOutput', 'DeleteArchive'), writing],
          delete: [vault('DeleteArchive')],
        }
      : {
          store: [objects('results', 'GetObject'), writing],
          askBack: [objects('results', 'GetObject', 'RestoreObject')],
          fetch: [objects('results', 'GetObject'), writing],
          delete: [objects('results', 'DeleteObject')],
        };

  return {
    web: [
      objects('inputs', 'GetObject', 'PutObject', 'DeleteObject'),
      objects('results', 'GetObject', 'DeleteObject'),
      listing('inputs', 'results'),
      table('annotations', 'GetItem', 'PutItem', 'UpdateItem'),
      index('annotations', 'user_id_index', 'attention_index'),
      table('users', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
      table('emails', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
      table('sessions', 'GetItem', 'PutItem', 'DeleteItem'),
      index('sessions', 'user_id_index'),
      table('references', 'Scan'),
      table('outbox', 'PutItem', 'DeleteItem'),
      publishing('jobRequests'),
      queue('jobResults', 'SendMessage'),
      queue('thawRequests', 'SendMessage'),
      // How much lies where, for /ready and /metrics.
      {
        actions: ['sqs:GetQueueAttributes'],
        resources: Object.values(topology.queues).flatMap(({ name, deadLetters }) =>
          [name, deadLetters].map((one) => arn('sqs', region, account, one)),
        ),
      },
      ...archive.delete,
    ],
    annotator: [
      consuming('jobRequests'),
      objects('inputs', 'GetObject'),
      writing,
      listing('results'),
      table('annotations', 'GetItem', 'UpdateItem'),
      table('references', 'PutItem'),
      table('outbox', 'PutItem', 'DeleteItem'),
      publishing('jobResults'),
    ],
    archiver: [
      consuming('jobResults'),
      consuming('archiveRequests'),
      table('annotations', 'GetItem', 'PutItem', 'UpdateItem'),
      index('annotations', 'user_id_index', 'attention_index'),
      table('users', 'GetItem', 'ConditionCheckItem'),
      table('outbox', 'Scan', 'DeleteItem'),
      countingDown,
      // What a sweep finds unsent, or late, is sent again; what was being erased is erased.
      publishing('jobRequests', 'jobResults'),
      queue('jobResults', 'SendMessage'),
      queue('archiveRequests', 'SendMessage'),
      queue('thawRequests', 'SendMessage'),
      objects('inputs', 'DeleteObject'),
      objects('results', 'DeleteObject'),
      listing('inputs', 'results'),
      ...archive.store,
    ],
    thaw: [
      consuming('thawRequests'),
      queue('thawRequests', 'SendMessage'),
      table('annotations', 'GetItem', 'UpdateItem'),
      index('annotations', 'user_id_index'),
      table('users', 'GetItem'),
      countingDown,
      ...archive.askBack,
      ...archive.fetch,
    ],
    restore: [table('annotations', 'GetItem', 'UpdateItem'), table('users', 'GetItem'), countingDown, ...archive.fetch],
  };
}

/** A role's statements as an IAM policy document. */
export function policyDocument(statements: readonly Statement[]) {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: resources })),
  };
}

/** Who may take a role on. */
export function trustDocument(service: string, account?: string) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(account ? { Condition: { StringEquals: { 'aws:SourceAccount': account } } } : {}),
      },
    ],
  };
}
