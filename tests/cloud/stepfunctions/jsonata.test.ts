/** The same states in JSONata: Arguments, Output, Assign, Condition and the fields that may be expressions. */
import { TestClock } from '../../../cloud/clock.ts';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { Machines, type States } from './support.ts';

const clock = new TestClock();
let cloud: TestCloud;
let machines: Machines;

beforeAll(async () => {
  const fail = async () => {
    throw new RangeError('too far');
  };
  cloud = await startTestCloud({ clock, functions: { echo: async (event) => event, fail } });
  machines = new Machines(cloud);
});
afterAll(() => cloud.stop());

const jsonata = { QueryLanguage: 'JSONata' };
const run = (states: States, input: unknown = {}) => machines.run(states, input, jsonata);
const invoke = (FunctionName: string, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName, Payload: '{% $states.input %}' },
  End: true,
  ...more,
});

describe('an expression', () => {
  test.each<[expression: unknown, value: unknown]>([
    ['{% $states.input.a %}', [1, 2, 3]],
    ['{% $sum($states.input.a) %}', 6],
    ['{% $states.input.a[0] %}', 1],
    ['{% $states.input.nothing %}', null],
    ['{%$states.input.a[$>1]%}', [2, 3]],
    ["{% $states.input.b.c & '!' %}", 'x!'],
    ["{% {'k': $states.input.a[-1]} %}", { k: 3 }],
    ['{% $states.context.State.Name %}', 'A'],
    ['{% $partition([1,2,3,4,5], 2) %}', [[1, 2], [3, 4], [5]]],
    ['{% $range(0, 10, 5) %}', [0, 5, 10]],
    ["{% $hash('a', 'SHA-256') %}", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['{% $random(1) = $random(1) and $random() < 1 %}', true],
    ['{% $length($uuid()) %}', 36],
    [`{% $parse('{"x":[1]}') %}`, { x: [1] }],
    ['{% $now() %}', '2026-01-01T00:00:00.000Z'],
    ["{% $now('[Y]') & $string($millis()) %}", '20261767225600000'],
    [{ deep: ['{% 1 + 1 %}', { text: 'as it is', 'x.$': '$.a' }] }, { deep: [2, { text: 'as it is', 'x.$': '$.a' }] }],
    [' {% 1 %}', ' {% 1 %}'],
  ])('%j is %j', async (Output, value) => {
    const ended = await run({ A: { Type: 'Pass', Output, End: true } }, { a: [1, 2, 3], b: { c: 'x' }, nothing: null });
    expect(ended).toEqual({ status: 'SUCCEEDED', output: value });
  });

  test.each([
    ['{% $states.input.missing %}', 'undefined'],
    ['{% $sum %}', 'returned a function'],
    ['{% [function() { 1 }] %}', 'returned a function'],
    ["{% $number('x') %}", 'Unable to cast value to a number'],
    ["{% $eval('1') %}", '$parse'],
    ["{% $hash('a', 'CRC') %}", 'CRC is unknown'],
    ['{% ($f := function() { $f() + 1 }; $f()) %}', 'stack'],
  ])('%s fails the state', async (Output, cause) => {
    const ended = await run({ A: { Type: 'Pass', Output, End: true } });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(ended.cause?.toLowerCase()).toContain(cause.toLowerCase());
  });
});

test('a task is given Arguments, and its result is seen by Output and Assign', async () => {
  const ended = await run(
    {
      A: invoke('echo', {
        Assign: { total: '{% $sum($states.result.Payload.n) %}' },
        Output: { status: '{% $states.result.StatusCode %}', n: '{% $states.result.Payload.n %}' },
        End: undefined,
        Next: 'B',
      }),
      B: { Type: 'Succeed', Output: { total: '{% $total %}', before: '{% $states.input %}' } },
    },
    { n: [1, 2] },
  );
  expect(ended.output).toEqual({ total: 3, before: { status: 200, n: [1, 2] } });
});

test('variables assigned together see the values from before', async () => {
  const ended = await run({
    A: { Type: 'Pass', Assign: { x: 1, y: 2 }, Next: 'B' },
    B: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' }, Next: 'C' },
    C: { Type: 'Pass', Output: '{% [$x, $y] %}', End: true },
  });
  expect(ended.output).toEqual([2, 1]);
});

test('a choice follows its conditions, each with its own output', async () => {
  const states = {
    A: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n > 10 %}', Next: 'End', Output: 'big', Assign: { v: 'b' } },
        { Condition: '{% $states.input.n > 5 %}', Next: 'End' },
      ],
      Default: 'End',
      Output: 'small',
      Assign: { v: 's' },
    },
    End: { Type: 'Pass', Output: { got: '{% $states.input %}', v: "{% $exists($v) ? $v : '-' %}" }, End: true },
  };
  expect((await run(states, { n: 11 })).output).toEqual({ got: 'big', v: 'b' });
  expect((await run(states, { n: 6 })).output).toEqual({ got: { n: 6 }, v: '-' });
  expect((await run(states, { n: 1 })).output).toEqual({ got: 'small', v: 's' });
  const [first] = states.A.Choices;
  const wrong = { ...states, A: { ...states.A, Choices: [{ ...first, Condition: '{% 1 %}' }] } };
  expect(await run(wrong, { n: 1 })).toMatchObject({ error: 'States.QueryEvaluationError' });
});

test('errors are caught with their output, and Fail says its own', async () => {
  const Catch = [
    {
      ErrorEquals: ['RangeError'],
      Next: 'B',
      Output: '{% $states.errorOutput.Error %}',
      Assign: { c: '{% $states.errorOutput.Cause %}' },
    },
  ];
  const ended = await run({
    A: invoke('fail', { Catch }),
    B: { Type: 'Fail', Error: '{% $states.input %}', Cause: '{% $parse($c).errorMessage %}' },
  });
  expect(ended).toEqual({ status: 'FAILED', error: 'RangeError', cause: 'too far' });
});

test('Map and Parallel work on what expressions give', async () => {
  const each = { StartAt: 'P', States: { P: { Type: 'Pass', Output: '{% $states.input * $by %}', End: true } } };
  const ended = await run(
    {
      By: { Type: 'Pass', Assign: { by: 10 }, Next: 'Map' },
      Map: {
        Type: 'Map',
        Items: '{% $states.input.n[$ > 1] %}',
        ItemSelector: '{% $states.context.Map.Item.Value + $states.context.Map.Item.Index %}',
        MaxConcurrency: '{% 1 %}',
        ItemProcessor: each,
        Next: 'Both',
      },
      Both: {
        Type: 'Parallel',
        Arguments: '{% $sum($states.input) %}',
        Branches: [each, each],
        Output: '{% $states.result %}',
        End: true,
      },
    },
    { n: [1, 2, 3] },
  );
  expect(ended.output).toEqual([600, 600]);
});

test('waits end at computed times', async () => {
  const expectWaits = async (entered: number) => {
    await Bun.sleep(20);
    const history = await machines.history(arn);
    expect(history.filter((type) => type === 'WaitStateEntered')).toHaveLength(entered);
    expect((await machines.describe(arn)).status).toBe('RUNNING');
  };
  const arn = await machines.start(
    await machines.create(
      JSON.stringify({
        ...jsonata,
        StartAt: 'A',
        States: {
          A: { Type: 'Wait', Seconds: '{% $states.input.n * 30 %}', Next: 'B' },
          B: {
            Type: 'Wait',
            Timestamp: '{% $fromMillis($toMillis($states.context.State.EnteredTime) + 60000) %}',
            Output: '{% $now() %}',
            End: true,
          },
        },
      }),
    ),
    { n: 2 },
  );
  await clock.advance(59_999);
  await expectWaits(1);
  await clock.advance(1);
  await machines.reached(arn, 'WaitStateEntered', 2);
  await clock.advance(59_999);
  await expectWaits(2);
  await clock.advance(1);
  expect(await machines.ended(arn)).toEqual({ status: 'SUCCEEDED', output: new Date(clock.now()).toISOString() });
});

test('a state may choose JSONata in a machine that does not', async () => {
  const states = {
    A: { Type: 'Pass', QueryLanguage: 'JSONata', Assign: { x: '{% 5 %}' }, Next: 'B' },
    B: { Type: 'Pass', Parameters: { 'x.$': '$x' }, End: true },
  };
  expect((await machines.run(states)).output).toEqual({ x: 5 });
});
