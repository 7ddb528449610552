/**
 * Makes resources that are not there yet, and leaves those that are: what SST does on AWS, done by API calls for
 * the embedded cloud and other emulators. Every call is idempotent.
 */
import { CreateTableCommand, DescribeTableCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { CreateVaultCommand, SetVaultNotificationsCommand } from '@aws-sdk/client-glacier';
import {
  CreateBucketCommand,
  PutBucketCorsCommand,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { awsErrorName, type Aws } from './clients.ts';

export async function makeBucket(aws: Aws, name: string, uploadsFrom: readonly string[]): Promise<void> {
  await unlessThere(['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'], () =>
    aws.s3.send(new CreateBucketCommand({ Bucket: name })),
  );
  if (uploadsFrom.length === 0) return;
  const rule = {
    AllowedMethods: ['POST', 'GET'],
    AllowedOrigins: [...uploadsFrom],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag', 'Location'],
    MaxAgeSeconds: 3600,
  };
  await aws.s3.send(new PutBucketCorsCommand({ Bucket: name, CORSConfiguration: { CORSRules: [rule] } }));
}

/** Tells a topic when a restored copy of an archived object is ready. */
export async function makeRestoreNotification(aws: Aws, bucket: string, topicArn: string): Promise<void> {
  const TopicConfigurations = [{ TopicArn: topicArn, Events: ['s3:ObjectRestore:Completed' as const] }];
  await aws.s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      NotificationConfiguration: { TopicConfigurations },
    }),
  );
}

export async function makeTable(
  aws: Aws,
  table: {
    name: string;
    hash: string;
    indexes: readonly { name: string; hash: string; range?: string }[];
    ttl?: string;
  },
): Promise<void> {
  const { name, hash, indexes, ttl } = table;
  const attributes = new Set([
    hash,
    ...indexes.flatMap((index) => (index.range ? [index.hash, index.range] : [index.hash])),
  ]);
  await unlessThere(['ResourceInUseException'], () =>
    aws.table.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [{ AttributeName: hash, KeyType: 'HASH' }],
        ...(indexes.length > 0
          ? {
              GlobalSecondaryIndexes: indexes.map((index) => ({
                IndexName: index.name,
                KeySchema: [
                  { AttributeName: index.hash, KeyType: 'HASH' as const },
                  ...(index.range ? [{ AttributeName: index.range, KeyType: 'RANGE' as const }] : []),
                ],
                Projection: { ProjectionType: 'ALL' as const },
              })),
            }
          : {}),
      }),
    ),
  );
  for (let tries = 0; tries < 60; tries++) {
    const { Table } = await aws.table.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') break;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  if (ttl) {
    const TimeToLiveSpecification = { AttributeName: ttl, Enabled: true };
    await unlessThere(['ValidationException'], () =>
      aws.table.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification })),
    );
  }
}

/** Makes a queue and its dead-letter queue. Answers the queue's ARN. */
export async function makeQueue(
  aws: Aws,
  queue: {
    name: string;
    deadLetters: string;
    arnOf: (name: string) => string;
    visibilitySeconds: number;
    receiveCountMax: number;
    retentionSeconds: number;
    /** Topics that may send to it. */
    topicArns: readonly string[];
  },
): Promise<string> {
  const make = async (name: string, Attributes: Record<string, string>) => {
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: name }));
    await aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  };
  const MessageRetentionPeriod = String(queue.retentionSeconds);
  await make(queue.deadLetters, { MessageRetentionPeriod });
  const arn = queue.arnOf(queue.name);
  const policy = {
    Version: '2012-10-17',
    Statement: queue.topicArns.map((topic) => ({
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arn,
      Condition: { ArnEquals: { 'aws:SourceArn': topic } },
    })),
  };
  await make(queue.name, {
    MessageRetentionPeriod,
    VisibilityTimeout: String(queue.visibilitySeconds),
    ReceiveMessageWaitTimeSeconds: '20',
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: queue.arnOf(queue.deadLetters),
      maxReceiveCount: queue.receiveCountMax,
    }),
    ...(queue.topicArns.length > 0 ? { Policy: JSON.stringify(policy) } : {}),
  });
  return arn;
}

export async function makeTopic(aws: Aws, name: string): Promise<void> {
  await aws.sns.send(new CreateTopicCommand({ Name: name }));
}

/** Subscribes a queue, raw, or a function to a topic. */
export async function makeSubscription(
  aws: Aws,
  topicArn: string,
  target: { protocol: 'sqs' | 'lambda'; arn: string },
): Promise<void> {
  const Attributes = target.protocol === 'sqs' ? { RawMessageDelivery: 'true' } : {};
  await aws.sns.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: target.protocol, Endpoint: target.arn, Attributes }),
  );
}

export async function makeVault(aws: Aws, name: string, topicArn: string): Promise<void> {
  const place = { accountId: '-', vaultName: name };
  await aws.glacier.send(new CreateVaultCommand(place));
  const vaultNotificationConfig = { SNSTopic: topicArn, Events: ['ArchiveRetrievalCompleted'] };
  await aws.glacier.send(new SetVaultNotificationsCommand({ ...place, vaultNotificationConfig }));
}

export async function makeMachine(
  aws: Aws,
  machine: { name: string; arn: string; roleArn: string; definition: unknown },
): Promise<void> {
  const definition = JSON.stringify(machine.definition);
  try {
    await aws.sfn.send(
      new CreateStateMachineCommand({ name: machine.name, roleArn: machine.roleArn, definition, type: 'STANDARD' }),
    );
  } catch (error) {
    if (awsErrorName(error) !== 'StateMachineAlreadyExists') throw error;
    await aws.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: machine.arn, definition }));
  }
}

async function unlessThere(names: readonly string[], make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!names.includes(awsErrorName(error) ?? '')) throw error;
  }
}
