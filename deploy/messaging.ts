/**
 * How the programs hear of each other: topics, queues with their dead letters, who listens to whom, and the machine
 * that counts a result's grace down; encrypted, and by TLS only. Names and shapes from `jobs/topology.ts`.
 */
import type { Config } from '../jobs/config.ts';
import { archiveMachineDefinition, arn, RETENTION_SECONDS, type QueueSpec, type Topology } from '../jobs/topology.ts';
import { policyDocument, trustDocument } from './permissions.ts';

export function makeMessaging(config: Config) {
  const { topology, region, account } = config;
  const key = makeTopicKey(config);
  const topics = mapValues(
    topology.topics,
    (physical, name) =>
      new sst.aws.SnsTopic(`${capital(name)}Topic`, {
        transform: { topic: { name: physical, kmsMasterKeyId: key.arn } },
      }),
  );
  const topicByName = new Map(
    Object.entries(topology.topics).map(([name, physical]) => [physical, topics[name as keyof Topology['topics']]]),
  );
  const queues = mapValues(topology.queues, (spec, name) =>
    queue(config, capital(name), spec, topicByName.get(spec.topic ?? '')),
  );

  const role = new aws.iam.Role('ArchiveMachineRole', {
    name: `${topology.archiveMachine}_machine`,
    assumeRolePolicy: JSON.stringify(trustDocument('states.amazonaws.com', account)),
    inlinePolicies: [
      {
        name: 'ask',
        policy: JSON.stringify(
          policyDocument([
            {
              actions: ['sqs:SendMessage'],
              resources: [arn('sqs', region, account, topology.queues.archiveRequests.name)],
            },
          ]),
        ),
      },
    ],
  });
  new aws.sfn.StateMachine('ArchiveMachine', {
    name: topology.archiveMachine,
    type: 'STANDARD',
    roleArn: role.arn,
    definition: JSON.stringify(archiveMachineDefinition()),
  });
  return { topics, queues, key };
}

/**
 * What topics are encrypted with: a key of our own, because neither S3, Glacier nor CloudWatch may use the one that AWS
 * has for SNS, nor can its policy be changed. Whoever may publish may use it through SNS, and needs no right of its own.
 */
function makeTopicKey({ prefix, region, account, archiveBackend }: Config): aws.kms.Key {
  const key = new aws.kms.Key('TopicKey', {
    description: `What ${prefix} says by SNS, until it has been delivered`,
    enableKeyRotation: true,
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Owner',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'ThroughSns',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
          Resource: '*',
          Condition: {
            StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `sns.${region}.amazonaws.com` },
          },
        },
        {
          Sid: 'ArchivesAndAlarms',
          Effect: 'Allow',
          Principal: {
            Service: [
              archiveBackend === 's3' ? 's3.amazonaws.com' : 'glacier.amazonaws.com',
              'cloudwatch.amazonaws.com',
            ],
          },
          Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
          Resource: '*',
        },
      ],
    }),
  });
  new aws.kms.Alias('TopicKeyAlias', { name: `alias/${prefix}-topics`, targetKeyId: key.id });
  return key;
}

/** A queue, encrypted, with a second one for what could not be handled; raw messages, only from its own topic. */
function queue(
  { region, account }: Config,
  name: string,
  spec: QueueSpec,
  topic: sst.aws.SnsTopic | undefined,
): sst.aws.Queue {
  const kept = { messageRetentionSeconds: RETENTION_SECONDS, sqsManagedSseEnabled: true };
  const deadLetters = new sst.aws.Queue(`${name}DeadLetters`, {
    transform: {
      queue: {
        name: spec.deadLetters,
        redriveAllowPolicy: JSON.stringify({
          redrivePermission: 'byQueue',
          sourceQueueArns: [arn('sqs', region, account, spec.name)],
        }),
        ...kept,
      },
    },
  });
  const made = new sst.aws.Queue(`${name}Queue`, {
    visibilityTimeout: `${spec.visibilitySeconds} seconds`,
    dlq: { queue: deadLetters.arn, retry: spec.receiveCountMax },
    transform: { queue: { name: spec.name, receiveWaitTimeSeconds: 20, ...kept } },
  });
  queuePolicy(`${name}DeadLetters`, deadLetters);
  queuePolicy(`${name}Queue`, made, topic);
  if (!topic) return made;
  new aws.sns.TopicSubscription(`${name}Subscription`, {
    topic: topic.arn,
    protocol: 'sqs',
    endpoint: made.arn,
    rawMessageDelivery: true,
  });
  return made;
}

/** By TLS only; and a topic may send. SST's own subscription would let every topic of every account. */
function queuePolicy(name: string, { url, arn: Resource }: sst.aws.Queue, topic?: sst.aws.SnsTopic): void {
  const byTls = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:*',
    Resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const fromTopic = topic && {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource,
    Condition: { ArnEquals: { 'aws:SourceArn': topic.arn } },
  };
  new aws.sqs.QueuePolicy(`${name}Policy`, {
    queueUrl: url,
    policy: $jsonStringify({ Version: '2012-10-17', Statement: fromTopic ? [byTls, fromTopic] : [byTls] }),
  });
}

function capital(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}`;
}

function mapValues<K extends string, T, R>(record: Record<K, T>, map: (value: T, key: K) => R): Record<K, R> {
  return Object.fromEntries(Object.entries<T>(record).map(([key, value]) => [key, map(value, key as K)])) as Record<
    K,
    R
  >;
}
