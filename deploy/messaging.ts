/**
 * How the programs hear of each other: topics, queues with their dead letters, who listens to whom, and the machine
 * that counts a result's grace down. Names and shapes from `jobs/topology.ts`.
 */
import type { Config } from '../jobs/config.ts';
import { archiveMachineDefinition, arn, RETENTION_SECONDS, type QueueSpec, type Topology } from '../jobs/topology.ts';
import { policyDocument, trustDocument } from './permissions.ts';

export function makeMessaging({ topology, region, account }: Config) {
  const topics = mapValues(
    topology.topics,
    (physical, name) => new sst.aws.SnsTopic(`${capital(name)}Topic`, { transform: { topic: { name: physical } } }),
  );
  const topicByName = new Map(
    Object.entries(topology.topics).map(([name, physical]) => [physical, topics[name as keyof Topology['topics']]]),
  );
  const queues = mapValues(topology.queues, (spec, name) =>
    queue(capital(name), spec, topicByName.get(spec.topic ?? '')),
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
  return { topics, queues };
}

/** A queue, encrypted, with a second one for what could not be handled; raw messages, only from its own topic. */
function queue(name: string, spec: QueueSpec, topic: sst.aws.SnsTopic | undefined): sst.aws.Queue {
  const kept = { messageRetentionSeconds: RETENTION_SECONDS, sqsManagedSseEnabled: true };
  const deadLetters = new sst.aws.Queue(`${name}DeadLetters`, {
    transform: { queue: { name: spec.deadLetters, ...kept } },
  });
  const made = new sst.aws.Queue(`${name}Queue`, {
    visibilityTimeout: `${spec.visibilitySeconds} seconds`,
    dlq: { queue: deadLetters.arn, retry: spec.receiveCountMax },
    transform: { queue: { name: spec.name, receiveWaitTimeSeconds: 20, ...kept } },
  });
  if (!topic) return made;
  // SST's own subscription would let every topic of every account send.
  new aws.sqs.QueuePolicy(`${name}QueuePolicy`, {
    queueUrl: made.url,
    policy: $jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: made.arn,
          Condition: { ArnEquals: { 'aws:SourceArn': topic.arn } },
        },
      ],
    }),
  });
  new aws.sns.TopicSubscription(`${name}Subscription`, {
    topic: topic.arn,
    protocol: 'sqs',
    endpoint: made.arn,
    rawMessageDelivery: true,
  });
  return made;
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
