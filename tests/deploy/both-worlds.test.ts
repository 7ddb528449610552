/**
 * The embedded cloud is given the same resources as AWS: what `provision` asks for, beside what SST asks for; and the
 * state machine that SST emits is run, not only compared.
 */
import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { rmSync } from 'node:fs';
import {
  DescribeStateMachineForExecutionCommand,
  ListExecutionsCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { readStage } from '../../deploy/stage.ts';
import { onJobResult } from '../../jobs/archive.ts';
import { createGas } from '../../jobs/gas.ts';
import type { Job } from '../../jobs/job.ts';
import { createLog } from '../../jobs/log.ts';
import { provision } from '../../jobs/provision.ts';
import { getJob } from '../../jobs/records.ts';
import { finishedJob, someone } from '../support/people.ts';
import { startWorld } from '../support/world.ts';
import {
  emptyRelease,
  evaluateStack,
  platformIsThere,
  stageSettings,
  type Inputs,
  type Stack,
} from './support/stack.ts';

setDefaultTimeout(60_000);
const there = platformIsThere();
const because = there ? '' : " (skipped: 'sst install' could not write .sst/platform)";
const publicUrl = `https://${stageSettings.GAS_DOMAIN}`;
const { config } = readStage(stageSettings, {
  stage: 'production',
  account: '123456789012',
  region: stageSettings.AWS_REGION,
  publicUrl,
});

interface Call {
  operation: string;
  input: Inputs;
}

/** What `provision` would send, kept instead of sent. */
async function provisioned(): Promise<Call[]> {
  const calls: Call[] = [];
  const gas = createGas(
    config,
    createLog('test', Date.now, () => undefined),
  );
  const answers: Record<string, Inputs> = {
    DescribeTable: { Table: { TableStatus: 'ACTIVE' } },
    DescribeTimeToLive: {},
  };
  for (const client of Object.values(gas.aws) as Partial<Interceptable>[]) {
    client.middlewareStack?.add(
      (_next, context) =>
        async ({ input }) => {
          const operation = String(context['commandName']).replace(/Command$/, '');
          calls.push({ operation, input });
          return { output: answers[operation] ?? { QueueUrl: input['QueueName'], $metadata: {} } };
        },
      { step: 'initialize' },
    );
  }
  await provision(gas, { restoreFunction: true });
  return calls;
}

describe.skipIf(!there)(`both worlds${because}`, () => {
  let stack: Stack;
  let calls: Call[];
  const sent = (operation: string) => calls.filter((call) => call.operation === operation).map(({ input }) => input);

  beforeAll(async () => {
    const release = emptyRelease();
    [stack, calls] = await Promise.all([evaluateStack({ ...stageSettings, GAS_RELEASE: release }), provisioned()]);
    rmSync(release, { recursive: true });
  });

  test('the same buckets, with uploads from the site', () => {
    const names = sent('CreateBucket').map(({ Bucket }) => Bucket);
    expect(stack.all('s3/bucket').map(({ bucket }) => bucket)).toEqual(expect.arrayContaining(names));
    const [cors] = sent('PutBucketCors');
    const { CORSRules } = (cors?.['CORSConfiguration'] ?? { CORSRules: [] }) as { CORSRules: Inputs[] };
    const [onAws] = stack.one('s3/bucketCorsConfiguration', { bucket: cors?.['Bucket'] })['corsRules'] as Inputs[];
    expect(
      CORSRules.map(({ AllowedMethods, AllowedHeaders, ExposeHeaders }) => [
        AllowedMethods,
        AllowedHeaders,
        ExposeHeaders,
      ]),
    ).toEqual([[onAws?.['allowedMethods'], onAws?.['allowedHeaders'], onAws?.['exposeHeaders']]]);
  });

  test('the same tables, with their keys, indexes and times to live', () => {
    const embedded = sent('CreateTable').map((table) => ({
      name: table['TableName'],
      keys: keysOf(table['KeySchema']),
      indexes: ((table['GlobalSecondaryIndexes'] ?? []) as Inputs[]).map((index) => [
        index['IndexName'],
        ...keysOf(index['KeySchema']),
        (index['Projection'] as Inputs)['ProjectionType'],
      ]),
      ttl: (
        sent('UpdateTimeToLive').find(({ TableName }) => TableName === table['TableName'])?.[
          'TimeToLiveSpecification'
        ] as Inputs | undefined
      )?.['AttributeName'],
    }));
    const onAws = stack.all('dynamodb/table').map((table) => ({
      name: table['name'],
      keys: [table['hashKey']],
      indexes: (table['globalSecondaryIndexes'] as Inputs[]).map((index) =>
        [index['name'], index['hashKey'], index['rangeKey'], index['projectionType']].filter(Boolean),
      ),
      ttl: (table['ttl'] as Inputs | undefined)?.['attributeName'],
    }));
    expect(byName(embedded)).toEqual(byName(onAws));
  });

  test('the same queues, with their times and dead letters', () => {
    const embedded = sent('SetQueueAttributes').map(({ QueueUrl, Attributes }) => {
      const attributes = Attributes as Record<string, string>;
      return {
        name: QueueUrl,
        visibility: attributes['VisibilityTimeout'] ?? '30',
        retention: attributes['MessageRetentionPeriod'],
        redrive: attributes['RedrivePolicy'] ? parsed(attributes['RedrivePolicy']) : undefined,
      };
    });
    const onAws = stack.all('sqs/queue').map((queue) => ({
      name: queue['name'],
      visibility: String(queue['visibilityTimeoutSeconds']),
      retention: String(queue['messageRetentionSeconds']),
      redrive: queue['redrivePolicy'] ? parsed(queue['redrivePolicy']) : undefined,
    }));
    expect(byName(embedded)).toEqual(byName(onAws));
  });

  test('the same topics and subscriptions', () => {
    const topics = sent('CreateTopic').map(({ Name }) => Name);
    expect(stack.all('sns/topic').map(({ name }) => name)).toEqual(expect.arrayContaining(topics));
    const embedded = sent('Subscribe').map(({ TopicArn, Protocol, Endpoint, Attributes }) => [
      TopicArn,
      Protocol,
      String(Endpoint).split(':').at(-1),
      (Attributes as Inputs | undefined)?.['RawMessageDelivery'] === 'true',
    ]);
    const onAws = stack
      .all('sns/topicSubscription')
      .filter(({ protocol }) => protocol !== 'email')
      .map(({ topic, protocol, endpoint, rawMessageDelivery }) => [
        topic,
        protocol,
        String(endpoint).split(':').at(-1),
        rawMessageDelivery ?? false,
      ]);
    expect(embedded.sort()).toEqual(onAws.sort());
  });

  test('the same vault and the same machine', () => {
    const [{ vaultName, vaultNotificationConfig } = {}] = sent('SetVaultNotifications');
    const notification = vaultNotificationConfig as { SNSTopic: string; Events: string[] };
    expect(stack.one('glacier/vault')).toEqual({
      name: vaultName,
      notification: { snsTopic: notification.SNSTopic, events: notification.Events },
    });
    const [machine] = sent('CreateStateMachine');
    expect(parsed(stack.one('sfn/stateMachine', { name: machine?.['name'] })['definition'])).toEqual(
      parsed(machine?.['definition']),
    );
  });
});

describe.skipIf(!there)(`the machine that SST emits${because}`, () => {
  test('is run by the embedded Step Functions, and asks the archiver when the grace of a result is over', async () => {
    const release = emptyRelease();
    const stack = await evaluateStack({ ...stageSettings, GAS_RELEASE: release });
    rmSync(release, { recursive: true });
    const world = await startWorld({ GAS_ARCHIVE_GRACE_SECONDS: '1' });
    const { gas } = world;
    const { archiveMachineArn, queueUrls, topology } = gas.config;
    const { definition, name } = stack.one('sfn/stateMachine') as { definition: string; name: string };
    expect(name).toBe(topology.archiveMachine);
    // Written otherwise, so that it is this text that runs.
    const emitted = JSON.stringify({ ...parsed(definition), Comment: 'as SST emits it' });
    await gas.aws.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: archiveMachineArn, definition: emitted }));

    const { job_id } = await finishedJob(gas, await someone(gas), new Uint8Array(100));
    await onJobResult(gas, JSON.stringify({ kind: 'job result', job_id }));
    const { archive_time } = (await getJob(gas, job_id)) as Job;
    const { Messages } = await gas.aws.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrls.archiveRequests, WaitTimeSeconds: 20 }),
    );
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(archive_time ?? ''));
    expect(Messages?.map(({ Body }) => parsed(Body))).toEqual([
      expect.objectContaining({ kind: 'archive request', job_id, archive_time }),
    ]);
    const { executions } = await gas.aws.sfn.send(new ListExecutionsCommand({ stateMachineArn: archiveMachineArn }));
    const ran = executions?.[0]?.executionArn;
    const run = await gas.aws.sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn: ran }));
    expect(run).toMatchObject({ name, definition: emitted });
    await world.stop();
  });
});

interface Interceptable {
  middlewareStack: {
    add(
      middleware: (next: unknown, context: Inputs) => (args: { input: Inputs }) => Promise<{ output: Inputs }>,
      options: { step: 'initialize' },
    ): void;
  };
}

function parsed(text: unknown): Inputs {
  return JSON.parse(String(text)) as Inputs;
}

function keysOf(schema: unknown): unknown[] {
  return (schema as Inputs[]).map(({ AttributeName }) => AttributeName);
}

function byName<T extends { name: unknown }>(list: T[]): T[] {
  return list.sort((a, b) => String(a.name).localeCompare(String(b.name)));
}
