/** The comparison operators of Choice rules, each where it holds, where not, and on a value of another type. */
import { describe, expect, test } from 'bun:test';
import { holds, type ChoiceRule } from '../../../cloud/stepfunctions/choice.ts';
import type { Json } from '../../../cloud/stepfunctions/failure.ts';

const input: Record<string, Json> = {
  text: 'mango',
  number: 5,
  yes: true,
  nothing: null,
  time: '2026-03-14T01:59:00Z',
  sameTime: '2026-03-14T02:59:00+01:00',
  other: 'melon',
  six: 6,
  object: { inner: 1 },
};
const check = (rule: ChoiceRule) => holds(rule, (root) => (root === '$' ? input : undefined));

const LATER = '2026-03-14T02:00:00Z';

describe('a comparison', () => {
  test.each<[variable: string, operator: string, operand: Json, holds: boolean]>([
    ['text', 'StringEquals', 'mango', true],
    ['text', 'StringEquals', 'Mango', false],
    ['number', 'StringEquals', '5', false],
    ['text', 'StringLessThan', 'melon', true],
    ['text', 'StringLessThan', 'mango', false],
    ['text', 'StringLessThanEquals', 'mango', true],
    ['text', 'StringGreaterThan', 'apple', true],
    ['text', 'StringGreaterThan', 'mango', false],
    ['text', 'StringGreaterThanEquals', 'mango', true],
    ['text', 'StringMatches', 'm*o', true],
    ['text', 'StringMatches', '*ang*', true],
    ['text', 'StringMatches', 'm?ngo', false],
    ['text', 'StringMatches', String.raw`m\*o`, false],
    ['number', 'StringMatches', '*', false],
    ['number', 'NumericEquals', 5, true],
    ['number', 'NumericEquals', 5.5, false],
    ['text', 'NumericEquals', 5, false],
    ['number', 'NumericLessThan', 6, true],
    ['number', 'NumericLessThan', 5, false],
    ['number', 'NumericLessThanEquals', 5, true],
    ['number', 'NumericGreaterThan', 4, true],
    ['number', 'NumericGreaterThan', 5, false],
    ['number', 'NumericGreaterThanEquals', 5, true],
    ['yes', 'BooleanEquals', true, true],
    ['yes', 'BooleanEquals', false, false],
    ['text', 'BooleanEquals', true, false],
    ['time', 'TimestampEquals', '2026-03-14T02:59:00+01:00', true],
    ['time', 'TimestampLessThan', LATER, true],
    ['time', 'TimestampLessThanEquals', '2026-03-14T01:59:00.000Z', true],
    ['time', 'TimestampGreaterThan', LATER, false],
    ['time', 'TimestampGreaterThanEquals', '2026-03-14T01:59:00Z', true],
    ['text', 'TimestampEquals', LATER, false],
    ['text', 'StringEqualsPath', '$.text', true],
    ['text', 'StringLessThanPath', '$.other', true],
    ['number', 'NumericGreaterThanPath', '$.six', false],
    ['number', 'NumericLessThanEqualsPath', '$.six', true],
    ['yes', 'BooleanEqualsPath', '$.yes', true],
    ['time', 'TimestampEqualsPath', '$.sameTime', true],
    ['text', 'IsPresent', true, true],
    ['missing', 'IsPresent', true, false],
    ['missing', 'IsPresent', false, true],
    ['nothing', 'IsPresent', true, true],
    ['nothing', 'IsNull', true, true],
    ['text', 'IsNull', false, true],
    ['text', 'IsString', true, true],
    ['number', 'IsString', true, false],
    ['number', 'IsNumeric', true, true],
    ['text', 'IsNumeric', false, true],
    ['yes', 'IsBoolean', true, true],
    ['time', 'IsTimestamp', true, true],
    ['text', 'IsTimestamp', true, false],
  ])('%s %s %p is %p', (variable, operator, operand, expected) => {
    expect(check({ Variable: `$.${variable}`, [operator]: operand })).toBe(expected);
  });
});

const is = (StringEquals: string): ChoiceRule => ({ Variable: '$.text', StringEquals });

test('And, Or and Not combine rules, and look no further than they must', () => {
  const broken: ChoiceRule = { Variable: '$.missing', StringEquals: 'x' };
  expect(check({ And: [is('mango'), { Not: is('melon') }] })).toBe(true);
  expect(check({ And: [is('melon'), broken] })).toBe(false);
  expect(check({ Or: [is('melon'), is('mango'), broken] })).toBe(true);
  expect(check({ Or: [is('melon'), is('kiwi')] })).toBe(false);
  expect(check({ Not: { And: [is('mango'), is('melon')] } })).toBe(true);
});

test('comparing what is not there is a failure, not a false', () => {
  const failure = expect.objectContaining({ error: 'States.Runtime' });
  expect(() => check({ Variable: '$.missing', NumericEquals: 1 })).toThrow(failure);
  expect(() => check({ Variable: '$.missing', IsNull: true })).toThrow(failure);
  expect(() => check({ Variable: '$.number', NumericEqualsPath: '$.missing' })).toThrow(failure);
});
