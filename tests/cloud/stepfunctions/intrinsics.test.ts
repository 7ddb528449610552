/** Intrinsic functions as a table, from the examples of the Developer Guide and its limits. */
import { describe, expect, test } from 'bun:test';
import type { Json } from '../../../cloud/stepfunctions/failure.ts';
import { callIntrinsic, parseIntrinsic } from '../../../cloud/stepfunctions/intrinsics.ts';

const input: Record<string, Json> = {
  name: 'Ada',
  list: [1, 2, 3, 3],
  object: { a: 1 },
  other: { a: 2, b: 3 },
  json: '{"a":[1]}',
  three: 3,
};
const call = (text: string) => callIntrinsic(parseIntrinsic(text), (root) => (root === '$' ? input : undefined));

describe('a call', () => {
  test.each<[string, Json]>([
    ['States.Array()', []],
    ["States.Array($.name, 1, true, null, 'x', 1.5)", ['Ada', 1, true, null, 'x', 1.5]],
    ['States.ArrayContains($.list, 3)', true],
    ['States.ArrayContains($.list, $.name)', false],
    ['States.ArrayGetItem($.list, 1)', 2],
    ['States.ArrayLength($.list)', 4],
    ['States.ArrayPartition($.list, 3)', [[1, 2, 3], [3]]],
    ['States.ArrayRange(1, 9, 2)', [1, 3, 5, 7, 9]],
    ['States.ArrayRange(3, 1, -1)', [3, 2, 1]],
    ['States.ArrayUnique($.list)', [1, 2, 3]],
    ["States.Base64Encode('Data to encode')", 'RGF0YSB0byBlbmNvZGU='],
    ["States.Base64Decode('RGVjb2RlZCBkYXRh')", 'Decoded data'],
    ["States.Format('{} is {}', $.name, $.three)", 'Ada is 3'],
    ["States.Format('{}: {}', $.object, null)", '{"a":1}: null'],
    String.raw`States.Format('it\'s \{{}\}', 1) => it's {1}`.split(' => ') as [string, string],
    ["States.Hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ["States.Hash($.object, 'MD5')", 'bb6cb5c68df4652941caf652a366f2d8'],
    ['States.JsonMerge($.object, $.other, false)', { a: 2, b: 3 }],
    ['States.JsonToString($.object)', '{"a":1}'],
    ['States.StringToJson($.json)', { a: [1] }],
    ['States.MathAdd($.three, -1)', 2],
    ['States.MathAdd(1.6, 1)', 3],
    ["States.StringSplit('This.is+a,test,=string', '.+,=')", ['This', 'is', 'a', 'test', 'string']],
    ["States.ArrayLength(States.StringSplit(States.Format('{}-{}', 'a', 'b'), '-'))", 2],
  ])('%s', (text, value) => expect(call(text)).toEqual(value));

  test('States.UUID makes another identifier each time', () => {
    expect(call('States.UUID()')).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(call('States.UUID()')).not.toBe(call('States.UUID()'));
  });

  test('States.MathRandom stays within its bounds and repeats itself for a seed', () => {
    for (let i = 0; i < 100; i++) expect([1, 2, 3]).toContain(call('States.MathRandom(1, 4)') as number);
    expect(call('States.MathRandom(0, 1000000, 7)')).toBe(call('States.MathRandom(0, 1000000, 7)'));
  });
});

test.each([
  ['States.ArrayGetItem($.list, 9)', 'States.IntrinsicFailure'],
  ['States.ArrayLength($.name)', 'States.IntrinsicFailure'],
  ['States.ArrayPartition($.list, 0)', 'States.IntrinsicFailure'],
  ['States.ArrayRange(1, 2000, 1)', 'States.IntrinsicFailure'],
  ['States.ArrayRange(1, 2, 0)', 'States.IntrinsicFailure'],
  ["States.Format('{} {}', 1)", 'States.IntrinsicFailure'],
  ["States.Format('{}', 1, 2)", 'States.IntrinsicFailure'],
  ["States.Hash('x', 'CRC')", 'States.IntrinsicFailure'],
  ['States.JsonMerge($.object, $.other, true)', 'States.IntrinsicFailure'],
  ['States.StringToJson($.name)', 'States.IntrinsicFailure'],
  ['States.MathRandom(4, 1)', 'States.IntrinsicFailure'],
  ['States.Array($.missing)', 'States.ParameterPathFailure'],
])('%s fails with %s', (text, error) => {
  expect(() => call(text)).toThrow(expect.objectContaining({ error }));
});

test.each([
  'States.Nothing()',
  'States.Array(',
  'States.Array(1,)',
  "States.Array('a)",
  'States.Array(x)',
  'States.UUID() x',
])('%s is no call', (text) => expect(() => parseIntrinsic(text)).toThrow(SyntaxError));
