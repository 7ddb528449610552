/**
 * One journey through SQS, SNS, Lambda and Step Functions with Debian's awscli, which shares no code with the SDK and,
 * being of 2023, speaks to SQS in the query protocol.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { aws, hasAwsCli } from '../../support/awscli.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { machine, roleArn } from './support.ts';

let cloud: TestCloud;
let folder: string;

beforeAll(async () => {
  cloud = await startTestCloud({ functions: { double: async (event) => ({ n: 2 * (event as { n: number }).n }) } });
  folder = mkdtempSync(join(tmpdir(), 'gas-awscli-'));
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true });
});

const arnOf = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
const topic = ['--topic-arn', arnOf('sns', 't')];
const run = (words: string, ...more: string[]) => aws(cloud, ...words.split(' '), ...more);

test.skipIf(!hasAwsCli)(
  'a topic and a machine send to a queue (needs /usr/bin/aws)',
  async () => {
    const url = `${cloud.url}/000000000000/q`;
    const queue = ['--queue-url', url];
    const made = [
      run('sqs create-queue --queue-name q --attributes VisibilityTimeout=3600 --tags a=b'),
      run('sns create-topic --name t'),
    ];
    expect((await Promise.all(made))[0]).toEqual({ QueueUrl: url });
    const definition = machine({
      Double: {
        Type: 'Task',
        Resource: arnOf('lambda', 'function:double'),
        ResultPath: '$.doubled',
        Next: 'Send',
      },
      Send: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage',
        Parameters: { QueueUrl: url, 'MessageBody.$': "States.Format('twice is {}', $.doubled.n)" },
        End: true,
      },
    });
    await Promise.all([
      run(
        'sns subscribe --protocol sqs --attributes RawMessageDelivery=true',
        ...topic,
        '--notification-endpoint',
        arnOf('sqs', 'q'),
      ),
      run('stepfunctions create-state-machine --name m', '--role-arn', roleArn, '--definition', definition),
    ]);
    const attributes = '{"k":{"DataType":"String","StringValue":"v"}}';
    const [published, started] = await Promise.all([
      run('sns publish --message published', ...topic, '--message-attributes', attributes),
      run(
        'stepfunctions start-execution --name e',
        '--state-machine-arn',
        arnOf('states', 'stateMachine:m'),
        '--input',
        '{"n":21}',
      ),
    ]);
    expect(published).toEqual({ MessageId: expect.any(String) });
    const { executionArn } = started as { executionArn: string };

    const first = await run(
      'sqs receive-message --max-number-of-messages 10 --wait-time-seconds 1 --attribute-names All --message-attribute-names All',
      ...queue,
    );
    const { Messages } = first as { Messages: { Body: string; MessageAttributes?: object; Attributes: object }[] };
    const byBody = Object.fromEntries(Messages.map((message) => [message.Body, message]));
    expect(Object.keys(byBody).sort()).toEqual(['published', 'twice is 42']);
    expect(byBody['published']?.MessageAttributes).toEqual({ k: { DataType: 'String', StringValue: 'v' } });
    expect(byBody['published']?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });

    const [described, counts, answer, refused] = await Promise.all([
      run('stepfunctions describe-execution', '--execution-arn', executionArn),
      run('sqs get-queue-attributes --attribute-names All', ...queue),
      run(
        'lambda invoke --function-name double --cli-binary-format raw-in-base64-out --payload',
        '{"n":4}',
        join(folder, 'answer'),
      ),
      run('sqs get-queue-url --queue-name nowhere').catch((error: Error) => error.message),
    ]);
    expect(described).toMatchObject({ status: 'SUCCEEDED', name: 'e' });
    expect(counts).toMatchObject({ Attributes: { ApproximateNumberOfMessagesNotVisible: '2' } });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(await Bun.file(join(folder, 'answer')).json()).toEqual({ n: 8 });
    expect(refused).toContain('AWS.SimpleQueueService.NonExistentQueue');
    expect(cloud.faults).toEqual([]);
  },
  60_000,
);
