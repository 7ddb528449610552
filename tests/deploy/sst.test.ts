/**
 * GAS on AWS, without AWS: sst.config.ts is type-checked, and evaluated with the real components of SST; what it asks
 * AWS for is looked at resource by resource.
 */
import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { permissions, policyDocument } from '../../deploy/permissions.ts';
import { readSite, readStage } from '../../deploy/stage.ts';
import { archiveMachineDefinition } from '../../jobs/topology.ts';
import {
  emptyRelease,
  evaluateStack,
  platformIsThere,
  stageSettings,
  statementsOf,
  type Inputs,
  type Stack,
} from './support/stack.ts';

const root = resolve(import.meta.dir, '../..');
// Evaluating takes two seconds, checking the types of all of SST fifteen; more on a busy machine.
setDefaultTimeout(180_000);
const there = platformIsThere();
const because = there ? '' : " (skipped: 'sst install' could not write .sst/platform)";
const account = '123456789012';
const region = stageSettings.AWS_REGION;

const { config } = readStage(stageSettings, {
  stage: 'production',
  account,
  region,
  publicUrl: 'https://gas.example.org',
});
const { topology } = config;
const byTls = expect.objectContaining({
  Effect: 'Deny',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

describe.skipIf(!there)(`sst.config.ts${because}`, () => {
  test('has no type errors', () => {
    const { stdout } = Bun.spawnSync(['node_modules/.bin/tsc', '-p', 'deploy/tsconfig.json'], { cwd: root });
    expect(stdout.toString()).toBe('');
  });
});

describe.skipIf(!there)(`a stage with a vault${because}`, () => {
  let stack: Stack;
  const release = emptyRelease();
  beforeAll(async () => {
    stack = await evaluateStack({ ...stageSettings, GAS_RELEASE: release, GAS_BACKLOG_PER_ANNOTATOR: '7' });
    rmSync(release, { recursive: true });
  });

  test('keeps objects private, encrypted, by TLS only, and lets only the site upload', () => {
    for (const { name } of Object.values(topology.buckets)) {
      expect(stack.one('s3/bucket', { bucket: name })).toMatchObject({ forceDestroy: false });
      expect(stack.one('s3/bucketPublicAccessBlock', { bucket: name })).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(stack.one('s3/bucketServerSideEncryptionConfiguration', { bucket: name })).toBeDefined();
      expect(stack.one('s3/bucketPolicy', { bucket: name })['policy']).toContain('aws:SecureTransport');
      const { rules } = stack.one('s3/bucketLifecycleConfiguration', { bucket: name });
      expect(rules).toContainEqual(
        expect.objectContaining({ abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }),
      );
    }
    expect(stack.all('s3/bucketCorsConfiguration')).toEqual([
      {
        bucket: topology.buckets.inputs.name,
        corsRules: [
          {
            allowedHeaders: ['*'],
            allowedMethods: ['POST', 'GET'],
            allowedOrigins: ['https://gas.example.org'],
            exposeHeaders: ['ETag', 'Location'],
            maxAgeSeconds: 3600,
          },
        ],
      },
    ]);
  });

  test('has every table of the topology, restorable, encrypted, protected', () => {
    expect(stack.all('dynamodb/table')).toHaveLength(Object.keys(topology.tables).length);
    for (const { name, hash, indexes, ttl } of Object.values(topology.tables)) {
      const table = stack.one('dynamodb/table', { name });
      expect(table).toMatchObject({
        hashKey: hash,
        billingMode: 'PAY_PER_REQUEST',
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: true,
        globalSecondaryIndexes: indexes.map((index) => ({
          name: index.name,
          hashKey: index.hash,
          ...(index.range ? { rangeKey: index.range } : {}),
          projectionType: 'ALL',
        })),
      });
      expect(table['ttl']).toEqual(ttl ? { attributeName: ttl, enabled: true } : undefined);
    }
  });

  test('has every queue with its dead letters; only its own topic sends to it', () => {
    for (const spec of Object.values(topology.queues)) {
      expect(stack.one('sqs/queue', { name: spec.deadLetters })).toMatchObject({
        messageRetentionSeconds: 1_209_600,
        sqsManagedSseEnabled: true,
      });
      const queue = stack.one('sqs/queue', { name: spec.name });
      expect(queue).toMatchObject({
        visibilityTimeoutSeconds: spec.visibilitySeconds,
        messageRetentionSeconds: 1_209_600,
        receiveWaitTimeSeconds: 20,
        sqsManagedSseEnabled: true,
      });
      expect(JSON.parse(String(queue['redrivePolicy']))).toEqual({
        deadLetterTargetArn: `arn:aws:sqs:${region}:${account}:${spec.deadLetters}`,
        maxReceiveCount: spec.receiveCountMax,
      });
      const arn = `arn:aws:sqs:${region}:${account}:${spec.name}`;
      expect(JSON.parse(String(stack.one('sqs/queue', { name: spec.deadLetters })['redriveAllowPolicy']))).toEqual({
        redrivePermission: 'byQueue',
        sourceQueueArns: [arn],
      });
      if (!spec.topic) continue;
      const topicArn = `arn:aws:sns:${region}:${account}:${spec.topic}`;
      expect(stack.one('sns/topicSubscription', { endpoint: arn })).toEqual({
        topic: topicArn,
        protocol: 'sqs',
        endpoint: arn,
        rawMessageDelivery: true,
      });
      const policy = JSON.parse(
        String(stack.all('sqs/queuePolicy').find(({ queueUrl }) => String(queueUrl).endsWith(spec.name))?.['policy']),
      ) as unknown;
      expect(policy).toMatchObject({
        Statement: [
          byTls,
          { Action: 'sqs:SendMessage', Resource: arn, Condition: { ArnEquals: { 'aws:SourceArn': topicArn } } },
        ],
      });
    }
    const count = 2 * Object.keys(topology.queues).length;
    expect(stack.all('sqs/queue')).toHaveLength(count);
    const policies = stack.all('sqs/queuePolicy').map(({ policy }) => JSON.parse(String(policy)) as unknown);
    expect(policies).toHaveLength(count);
    for (const policy of policies) expect(policy).toMatchObject({ Statement: expect.arrayContaining([byTls]) });
  });

  test('encrypts every topic with one key, which those may use who publish', () => {
    for (const { kmsMasterKeyId } of stack.all('sns/topic')) expect(kmsMasterKeyId).toStartWith('arn:aws:kms:');
    const { policy, enableKeyRotation } = stack.one('kms/key');
    expect(enableKeyRotation).toBe(true);
    const { Statement } = JSON.parse(String(policy)) as { Statement: Inputs[] };
    expect(Statement.map(({ Principal, Condition }) => [Principal, Condition])).toEqual([
      [{ AWS: `arn:aws:iam::${account}:root` }, undefined],
      [
        { AWS: '*' },
        { StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `sns.${region}.amazonaws.com` } },
      ],
      [{ Service: ['glacier.amazonaws.com', 'cloudwatch.amazonaws.com'] }, undefined],
    ]);
  });

  test('every bucket, that of the releases too, answers by TLS only', () => {
    const denying = stack.all('s3/bucketPolicy').filter(({ policy }) => String(policy).includes('aws:SecureTransport'));
    expect(denying).toHaveLength(stack.all('s3/bucket').length);
  });

  test('counts the grace down with the machine of the topology, which may only ask for archiving', () => {
    const machine = stack.one('sfn/stateMachine', { name: topology.archiveMachine });
    expect(JSON.parse(String(machine['definition']))).toEqual(archiveMachineDefinition());
    expect(rolePolicies(stack, `${topology.archiveMachine}_machine`)).toEqual([
      {
        actions: ['sqs:SendMessage'],
        resources: [`arn:aws:sqs:${region}:${account}:${topology.queues.archiveRequests.name}`],
      },
    ]);
  });

  test('has the vault, which tells the topic, which calls the function', () => {
    const topicArn = `arn:aws:sns:${region}:${account}:${topology.topics.thawRestore}`;
    expect(stack.one('glacier/vault')).toEqual({
      name: topology.vault,
      notification: { snsTopic: topicArn, events: ['ArchiveRetrievalCompleted'] },
    });
    expect(JSON.parse(String(stack.one('sns/topicPolicy', { arn: topicArn })['policy']))).toMatchObject({
      Statement: [
        {
          Action: 'sns:Publish',
          Principal: { Service: 'glacier.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceOwner': account } },
        },
      ],
    });
    expect(stack.one('sns/topicSubscription', { protocol: 'lambda' })).toMatchObject({
      topic: topicArn,
      endpoint: `arn:aws:lambda:${region}:${account}:${topology.restoreFunction}`,
    });
    expect(stack.one('lambda/permission')).toMatchObject({ principal: 'sns.amazonaws.com', sourceArn: topicArn });
  });

  test('runs the restore function on Node, with the settings and the rights it needs', () => {
    const restore = stack.one('lambda/function', { name: topology.restoreFunction });
    expect(restore).toMatchObject({ runtime: 'nodejs22.x', architectures: ['arm64'], timeout: 900, memorySize: 1024 });
    const { variables } = restore['environment'] as { variables: Record<string, string> };
    expect(variables).toMatchObject({
      GAS_ACCOUNT_ID: account,
      GAS_PREFIX: 'gas',
      GAS_BUCKET_SUFFIX: `-${account}-${region}`,
      GAS_ARCHIVE_BACKEND: 'vault',
    });
    // Lambda sets the region itself and refuses to be told.
    expect(variables).not.toHaveProperty('AWS_REGION');
    const role = stack
      .all('iam/role')
      .find(({ assumeRolePolicy }) => JSON.stringify(assumeRolePolicy).includes('lambda'));
    const [inline] = (role?.['inlinePolicies'] ?? []) as { policy: string }[];
    expect(statementsOf(inline?.policy)).toEqual(permissions(config).restore);
    expect(role?.['managedPolicyArns']).toEqual(['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']);
  });

  test.each(['web', 'annotator', 'archiver', 'thaw'] as const)(
    'gives the %s its own role, template and group',
    (program) => {
      const allowed = rolePolicies(stack, `gas-${program}-${region}`);
      expect(allowed.slice(0, -2)).toEqual(permissions(config)[program]);
      expect(allowed.slice(-2).map(({ actions }) => actions)).toEqual([
        ['s3:GetObject'],
        ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ]);

      const template = stack.one('ec2/launchTemplate', { name: `gas-${program}` });
      expect(template).toMatchObject({
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [{ ebs: { encrypted: 'true' } }],
      });
      const script = Buffer.from(String(template['userData']), 'base64').toString();
      expect(script.length).toBeLessThan(16_384);
      for (const line of [
        `AWS_REGION=${region}`,
        `GAS_ACCOUNT_ID=${account}`,
        `GAS_PREFIX=gas`,
        `GAS_BUCKET_SUFFIX=-${account}-${region}`,
        `GAS_ARCHIVE_BACKEND=vault`,
        `GAS_PUBLIC_URL=https://gas.example.org`,
        `sh install.sh ${program}`,
      ]) {
        expect(script.split('\n')).toContain(line);
      }
      const executables = [...script.matchAll(/'(gas(?:-[a-z]+)?|anntools)'/g)].map((match) => match[1]);
      expect(executables).toEqual([`gas-${program}`]);

      const group = stack.one('autoscaling/group', { name: `gas-${program}` });
      expect(group).toMatchObject({
        instanceRefresh: { strategy: 'Rolling', preferences: { minHealthyPercentage: 100, autoRollback: true } },
        vpcZoneIdentifiers: ['NetworkPrivateSubnet1-id', 'NetworkPrivateSubnet2-id'],
        healthCheckType: program === 'web' ? 'ELB' : 'EC2',
      });
      expect(group['targetGroupArns'] !== undefined).toBe(program === 'web');
    },
  );

  test('the user data is a script that bash can read', () => {
    for (const { userData } of stack.all('ec2/launchTemplate')) {
      const { success, stderr } = Bun.spawnSync(['bash', '-n'], { stdin: Buffer.from(String(userData), 'base64') });
      expect(stderr.toString()).toBe('');
      expect(success).toBe(true);
    }
  });

  test('scales annotators by the jobs waiting and running for each', () => {
    const policies = stack.all('autoscaling/policy');
    const backlog = policies
      .map((one) => one['targetTrackingConfiguration'] as Inputs)
      .find((one) => one['customizedMetricSpecification']);
    expect(backlog).toMatchObject({
      targetValue: 7,
      customizedMetricSpecification: {
        metrics: [
          { id: 'waiting', returnData: false },
          { id: 'running', returnData: false },
          { id: 'annotators', returnData: false },
          { id: 'backlog', returnData: true, expression: '(waiting + running) / annotators' },
        ],
      },
    });
    expect(policies).toHaveLength(2);
  });

  test('answers the world by TLS only, and nobody reaches a worker', () => {
    expect(stack.one('lb/listener', { protocol: 'HTTP' })['defaultActions']).toMatchObject([{ type: 'redirect' }]);
    expect(stack.one('lb/listener', { protocol: 'HTTPS' })).toMatchObject({
      port: 443,
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    });
    expect(stack.one('lb/targetGroup')).toMatchObject({ port: 8080, healthCheck: { path: '/health' } });
    expect(stack.one('ec2/securityGroup', { ingress: [] })['description']).toContain('Nobody');
    const open = stack.all('ec2/securityGroup').filter((one) => JSON.stringify(one['ingress']).includes('0.0.0.0/0'));
    expect(open.map(({ description }) => description)).toEqual(['The world to the load balancer']);
    expect(stack.all('route53/record').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['gas.example.org', '_proof.example.org']),
    );
  });

  test('alarms for every dead letter, and each alarm has its section in the runbook', () => {
    const alarms = stack.all('cloudwatch/metricAlarm');
    const runbook = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    const named = new Set(alarms.map(({ alarmDescription }) => /'([a-z-]+)'/.exec(String(alarmDescription))?.[1]));
    for (const name of named) expect(runbook).toContain(`\n### ${name}\n`);
    for (const { deadLetters } of Object.values(topology.queues)) {
      expect(alarms).toContainEqual(expect.objectContaining({ dimensions: { QueueName: deadLetters }, threshold: 0 }));
    }
    for (const { alarmActions } of alarms)
      expect(alarmActions).toEqual([`arn:aws:sns:${region}:${account}:gas_alarms`]);
    expect(stack.one('budgets/budget')).toMatchObject({ limitAmount: '300', timeUnit: 'MONTHLY' });
  });

  test('the dashboard shows queues, dead letters, backlog, jobs, site, restores; each metric is one that is made', () => {
    const { widgets } = JSON.parse(String(stack.one('cloudwatch/dashboard')['dashboardBody'])) as {
      widgets: { properties: { title: string; metrics: unknown[][] } }[];
    };
    const rows = widgets.flatMap(({ properties }) => properties.metrics);
    const shown = (...row: unknown[]) => rows.some((one) => row.every((word, at) => one[at] === word));
    for (const { name, deadLetters } of Object.values(topology.queues)) {
      for (const queue of [name, deadLetters]) {
        expect(shown('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queue)).toBe(true);
      }
    }
    expect(rows).toContainEqual([expect.objectContaining({ expression: '(waiting + running) / annotators' })]);
    // What the logs are asked for is what the programs say.
    const filters = stack.all('cloudwatch/logMetricFilter').map(({ pattern }) => String(pattern));
    const events = filters.flatMap((pattern) => [...pattern.matchAll(/event = "([^"]+)"/g)].map((match) => match[1]));
    const source = [...new Bun.Glob('jobs/*.ts').scanSync(root)].map((file) => readFileSync(join(root, file), 'utf8'));
    expect(events.length).toBeGreaterThan(4);
    for (const event of events) {
      expect(source.some((text) => text.includes(`log.info('${event}'`))).toBe(true);
      expect(shown('gas/gas', 'Milestones', 'event', event)).toBe(true);
    }
    for (const title of ['5xx', 'p95', 'Restores', 'Countdowns', 'Instances', 'DynamoDB']) {
      expect(widgets.filter(({ properties }) => properties.title.includes(title))).toHaveLength(1);
    }
  });

  test('no role of ours is allowed an action or a resource by wildcard', () => {
    const ours = stack.all('iam/role').flatMap((role) => (role['inlinePolicies'] ?? []) as { policy: string }[]);
    expect(ours.length).toBeGreaterThan(8);
    for (const { actions, resources } of ours.flatMap(({ policy }) => statementsOf(policy))) {
      for (const action of actions) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
      // Objects of a bucket, streams of a log group: their names are not known beforehand.
      for (const resource of resources) expect(resource).toMatch(/^arn:aws:[a-z0-9]+:[^*]+(\/\*|:log-stream:\*)?$/);
    }
  });
});

describe.skipIf(!there)(`a stage on the S3 Glacier class${because}`, () => {
  let stack: Stack;
  const release = emptyRelease();
  beforeAll(async () => {
    stack = await evaluateStack({ ...stageSettings, GAS_RELEASE: release, GAS_ARCHIVE_BACKEND: 's3' });
    rmSync(release, { recursive: true });
  });

  test('has no vault; the bucket tells the same topic, and may', () => {
    expect(stack.has('aws:glacier')).toBe(false);
    const topicArn = `arn:aws:sns:${region}:${account}:${topology.topics.thawRestore}`;
    expect(stack.one('s3/bucketNotification')).toEqual({
      bucket: topology.buckets.results.name,
      topics: [{ topicArn, events: ['s3:ObjectRestore:Completed'] }],
    });
    expect(stack.one('sns/topicPolicy')['policy']).toContain('s3.amazonaws.com');
  });

  test('allows nobody a vault', () => {
    expect(JSON.stringify(stack.all('iam/role'))).not.toContain('glacier:');
  });
});

describe.skipIf(!there)(`sst dev${because}`, () => {
  test('makes the resources, runs the function live and the programs here', async () => {
    const stack = await evaluateStack({ AWS_REGION: region, SST_STAGE: 'ada' }, 'dev');
    expect(stack.resources.filter(({ type }) => type === 'sst:sst:DevCommand').map(({ name }) => name)).toEqual([
      'Program-web',
      'Program-annotator',
      'Program-archiver',
      'Program-thaw',
    ]);
    expect(stack.one('lambda/function')['description']).toContain('(live)');
    expect(stack.one('s3/bucketCorsConfiguration')['corsRules']).toMatchObject([
      { allowedOrigins: ['http://localhost:8080'] },
    ]);
    expect(stack.all('sqs/queue').map(({ name }) => name)).toContain('gasada_job_requests');
    for (const type of ['aws:ec2', 'aws:autoscaling', 'aws:lb']) expect(stack.has(type)).toBe(false);
  });
});

test.each([
  [{ GAS_DOMAIN: '' }, 'GAS_DOMAIN is missing'],
  [{ GAS_ALARM_EMAIL: '' }, 'GAS_ALARM_EMAIL is missing'],
  [{ GAS_HOSTED_ZONE_ID: '' }, 'Set GAS_HOSTED_ZONE_ID'],
  [{ GAS_CERTIFICATE_ARN: 'arn:aws:acm:…' }, 'Set GAS_HOSTED_ZONE_ID'],
  [{ GAS_ANNOTATORS_MIN: '5', GAS_ANNOTATORS_MAX: '3' }, "GAS_ANNOTATORS_MAX is '3'"],
])('a stage that is set wrongly is told so in a sentence: %p', (settings, sentence) => {
  expect(() => readSite({ ...stageSettings, ...settings })).toThrow(sentence);
});

test('a policy fits into a role', () => {
  for (const statements of Object.values(permissions(config))) {
    // IAM counts the characters of all inline policies of a role, without spaces: 10,240 at most.
    expect(JSON.stringify(policyDocument(statements)).length).toBeLessThan(9_000);
  }
});

/** What a role's inline policies allow. */
function rolePolicies(stack: Stack, name: string) {
  const { inlinePolicies } = stack.one('iam/role', { name });
  return (inlinePolicies as { policy: string }[]).flatMap(({ policy }) => statementsOf(policy));
}
