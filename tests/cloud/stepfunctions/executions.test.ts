/** Machines and executions as the SDK sees them: made and started once, described, listed, changed, stopped, deleted. */
import type { SFN } from '@aws-sdk/client-sfn';
import { TestClock } from '../../../cloud/clock.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { codeOf } from '../sqs/support.ts';
import { machine, Machines, roleArn } from './support.ts';

const clock = new TestClock();
const DAY_MS = 24 * 3600 * 1000;
let cloud: TestCloud;
let machines: Machines;
let sfn: SFN;
let runs = 0;
let name: string;

beforeAll(async () => {
  cloud = await startTestCloud({ clock });
  machines = new Machines(cloud);
  ({ sfn } = machines);
});
afterAll(() => cloud.stop());
beforeEach(() => {
  name = `m${++runs}`;
});

const waiting = machine({ W: { Type: 'Wait', Seconds: 60, Next: 'P' }, P: { Type: 'Pass', Result: 'old', End: true } });
const changed = waiting.replace('old', 'new');

describe('a machine', () => {
  test('is made once, described, tagged and listed', async () => {
    const arn = await machines.create(waiting, name);
    expect(arn).toBe(`arn:aws:states:us-east-1:000000000000:stateMachine:${name}`);
    expect(await machines.create(waiting, name)).toBe(arn);
    expect((await codeOf(machines.create(changed, name)))[0]).toBe('StateMachineAlreadyExists');
    expect(await sfn.describeStateMachine({ stateMachineArn: arn })).toMatchObject({
      name,
      definition: waiting,
      roleArn,
      status: 'ACTIVE',
      type: 'STANDARD',
      creationDate: new Date(clock.now()),
    });
    await sfn.tagResource({
      resourceArn: arn,
      tags: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    });
    await sfn.untagResource({ resourceArn: arn, tagKeys: ['a'] });
    expect((await sfn.listTagsForResource({ resourceArn: arn })).tags).toEqual([{ key: 'b', value: '2' }]);
    const { stateMachines = [] } = await sfn.listStateMachines();
    expect(stateMachines.map((each) => each.name)).toContain(name);
  });

  test('changes for new executions, not for those that run', async () => {
    const arn = await machines.create(waiting, name);
    const before = await machines.start(arn);
    await sfn.updateStateMachine({ stateMachineArn: arn, definition: changed });
    const after = await machines.start(arn);
    const followed = await sfn.describeStateMachineForExecution({ executionArn: before });
    expect(followed.definition).toBe(waiting);
    await clock.advance(60_000);
    expect(await machines.ended(before)).toEqual({ status: 'SUCCEEDED', output: 'old' });
    expect(await machines.ended(after)).toEqual({ status: 'SUCCEEDED', output: 'new' });
  });

  test('goes with its executions', async () => {
    const arn = await machines.create(waiting, name);
    const execution = await machines.start(arn);
    await sfn.deleteStateMachine({ stateMachineArn: arn });
    await sfn.deleteStateMachine({ stateMachineArn: arn });
    expect((await codeOf(machines.describe(execution)))[0]).toBe('ExecutionDoesNotExist');
    expect((await codeOf(machines.start(arn)))[0]).toBe('StateMachineDoesNotExist');
    await clock.advance(60_000);
    expect(cloud.faults).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['a definition that is none', { definition: '{}' }, 'InvalidDefinition'],
    ['a name with a space', { name: 'a b' }, 'InvalidName'],
    ['a role that is none', { roleArn: 'me' }, 'InvalidArn'],
    ['the type EXPRESS', { type: 'EXPRESS' }, 'StateMachineTypeNotSupported'],
    ['logging', { loggingConfiguration: { level: 'ALL' } }, 'NotImplemented'],
    ['a version to publish', { publish: true }, 'NotImplemented'],
  ])('is refused with %s', async (_, more, code) => {
    expect((await codeOf(sfn.createStateMachine({ name, definition: waiting, roleArn, ...more })))[0]).toBe(code);
  });
});

describe('an execution', () => {
  test('is started once by its name and input', async () => {
    const arn = await machines.create(waiting, name);
    const execution = await machines.start(arn, { a: 1 }, 'e');
    expect(execution).toBe(`arn:aws:states:us-east-1:000000000000:execution:${name}:e`);
    expect(await machines.start(arn, { a: 1 }, 'e')).toBe(execution);
    expect((await codeOf(machines.start(arn, { a: 2 }, 'e')))[0]).toBe('ExecutionAlreadyExists');
    await clock.advance(60_000);
    await machines.ended(execution);
    expect((await codeOf(machines.start(arn, { a: 1 }, 'e')))[0]).toBe('ExecutionAlreadyExists');
    await clock.advance(91 * DAY_MS);
    expect(await machines.start(arn, { a: 1 }, 'e')).toBe(execution);
  });

  test('tells where it is, how it ended, and its history', async () => {
    const arn = await machines.create(waiting, name);
    const startDate = new Date(clock.now());
    const execution = await machines.start(arn, { a: 1 }, 'e');
    expect(await machines.describe(execution)).toMatchObject({
      executionArn: execution,
      stateMachineArn: arn,
      name: 'e',
      status: 'RUNNING',
      startDate,
      input: '{"a":1}',
    });
    await clock.advance(60_000);
    await machines.ended(execution);
    expect(await machines.describe(execution)).toMatchObject({
      status: 'SUCCEEDED',
      stopDate: new Date(clock.now()),
      output: '"old"',
    });
    const { events = [] } = await sfn.getExecutionHistory({ executionArn: execution });
    expect(events.map((event) => `${event.previousEventId} ${event.id} ${event.type}`)).toEqual([
      '0 1 ExecutionStarted',
      '1 2 WaitStateEntered',
      '2 3 WaitStateExited',
      '3 4 PassStateEntered',
      '4 5 PassStateExited',
      '5 6 ExecutionSucceeded',
    ]);
    expect(events[1]).toMatchObject({
      timestamp: startDate,
      stateEnteredEventDetails: { name: 'W', input: '{"a":1}' },
    });
    expect(events[2]).toMatchObject({ timestamp: new Date(clock.now()), stateExitedEventDetails: { name: 'W' } });
    expect(events[5]?.executionSucceededEventDetails?.output).toBe('"old"');
    const last = await sfn.getExecutionHistory({ executionArn: execution, reverseOrder: true, maxResults: 2 });
    expect(last.events?.map((event) => event.id)).toEqual([6, 5]);
    const { nextToken } = last;
    const rest = await sfn.getExecutionHistory({ executionArn: execution, reverseOrder: true, nextToken });
    expect(rest.events?.map((event) => event.id)).toEqual([4, 3, 2, 1]);
  });

  test('is stopped once, and then does nothing more', async () => {
    const execution = await machines.start(await machines.create(waiting, name));
    const { stopDate } = await sfn.stopExecution({ executionArn: execution, error: 'Enough', cause: 'user' });
    expect(stopDate).toEqual(new Date(clock.now()));
    await clock.advance(60_000);
    expect(await machines.ended(execution)).toEqual({ status: 'ABORTED', error: 'Enough', cause: 'user' });
    expect((await sfn.stopExecution({ executionArn: execution })).stopDate).toEqual(stopDate);
    expect((await machines.history(execution)).at(-1)).toBe('ExecutionAborted');
  });

  test('ends when its machine allows it no more time', async () => {
    const definition = machine({ W: { Type: 'Wait', Seconds: 60, End: true } }, { TimeoutSeconds: 10 });
    const execution = await machines.start(await machines.create(definition, name));
    await clock.advance(10_000);
    expect(await machines.ended(execution)).toEqual({ status: 'TIMED_OUT', error: 'States.Timeout', cause: undefined });
    expect((await machines.history(execution)).at(-1)).toBe('ExecutionTimedOut');
  });

  test('is listed by status, the newest first', async () => {
    const arn = await machines.create(waiting, name);
    const [a, b, c] = [await machines.start(arn), await machines.start(arn), await machines.start(arn)];
    await sfn.stopExecution({ executionArn: b });
    const list = async (more: object = {}) => {
      const { executions = [], nextToken } = await sfn.listExecutions({ stateMachineArn: arn, ...more });
      return { arns: executions.map((each) => each.executionArn ?? ''), nextToken };
    };
    expect((await list()).arns).toEqual([c, b, a]);
    expect((await list({ statusFilter: 'RUNNING' })).arns).toEqual([c, a]);
    const first = await list({ maxResults: 2 });
    expect([...first.arns, ...(await list({ maxResults: 2, nextToken: first.nextToken })).arns]).toEqual([c, b, a]);
  });

  test('that loops without waiting lets others be answered, and is stopped', async () => {
    const always = [{ Variable: '$', IsPresent: true, Next: 'A' }];
    const loop = machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Choice', Choices: always } });
    const execution = await machines.start(await machines.create(loop, name));
    expect((await machines.describe(execution)).status).toBe('RUNNING');
    await sfn.stopExecution({ executionArn: execution });
    await Bun.sleep(20);
    const { events } = await sfn.getExecutionHistory({ executionArn: execution, reverseOrder: true, maxResults: 1 });
    expect(events?.[0]?.type).toBe('ExecutionAborted');
  });

  test.each<[string, object, string]>([
    ['an input that is no JSON', { input: '{' }, 'InvalidExecutionInput'],
    ['an input of more than 256 KiB', { input: JSON.stringify('x'.repeat(262_144)) }, 'InvalidExecutionInput'],
    ['a name with a space', { name: 'a b' }, 'InvalidName'],
    ['an ARN that is none', { stateMachineArn: 'machine' }, 'InvalidArn'],
  ])('is refused with %s', async (_, more, code) => {
    const stateMachineArn = await machines.create(waiting, name);
    expect((await codeOf(sfn.startExecution({ stateMachineArn, ...more })))[0]).toBe(code);
  });
});

test('an operation that is not carried says so', async () => {
  await expect(sfn.listActivities()).rejects.toThrow(
    'The embedded cloud does not implement Step Functions ListActivities.',
  );
});
