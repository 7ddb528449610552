/** What flows through states in JSONPath: input and output paths, templates, results, variables, the context object. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { Machines, type States } from './support.ts';

let cloud: TestCloud;
let machines: Machines;

beforeAll(async () => {
  cloud = await startTestCloud({ functions: { echo: async (event) => event } });
  machines = new Machines(cloud);
});
afterAll(() => cloud.stop());

const echo = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:echo', End: true };
const pass = (fields: object): States => ({ A: { Type: 'Pass', End: true, ...fields } });
const task = (fields: object): States => ({ A: { ...echo, ...fields } });

const input = { a: { b: 1 }, list: [1, 2, 3], name: 'n' };

describe('a state hands on', () => {
  test.each<[what: string, states: States, output: unknown]>([
    ['its input', pass({}), input],
    ['what InputPath finds', pass({ InputPath: '$.a' }), { b: 1 }],
    ['nothing with InputPath null', pass({ InputPath: null }), {}],
    ['what OutputPath finds', pass({ OutputPath: '$.list[1]' }), 2],
    ['nothing with OutputPath null', pass({ OutputPath: null }), {}],
    ['a list from a path that is not definite', pass({ InputPath: '$.list[*]' }), [1, 2, 3]],
    ['its Result', pass({ Result: { r: true } }), { r: true }],
    ['its Result in the input', pass({ Result: 5, ResultPath: '$.a.c' }), { ...input, a: { b: 1, c: 5 } }],
    ['its input without the result', pass({ Result: 5, ResultPath: null }), input],
    ['its result in the raw input', pass({ InputPath: '$.a', ResultPath: '$.x' }), { ...input, x: { b: 1 } }],
    [
      'its Parameters filled in',
      pass({
        Parameters: {
          'x.$': '$.a.b',
          'all.$': '$.list[*]',
          fixed: '$.a',
          deep: [{ 'y.$': "States.Format('{}!', $.name)" }],
          'execution.$': '$$.Execution.Input.name',
          'state.$': '$$.State.Name',
        },
      }),
      { x: 1, all: [1, 2, 3], fixed: '$.a', deep: [{ y: 'n!' }], execution: 'n', state: 'A' },
    ],
    ['its Parameters after InputPath', pass({ InputPath: '$.a', Parameters: { 'x.$': '$.b' } }), { x: 1 }],
    ['what its task answered', task({ Parameters: { 'x.$': '$.name' } }), { x: 'n' }],
    ['what ResultSelector takes of that', task({ ResultSelector: { 'n.$': '$.name' } }), { n: 'n' }],
    [
      'that, put in its raw input, narrowed',
      task({ InputPath: '$.a', ResultSelector: { 'r.$': '$.b' }, ResultPath: '$.result', OutputPath: '$.result' }),
      { r: 1 },
    ],
  ])('%s', async (_, states, output) => {
    expect(await machines.run(states, input)).toEqual({ status: 'SUCCEEDED', output });
  });
});

describe('a state fails', () => {
  test.each<[what: string, states: States, error: string]>([
    ['for an InputPath to nothing', pass({ InputPath: '$.x' }), 'States.Runtime'],
    ['for an OutputPath to nothing', pass({ OutputPath: '$.x' }), 'States.Runtime'],
    ['for a parameter that is not there', pass({ Parameters: { 'x.$': '$.x' } }), 'States.ParameterPathFailure'],
    [
      'for an intrinsic that fails',
      pass({ Parameters: { 'x.$': 'States.StringToJson($.name)' } }),
      'States.IntrinsicFailure',
    ],
    ['for a ResultPath through a text', pass({ ResultPath: '$.name.x' }), 'States.ResultPathMatchFailure'],
    [
      'for an output of more than 256 KiB',
      pass({ Parameters: { 'x.$': 'States.Array($.big, $.big)' }, InputPath: '$$.Execution.Input' }),
      'States.DataLimitExceeded',
    ],
  ])('%s', async (_, states, error) => {
    const ended = await machines.run(states, { ...input, big: 'x'.repeat(140_000) });
    expect(ended).toMatchObject({ status: 'FAILED', error });
    expect(ended.cause).toBeString();
  });
});

test('variables last from state to state, and are seen, not changed, by branches', async () => {
  const states = {
    Set: { ...echo, Assign: { 'n.$': '$.name', list: [1, 2] }, ResultPath: null, End: undefined, Next: 'Divide' },
    Divide: {
      Type: 'Parallel',
      ResultPath: '$.branches',
      Next: 'Show',
      Branches: [
        {
          StartAt: 'Inner',
          States: {
            Inner: { Type: 'Pass', Assign: { 'n2.$': "States.Format('{}2', $n)" }, Next: 'Use' },
            Use: { Type: 'Pass', Parameters: { 'seen.$': '$n', 'own.$': '$n2' }, End: true },
          },
        },
      ],
    },
    Show: { Type: 'Pass', Parameters: { 'n.$': '$n', 'first.$': '$list[0]', 'branches.$': '$.branches' }, End: true },
  };
  const { output } = await machines.run(states, input);
  expect(output).toEqual({ n: 'n', first: 1, branches: [{ seen: 'n', own: 'n2' }] });
});

test('a choice follows the first rule that holds, assigns, or takes the default', async () => {
  const states = {
    Choose: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.n', NumericGreaterThan: 10, Next: 'Big', Assign: { 'found.$': '$.n' } },
        { Variable: '$.n', NumericGreaterThan: 5, Next: 'Big', Assign: { found: 'middle' } },
      ],
      Assign: { found: 'nothing' },
      Default: 'Small',
    },
    Big: { Type: 'Pass', Parameters: { 'big.$': '$found' }, End: true },
    Small: { Type: 'Pass', Parameters: { 'small.$': '$found' }, End: true },
  };
  expect((await machines.run(states, { n: 11 })).output).toEqual({ big: 11 });
  expect((await machines.run(states, { n: 6 })).output).toEqual({ big: 'middle' });
  expect((await machines.run(states, { n: 1 })).output).toEqual({ small: 'nothing' });
  const { Default: _, ...undecided } = states.Choose;
  const ended = await machines.run({ ...states, Choose: undecided }, { n: 1 });
  expect(ended).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
});

test('a Map runs its states for each item, in order, with its place in the context', async () => {
  const map = {
    Type: 'Map',
    ItemsPath: '$.list',
    ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'n.$': '$.name' },
    MaxConcurrency: 2,
    ItemProcessor: {
      StartAt: 'Each',
      States: { Each: { ...echo, ResultSelector: { 's.$': "States.Format('{}{}{}', $.n, $.i, $.v)" } } },
    },
    End: true,
  };
  expect((await machines.run({ A: map }, input)).output).toEqual([{ s: 'n01' }, { s: 'n12' }, { s: 'n23' }]);
  expect((await machines.run({ A: map }, { ...input, list: [] })).output).toEqual([]);
  expect(await machines.run({ A: { ...map, ItemsPath: '$.name' } }, input)).toMatchObject({ error: 'States.Runtime' });
  const nested = {
    ...map,
    ItemsPath: '$.rows',
    ItemSelector: undefined,
    ItemProcessor: {
      StartAt: 'A',
      States: {
        A: {
          ...map,
          ItemsPath: '$',
          ItemSelector: undefined,
          ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
        },
      },
    },
  };
  expect((await machines.run({ A: nested }, { rows: [[1, 2], [3]] })).output).toEqual([[1, 2], [3]]);
});
