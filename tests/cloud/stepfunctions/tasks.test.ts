/** What tasks do, and what happens when they fail: Retry, Catch, timeouts, and the branches of a Parallel. */
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { TestClock } from '../../../cloud/clock.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { machine, Machines } from './support.ts';

const clock = new TestClock();
const arnOf = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
let cloud: TestCloud;
let machines: Machines;
let sqs: SQS;
let QueueUrl: string;

/** When the function was called, and how often it is still to fail. */
const calls: number[] = [];
let failures = 0;

class Busy extends Error {
  override name = 'Busy';
}

beforeAll(async () => {
  const work = async () => {
    calls.push(clock.now());
    if (failures-- > 0) throw new Busy('come back later');
    return 'done';
  };
  const hang = () => new Promise(() => {});
  cloud = await startTestCloud({ clock, functions: { work, hang } });
  machines = new Machines(cloud);
  sqs = new SQS(cloud.client);
  QueueUrl = (await sqs.createQueue({ QueueName: 'q', Attributes: { DelaySeconds: '0' } })).QueueUrl ?? '';
});
afterAll(() => cloud.stop());
beforeEach(() => {
  calls.length = 0;
  failures = 0;
});

const received = async () =>
  (await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] })).Messages ?? [];
const call = (name: string, more: object = {}) => ({
  Type: 'Task',
  Resource: arnOf('lambda', `function:${name}`),
  End: true,
  ...more,
});
const send = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true };

const start = async (definition: string, input: unknown = {}) =>
  machines.start(await machines.create(definition), input);

/** Waits until the function has failed so often: its next try is then written down. */
const failed = (execution: string, times: number) => machines.reached(execution, 'LambdaFunctionFailed', times);

test.each(['arn:aws:states:::sqs:sendMessage', 'arn:aws:states:::aws-sdk:sqs:sendMessage'])(
  '%s sends',
  async (Resource) => {
    const MessageAttributes = { k: { DataType: 'String', 'StringValue.$': '$.x' } };
    const Parameters = { 'QueueUrl.$': '$.url', 'MessageBody.$': '$.body', MessageAttributes };
    const input = { url: QueueUrl, body: { job: 1 }, x: 'v' };
    const { output } = await machines.run({ A: { ...send, Resource, Parameters } }, input);
    const [message] = await received();
    expect(message?.Body).toBe('{"job":1}');
    expect(message?.MessageAttributes?.['k']?.StringValue).toBe('v');
    expect(output).toEqual({ MessageId: message?.MessageId, MD5OfMessageBody: message?.MD5OfBody });
  },
);

test('a message may be delayed', async () => {
  await machines.run({ A: { ...send, Parameters: { QueueUrl, MessageBody: 'later', DelaySeconds: 5 } } });
  expect(await received()).toEqual([]);
  await clock.advance(5000);
  expect(await received()).toHaveLength(1);
});

test.each(['arn:aws:states:::sns:publish', 'arn:aws:states:::aws-sdk:sns:publish'])(
  '%s publishes',
  async (Resource) => {
    const sns = new SNS(cloud.client);
    const { TopicArn } = await sns.createTopic({ Name: 't' });
    const Attributes = { RawMessageDelivery: 'true' };
    await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: arnOf('sqs', 'q'), Attributes });
    const { output } = await machines.run({
      A: { Type: 'Task', Resource, Parameters: { TopicArn, Message: { a: 1 }, Subject: 's' }, End: true },
    });
    expect(output).toEqual({ MessageId: expect.any(String) });
    expect((await received()).map((message) => message.Body)).toEqual(['{"a":1}']);
  },
);

test('a function is called by its ARN, or through lambda:invoke', async () => {
  expect((await machines.run({ A: call('work') })).output).toBe('done');
  const Resource = 'arn:aws:states:::lambda:invoke';
  const invoke = { Type: 'Task', Resource, Parameters: { FunctionName: arnOf('lambda', 'function:work') }, End: true };
  const { output } = await machines.run({ A: invoke });
  expect(output).toEqual({ ExecutedVersion: '$LATEST', Payload: 'done', StatusCode: 200 });
});

describe('a task fails', () => {
  test.each<[string, object, string]>([
    [
      'when the queue is gone',
      { ...send, Parameters: { QueueUrl: 'http://x/000000000000/gone', MessageBody: 'x' } },
      'SQS.QueueDoesNotExistException',
    ],
    [
      'for a parameter that is not carried',
      { ...send, Parameters: { QueueUrl: 'x', MessageBody: 'x', MessageGroupId: 'g' } },
      'States.Runtime',
    ],
    [
      'when the topic is gone',
      {
        ...send,
        Resource: 'arn:aws:states:::sns:publish',
        Parameters: { TopicArn: arnOf('sns', 'gone'), Message: 'x' },
      },
      'SNS.NotFoundException',
    ],
    ['when the function is gone', call('gone'), 'Lambda.ResourceNotFoundException'],
  ])('%s', async (_, state, error) => {
    expect(await machines.run({ A: state })).toMatchObject({ status: 'FAILED', error });
  });

  test('with the name and the message of its error', async () => {
    failures = 1;
    const ended = await machines.run({ A: call('work') });
    expect(ended.error).toBe('Busy');
    expect(JSON.parse(ended.cause ?? '')).toMatchObject({ errorType: 'Busy', errorMessage: 'come back later' });
  });
});

describe('Retry', () => {
  test('waits longer each time, up to its limit', async () => {
    failures = 4;
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 10, BackoffRate: 3, MaxDelaySeconds: 60, MaxAttempts: 4 }];
    const fromMs = clock.now();
    const arn = await start(machine({ A: call('work', { Retry }) }));
    for (const [i, seconds] of [10, 30, 60, 60].entries()) {
      await failed(arn, i + 1);
      await clock.advance(seconds * 1000);
    }
    expect(await machines.ended(arn)).toEqual({ status: 'SUCCEEDED', output: 'done' });
    expect(calls.map((ms) => (ms - fromMs) / 1000)).toEqual([0, 10, 40, 100, 160]);
  });

  test('gives up after MaxAttempts, counted for each entry', async () => {
    failures = 9;
    const Retry = [
      { ErrorEquals: ['Other'], MaxAttempts: 5 },
      { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 },
    ];
    const arn = await start(machine({ A: call('work', { Retry }) }));
    for (const times of [1, 2]) {
      await failed(arn, times);
      await clock.advance(1000);
    }
    expect(await machines.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Busy' });
    expect(calls).toHaveLength(3);
  });

  test('goes on through a restart', async () => {
    failures = 1;
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 100 }];
    const arn = await start(machine({ A: call('work', { Retry }) }));
    await failed(arn, 1);
    await cloud.restart();
    await clock.advance(99_999);
    await Bun.sleep(20);
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    expect(await machines.ended(arn)).toEqual({ status: 'SUCCEEDED', output: 'done' });
    expect(await machines.history(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionFailed',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });
});

describe('Catch', () => {
  const states = (Catch: object[]) => ({
    A: call('work', { Catch }),
    B: { Type: 'Pass', Parameters: { 'all.$': '$', 'e.$': '$e' }, End: true },
  });

  test('leads on with the error in the input', async () => {
    failures = 1;
    const Catch = [
      { ErrorEquals: ['Other'], Next: 'A' },
      { ErrorEquals: ['Busy'], Next: 'B', ResultPath: '$.error', Assign: { 'e.$': '$.Error' } },
    ];
    const { output } = await machines.run(states(Catch), { a: 1 });
    expect(output).toMatchObject({ all: { a: 1, error: { Error: 'Busy' } }, e: 'Busy' });
  });

  test('of everything does not catch what ends the execution', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'B' }];
    const ended = await machines.run({ ...states(Catch), A: call('work', { InputPath: '$.missing', Catch }) });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  test('comes after Retry', async () => {
    failures = 9;
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxAttempts: 1 }];
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'B', Assign: { e: 'caught' } }];
    const arn = await start(machine({ ...states(Catch), A: call('work', { Retry, Catch }) }));
    await failed(arn, 1);
    await clock.advance(1000);
    expect((await machines.ended(arn)).output).toMatchObject({ e: 'caught' });
    expect(calls).toHaveLength(2);
  });
});

test('a task that takes too long times out', async () => {
  const Catch = [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }];
  const arn = await start(
    machine({ A: call('hang', { TimeoutSeconds: 5, Catch }), Late: { Type: 'Pass', End: true } }),
  );
  await machines.reached(arn, 'LambdaFunctionStarted');
  await clock.advance(4999);
  await Bun.sleep(20);
  expect((await machines.describe(arn)).status).toBe('RUNNING');
  await clock.advance(1);
  expect((await machines.ended(arn)).output).toMatchObject({ Error: 'States.Timeout' });
  expect(await machines.history(arn)).toContain('LambdaFunctionTimedOut');
});

describe('Parallel', () => {
  const branch = (state: object) => ({ StartAt: 'X', States: { X: state } });
  const pass = (Result: unknown) => branch({ Type: 'Pass', Result, End: true });

  test('gives the outputs of its branches in order, however long each takes', async () => {
    const slow = {
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 5, Next: 'X' }, X: { Type: 'Pass', Result: 'slow', End: true } },
    };
    const arn = await start(
      machine({ A: { Type: 'Parallel', Branches: [slow, pass('fast')], ResultPath: '$.both', End: true } }),
      { a: 1 },
    );
    await machines.reached(arn, 'WaitStateEntered');
    await clock.advance(5000);
    expect((await machines.ended(arn)).output).toEqual({ a: 1, both: ['slow', 'fast'] });
  });

  test('ends all branches when one fails, and may be caught or tried again', async () => {
    failures = 1;
    const parallel = {
      Type: 'Parallel',
      Branches: [branch(call('work')), branch({ Type: 'Wait', Seconds: 100, End: true }), pass('p')],
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
      End: true,
    };
    const definition = machine({ A: parallel, Caught: { Type: 'Pass', End: true } });
    const retried = await start(definition);
    await machines.reached(retried, 'ParallelStateFailed');
    await clock.advance(1000);
    await machines.reached(retried, 'WaitStateEntered', 2);
    await clock.advance(100_000);
    expect(await machines.ended(retried)).toMatchObject({ status: 'SUCCEEDED', output: ['done', {}, 'p'] });
    expect(calls).toHaveLength(2);

    failures = 1;
    const { Retry: _, ...untried } = parallel;
    const caught = await start(machine({ A: untried, Caught: { Type: 'Pass', End: true } }));
    expect((await machines.ended(caught)).output).toMatchObject({ Error: 'Busy' });
    expect(await machines.history(caught)).toContain('ParallelStateFailed');
  });
});
