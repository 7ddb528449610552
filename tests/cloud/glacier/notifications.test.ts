import {
  DeleteArchiveCommand,
  DeleteVaultNotificationsCommand,
  GetVaultNotificationsCommand,
  SetVaultNotificationsCommand,
} from '@aws-sdk/client-glacier';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { failure } from '../../support/failure.ts';
import { hour, randomBytes, startTestVault, treeHashOf, vault, type TestVault } from './vault-to-test.ts';

let it: TestVault;
let sns: SNSClient;
let sqs: SQSClient;

beforeAll(async () => {
  it = await startTestVault();
  sns = new SNSClient(it.cloud.client);
  sqs = new SQSClient(it.cloud.client);
});

afterAll(async () => {
  sns.destroy();
  sqs.destroy();
  await it.stop();
});

/** A topic whose raw messages go to a queue. */
async function topicWithQueue(name: string): Promise<{ topic: string; received: () => Promise<unknown[]> }> {
  const { TopicArn: topic = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: topic,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  const received = async () => {
    const messages: unknown[] = [];
    for (let tries = 0; tries < 20; tries++) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      for (const { Body = '', ReceiptHandle } of Messages) {
        messages.push(JSON.parse(Body));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      if (Messages.length === 0 && messages.length > 0) break;
      if (Messages.length === 0) await it.clock.advance(1);
    }
    return messages;
  };
  return { topic, received };
}

test("the vault's topic and the job's own are told what DescribeJob shows", async () => {
  const ofVault = await topicWithQueue('of-vault');
  const ofJob = await topicWithQueue('of-job');
  await it.client.send(
    new SetVaultNotificationsCommand({
      ...vault,
      vaultNotificationConfig: { SNSTopic: ofVault.topic, Events: ['ArchiveRetrievalCompleted'] },
    }),
  );
  const bytes = randomBytes(1000);
  const ArchiveId = await it.upload(bytes);
  const jobId = await it.initiate({
    Type: 'archive-retrieval',
    ArchiveId,
    Description: 'thaw',
    SNSTopic: ofJob.topic,
    Tier: 'Bulk',
  });
  await it.clock.advance(8 * hour);

  const expected = {
    Action: 'ArchiveRetrieval',
    ArchiveId,
    ArchiveSHA256TreeHash: treeHashOf(bytes),
    ArchiveSizeInBytes: 1000,
    Completed: true,
    CompletionDate: '2026-01-01T08:00:00.000Z',
    CreationDate: '2026-01-01T00:00:00.000Z',
    InventoryRetrievalParameters: null,
    InventorySizeInBytes: null,
    JobDescription: 'thaw',
    JobId: jobId,
    JobOutputPath: `/000000000000/vaults/${vault.vaultName}/jobs/${jobId}/output`,
    RetrievalByteRange: '0-999',
    SHA256TreeHash: treeHashOf(bytes),
    SNSTopic: ofJob.topic,
    StatusCode: 'Succeeded',
    StatusMessage: 'Succeeded',
    Tier: 'Bulk',
    VaultARN: `arn:aws:glacier:us-east-1:000000000000:vaults/${vault.vaultName}`,
  };
  expect(await ofVault.received()).toEqual([expected]);
  expect(await ofJob.received()).toEqual([expected]);
});

test('a failed retrieval is told too, also when it fails while the cloud is off', async () => {
  const { topic, received } = await topicWithQueue('of-failure');
  const ArchiveId = await it.upload(randomBytes(10));
  const jobId = await it.initiate({ Type: 'archive-retrieval', ArchiveId, SNSTopic: topic });
  await it.client.send(new DeleteArchiveCommand({ ...vault, archiveId: ArchiveId }));
  await it.cloud.restart();
  await it.clock.advance(4 * hour);
  expect(await received()).toMatchObject([{ JobId: jobId, Completed: true, StatusCode: 'Failed' }]);
});

test('only the events a vault names are told; a topic that is gone harms nobody', async () => {
  const { topic, received } = await topicWithQueue('of-inventories');
  const set = (SNSTopic: string, ...Events: string[]) =>
    it.client.send(new SetVaultNotificationsCommand({ ...vault, vaultNotificationConfig: { SNSTopic, Events } }));
  await set(topic, 'InventoryRetrievalCompleted');
  const ArchiveId = await it.upload(randomBytes(10));
  await it.initiate({ Type: 'archive-retrieval', ArchiveId });
  const inventory = await it.initiate({ Type: 'inventory-retrieval' });
  await it.clock.advance(4 * hour);
  expect(await received()).toMatchObject([{ Action: 'InventoryRetrieval', JobId: inventory, SNSTopic: null }]);

  await set('arn:aws:sns:us-east-1:000000000000:nowhere', 'ArchiveRetrievalCompleted');
  const jobId = await it.initiate({ Type: 'archive-retrieval', ArchiveId });
  await it.clock.advance(4 * hour);
  expect(await it.output(jobId)).toHaveLength(10);
});

test('the configuration is shown, refused when it is wrong, and removed', async () => {
  const config = { SNSTopic: 'arn:aws:sns:us-east-1:000000000000:shown', Events: ['ArchiveRetrievalCompleted'] };
  await it.client.send(new SetVaultNotificationsCommand({ ...vault, vaultNotificationConfig: config }));
  const get = () => it.client.send(new GetVaultNotificationsCommand(vault));
  expect((await get()).vaultNotificationConfig).toEqual(config);
  const wrong = { ...config, Events: ['Flood'] };
  expect(
    await failure(it.client.send(new SetVaultNotificationsCommand({ ...vault, vaultNotificationConfig: wrong }))),
  ).toBe('InvalidParameterValueException: Invalid event: Flood');
  await it.client.send(new DeleteVaultNotificationsCommand(vault));
  expect(await failure(get())).toStartWith('ResourceNotFoundException: No notification configuration is set');
});
