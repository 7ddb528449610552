/** Definitions that are refused, each with the sentence that says what is wrong and where. */
import { describe, expect, test } from 'bun:test';
import { parseDefinition } from '../../../cloud/stepfunctions/validate.ts';
import { machine } from './support.ts';

const end = { Type: 'Succeed' };
const task = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true };
const only = (state: object) => machine({ A: state, B: end });
const jsonata = (state: object) => machine({ A: state, B: end }, { QueryLanguage: 'JSONata' });

describe('a definition is refused', () => {
  test.each<[definition: string, fault: string]>([
    ['{', 'INVALID_JSON_DESCRIPTION'],
    ['[]', 'The definition must be a JSON object at /'],
    ['{"States":{"A":{"Type":"Succeed"}}}', "The field 'StartAt' is required at /"],
    ['{"StartAt":"A","States":{}}', 'States must name states at /States'],
    [
      '{"StartAt":"B","States":{"A":{"Type":"Succeed"}}}',
      "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: B at /StartAt",
    ],
    [machine({ A: end }, { TimeoutSeconds: 0 }), 'TimeoutSeconds must be a number of seconds'],
    [machine({ A: end }, { QueryLanguage: 'XPath' }), 'QueryLanguage must be JSONPath or JSONata'],
    [machine({ A: end }, { Colour: 'red' }), 'Field is not supported at /Colour'],
    [only({ Type: 'Loop' }), 'Type must be one of Pass, Task'],
    [only({ Type: 'Pass' }), "Exactly one of 'Next' and 'End: true' is required at /States/A"],
    [only({ Type: 'Pass', Next: 'B', End: true }), "Exactly one of 'Next' and 'End: true'"],
    [only({ Type: 'Pass', Next: 'C' }), "Missing 'Next' target: C at /States/A/Next"],
    [only({ Type: 'Succeed', Next: 'B' }), 'Field is not supported at /States/A/Next'],
    [only({ Type: 'Pass', Next: 'B', InputPath: 'a' }), 'Expected "$" at character 1 of "a". at /States/A/InputPath'],
    [only({ Type: 'Pass', Next: 'B', ResultPath: '$.a[*]' }), 'A reference path is required. at /States/A/ResultPath'],
    [
      only({ Type: 'Pass', Next: 'B', Parameters: { a: { 'b.$': 5 } } }),
      'A JSONPath is required at /States/A/Parameters/a/b.$',
    ],
    [only({ Type: 'Pass', Next: 'B', Parameters: { 'b.$': 'States.Foo()' } }), 'Expected an intrinsic function'],
    [only({ Type: 'Pass', Next: 'B', Assign: { '1a': 1 } }), "'1a' cannot be the name of a variable"],
    [only({ Type: 'Pass', Next: 'B', Output: 1 }), 'Field is not supported at /States/A/Output'],
    [only({ Type: 'Task', End: true }), "The field 'Resource' is required"],
    [
      only({ ...task, Resource: 'arn:aws:states:::dynamodb:putItem' }),
      'arn:aws:states:::dynamodb:putItem is not carried',
    ],
    [only({ ...task, Resource: `${task.Resource}.waitForTaskToken` }), 'is not carried'],
    [only({ ...task, TimeoutSeconds: '5' }), 'A number that is not negative is required'],
    [only({ ...task, Retry: {} }), 'A list is required at /States/A/Retry'],
    [only({ ...task, Retry: [{}] }), 'ErrorEquals must be a list of error names at /States/A/Retry/0/ErrorEquals'],
    [only({ ...task, Retry: [{ ErrorEquals: ['x'], BackoffRate: 0.5 }] }), 'BackoffRate must be at least 1'],
    [only({ ...task, Retry: [{ ErrorEquals: ['x'], JitterStrategy: 'SOME' }] }), 'JitterStrategy must be FULL or NONE'],
    [
      only({ ...task, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['x'] }] }),
      'States.ALL must appear alone and in the last entry',
    ],
    [only({ ...task, Catch: [{ ErrorEquals: ['x'] }] }), "Missing 'Next' target: undefined at /States/A/Catch/0/Next"],
    [only({ ...task, Catch: [{ ErrorEquals: ['x'], Next: 'B', Output: 1 }] }), 'Field is not supported'],
    [only({ Type: 'Wait', Next: 'B' }), 'Exactly one of Seconds, Timestamp, SecondsPath, TimestampPath is required'],
    [only({ Type: 'Wait', Next: 'B', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z' }), 'Exactly one of Seconds'],
    [only({ Type: 'Wait', Next: 'B', Seconds: -1 }), 'A number that is not negative is required'],
    [only({ Type: 'Wait', Next: 'B', Timestamp: 'tomorrow' }), 'A timestamp such as'],
    [only({ Type: 'Choice', Choices: [] }), 'Choices must be a list'],
    [only({ Type: 'Choice', Choices: [{ Next: 'B' }] }), "The field 'Variable' is required at /States/A/Choices/0"],
    [only({ Type: 'Choice', Choices: [{ Variable: '$.a', Next: 'B' }] }), 'Exactly one comparison is required'],
    [
      only({ Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, IsString: true, Next: 'B' }] }),
      'Exactly one comparison is required',
    ],
    [
      only({ Type: 'Choice', Choices: [{ Variable: '$.a', StringEquals: 1, Next: 'B' }] }),
      'StringEquals must be a string',
    ],
    [
      only({ Type: 'Choice', Choices: [{ Variable: '$.a', StringIs: 'x', Next: 'B' }] }),
      'Field is not supported at /States/A/Choices/0/StringIs',
    ],
    [only({ Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true }] }), "Missing 'Next' target"],
    [only({ Type: 'Choice', Choices: [{ And: [], Next: 'B' }] }), 'A list of rules is required'],
    [
      only({ Type: 'Choice', Choices: [{ Not: { Variable: '$.a', NumericEquals: 'x' }, Next: 'B' }] }),
      'NumericEquals must be a number at /States/A/Choices/0/Not/NumericEquals',
    ],
    [
      only({ Type: 'Choice', Default: 'C', Choices: [{ Variable: '$', IsNull: true, Next: 'B' }] }),
      "Missing 'Default' target: C",
    ],
    [only({ Type: 'Parallel', End: true, Branches: [] }), 'Branches must be a list'],
    [
      only({ Type: 'Parallel', End: true, Branches: [{ StartAt: 'X', States: { X: { Type: 'Pass', Next: 'B' } } }] }),
      "Missing 'Next' target: B at /States/A/Branches/0/States/X/Next",
    ],
    [only({ Type: 'Map', End: true }), 'Exactly one of ItemProcessor, Iterator is required'],
    [
      only({
        Type: 'Map',
        End: true,
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'X', States: { X: end } },
      }),
      'The embedded cloud runs Map states INLINE only',
    ],
    [
      only({ Type: 'Map', End: true, ItemReader: {}, Iterator: { StartAt: 'X', States: { X: end } } }),
      'Field is not supported at /States/A/ItemReader',
    ],
    [jsonata({ Type: 'Pass', Next: 'B', InputPath: '$' }), 'Field is not supported at /States/A/InputPath'],
    [jsonata({ Type: 'Pass', Next: 'B', QueryLanguage: 'JSONPath' }), "QueryLanguage can not be 'JSONPath'"],
    [
      jsonata({ Type: 'Pass', Next: 'B', Output: { x: '{% 1 + %}' } }),
      'Unexpected end of expression at /States/A/Output/x',
    ],
    [jsonata({ Type: 'Pass', Next: 'B', Assign: { states: 1 } }), "'states' cannot be the name of a variable"],
    [jsonata({ Type: 'Wait', Next: 'B', Seconds: '{% ( %}' }), 'at /States/A/Seconds'],
    [jsonata({ Type: 'Wait', Next: 'B', Seconds: '5' }), 'A number that is not negative is required'],
    [
      jsonata({ Type: 'Choice', Choices: [{ Condition: 'yes', Next: 'B' }] }),
      'Condition must be an expression in {% and %}',
    ],
  ])('%s', (definition, fault) => {
    expect(() => parseDefinition(definition)).toThrow(fault);
  });
});

test('every fault is told at once', () => {
  const definition = only({ Type: 'Wait', Seconds: -1, Next: 'C' });
  expect(() => parseDefinition(definition)).toThrow(/not negative.*Missing 'Next' target: C/);
});

test('what all kinds of states may say is let through', () => {
  const sub = { StartAt: 'X', States: { X: { Type: 'Pass', End: true } } };
  const recovery = {
    Retry: [
      {
        ErrorEquals: ['States.Timeout', 'E'],
        IntervalSeconds: 2,
        MaxAttempts: 0,
        BackoffRate: 1.5,
        MaxDelaySeconds: 9,
        JitterStrategy: 'FULL',
      },
    ],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B', ResultPath: '$.error', Assign: { 'e.$': '$.Error' } }],
  };
  const definition = machine(
    {
      A: {
        ...task,
        Comment: 'c',
        Parameters: { 'QueueUrl.$': '$.u', 'MessageBody.$': 'States.UUID()' },
        TimeoutSecondsPath: '$.t',
        ...recovery,
      },
      W: { Type: 'Wait', SecondsPath: '$.s', InputPath: '$.a', OutputPath: null, Next: 'C' },
      C: {
        Type: 'Choice',
        Choices: [{ Or: [{ Variable: '$$.Execution.Name', StringMatches: 'a*' }], Next: 'B', Comment: 'c' }],
      },
      P: { Type: 'Parallel', Branches: [sub], ResultSelector: { 'a.$': '$[0]' }, ...recovery, End: true },
      M: { Type: 'Map', Iterator: sub, ItemsPath: '$.items', MaxConcurrencyPath: '$.n', ...recovery, End: true },
      F: { Type: 'Fail', ErrorPath: '$.e', CausePath: '$.c' },
      B: end,
    },
    { Comment: 'c', Version: '1.0', TimeoutSeconds: 60 },
  );
  expect(parseDefinition(definition).StartAt).toBe('A');
});
