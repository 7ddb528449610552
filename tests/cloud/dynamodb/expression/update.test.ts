import { describe, expect, test } from 'bun:test';
import { type Item, readAttributeMap } from '../../../../cloud/dynamodb/attribute-value.ts';
import { Substitutions } from '../../../../cloud/dynamodb/expression/substitutions.ts';
import { applyUpdate, parseUpdate } from '../../../../cloud/dynamodb/expression/update.ts';

const values: Record<string, unknown> = {
  ':1': { N: '1' },
  ':2': { N: '2' },
  ':s': { S: 's' },
  ':t': { S: 't' },
  ':list': { L: [{ N: '8' }, { N: '9' }] },
  ':ab': { SS: ['a', 'b'] },
  ':bc': { SS: ['b', 'c'] },
  ':12': { NS: ['1', '2.0'] },
  ':map': { M: {} },
};

const names: Record<string, string> = { '#a.b': 'unused', '#dot': 'a.b', '#proto': '__proto__', '#x': 'x', '#y': 'x' };

function parse(text: string) {
  const tokens = text.match(/[#:]\w+/g) ?? [];
  const pick = <T>(all: Record<string, T>) =>
    Object.fromEntries(tokens.flatMap((token) => (token in all ? [[token, all[token]]] : [])));
  const input: Record<string, unknown> = { UpdateExpression: text };
  if (Object.keys(pick(names)).length > 0) input['ExpressionAttributeNames'] = pick(names);
  if (Object.keys(pick(values)).length > 0) input['ExpressionAttributeValues'] = pick(values);
  return parseUpdate(text, new Substitutions(input, ['UpdateExpression']));
}

function update(item: Record<string, unknown>, text: string): Item {
  const copy = readAttributeMap(structuredClone(item));
  applyUpdate(parse(text), copy);
  return copy;
}

const numbers = { l: { L: ['2', '3', '4', '5', '6', '7'].map((N) => ({ N })) } };
const nested = { a: { M: { x: { N: '3' }, y: { N: '4' }, c: { M: { y: { N: '3' } } } } } };

describe('an update makes of an item', () => {
  test.each<[string, Record<string, unknown>, string, Record<string, unknown>]>([
    ['a new attribute', {}, 'SET b = :s', { b: { S: 's' } }],
    ['another value', { b: { N: '1' } }, 'SET b = :s', { b: { S: 's' } }],
    ['a copy', { a: { S: 'x' } }, 'SET b = a', { a: { S: 'x' }, b: { S: 'x' } }],
    ['a move', { a: { S: 'x' } }, 'REMOVE a SET b = a', { b: { S: 'x' } }],
    ['an exchange', { a: { S: 'x' }, b: { S: 'y' } }, 'SET a = b, b = a', { a: { S: 'y' }, b: { S: 'x' } }],
    ['a sum', { n: { N: '40' } }, 'SET n = n + :2', { n: { N: '42' } }],
    ['a sum from the left', { n: { N: '40' } }, 'SET n = :2 - n', { n: { N: '-38' } }],
    ['a sum of parentheses', {}, 'SET n = (:2) + (:1)', { n: { N: '3' } }],
    ['a counter from nothing', {}, 'SET n = if_not_exists(n, :1) + :2', { n: { N: '3' } }],
    ['what it was', { n: { N: '7' } }, 'SET n = if_not_exists(n, :1)', { n: { N: '7' } }],
    [
      'the other default',
      { m: { N: '7' } },
      'SET n = if_not_exists(n, if_not_exists(m, :1))',
      { m: { N: '7' }, n: { N: '7' } },
    ],
    [
      'a longer list',
      { l: { L: [{ S: 'x' }] } },
      'SET l = list_append(l, :list)',
      { l: { L: [{ S: 'x' }, { N: '8' }, { N: '9' }] } },
    ],
    [
      'a list begun',
      {},
      'SET l = list_append(if_not_exists(l, :list), :list)',
      { l: { L: [{ N: '8' }, { N: '9' }, { N: '8' }, { N: '9' }] } },
    ],
    [
      'a list with another element',
      numbers,
      'SET l[1] = :s',
      { l: { L: [{ N: '2' }, { S: 's' }, ...numbers.l.L.slice(2)] } },
    ],
    [
      'a list with elements appended in order',
      { l: { L: [{ N: '2' }] } },
      'SET l[84] = :t, l[7] = :s',
      { l: { L: [{ N: '2' }, { S: 's' }, { S: 't' }] } },
    ],
    [
      'a list whose places are those of before',
      numbers,
      'REMOVE l[1] SET l[3] = :s',
      { l: { L: [{ N: '2' }, { N: '4' }, { S: 's' }, { N: '6' }, { N: '7' }] } },
    ],
    ['a list less two', numbers, 'REMOVE l[0], l[1], l[17]', { l: { L: numbers.l.L.slice(2) } }],
    ['an empty list', { l: { L: [{ N: '1' }] } }, 'REMOVE l[0]', { l: { L: [] } }],
    [
      'changes inside maps',
      nested,
      'SET a.b = :1, a.c.d = :s REMOVE a.x',
      { a: { M: { y: { N: '4' }, b: { N: '1' }, c: { M: { y: { N: '3' }, d: { S: 's' } } } } } },
    ],
    ['an empty map', { a: { M: { b: { N: '1' } } } }, 'REMOVE a.b', { a: { M: {} } }],
    ['the same, if there is nothing to remove', nested, 'REMOVE a.gone, gone', nested],
    ['a name with a dot', {}, 'SET #dot = :s', { 'a.b': { S: 's' } }],
    ['a number that ADD begins', {}, 'ADD n :2', { n: { N: '2' } }],
    ['a number that ADD raises', { n: { N: '-1.5' } }, 'ADD n :2', { n: { N: '0.5' } }],
    ['a set that ADD begins', {}, 'ADD s :ab', { s: { SS: ['a', 'b'] } }],
    ['a set that ADD joins', { s: { SS: ['a', 'b'] } }, 'ADD s :bc', { s: { SS: ['a', 'b', 'c'] } }],
    ['a set of numbers, equal ones once', { s: { NS: ['2', '3'] } }, 'ADD s :12', { s: { NS: ['2', '3', '1'] } }],
    ['a set less some', { s: { SS: ['a', 'b', 'c'] } }, 'DELETE s :bc', { s: { SS: ['a'] } }],
    ['nothing of a set less all', { s: { SS: ['b'] } }, 'DELETE s :bc', {}],
    ['nothing of no set', {}, 'DELETE s :bc', {}],
    [
      'all clauses at once, in any case',
      { n: { N: '1' }, s: { SS: ['a', 'b'] }, r: { N: '1' } },
      'set x = n add n :1 remove r delete s :bc',
      { n: { N: '2' }, s: { SS: ['a'] }, x: { N: '1' } },
    ],
  ])('%s', (_what, before, text, after) => {
    expect(update(before, text)).toEqual(after as Item);
  });

  test('an attribute called __proto__, like any other', () => {
    const item = update({}, 'SET #proto = :s');
    expect(JSON.stringify(item)).toBe('{"__proto__":{"S":"s"}}');
  });
});

describe('updates that the item does not allow are refused in the words of AWS', () => {
  const missing = 'The provided expression refers to an attribute that does not exist in the item';
  const wrong = 'An operand in the update expression has an incorrect data type';
  const path = 'The document path provided in the update expression is invalid for update';
  test.each<[string, string]>([
    ['SET b = gone', missing],
    ['SET x = :1, y = x', missing],
    ['SET b = gone + :1', missing],
    ['SET b = list_append(gone, :list)', missing],
    ['SET b = str + :1', wrong],
    ['SET b = list_append(str, :list)', wrong],
    ['ADD str :1', wrong],
    ['ADD lst :ab', wrong],
    ['ADD letters :12', wrong],
    ['DELETE num :ab', wrong],
    ['SET str.c = :1', path],
    ['SET gone.c = :1', path],
    ['SET lst.c = :1', path],
    ['SET str[0] = :1', path],
    ['SET doc[0] = :1', path],
    ['REMOVE gone.c', path],
    ['REMOVE gone[0]', path],
    ['SET num = num + big', 'Number overflow'],
  ])('%s', (text, message) => {
    const item = {
      str: { S: 's' },
      num: { N: '1' },
      big: { N: '1e60' },
      lst: { L: [] },
      doc: { M: {} },
      letters: { SS: ['x'] },
    };
    expect(() => update(item, text)).toThrow(message);
  });
});

describe('malformed updates are refused in the words of AWS', () => {
  const overlap = 'Two document paths overlap with each other; must remove or rewrite one of these paths; ';
  const conflict = 'Two document paths conflict with each other; must remove or rewrite one of these paths; ';
  const misused = 'The function is not allowed to be used this way in an expression; function: ';
  const operand = 'Incorrect operand type for operator or function; ';
  test.each([
    ['', 'The expression can not be empty;'],
    ['HELLO b = :1', 'Syntax error; token: "HELLO", near: "HELLO b"'],
    ['SET', 'Syntax error; token: "<EOF>", near: "SET"'],
    ['SET _123 = :1', 'Syntax error; token: "_", near: "SET _123"'],
    ['SET :1 = :2', 'Syntax error; token: ":1", near: "SET :1 ="'],
    ['SET a = :1 SET', 'Syntax error; token: "<EOF>", near: "SET"'],
    ['SET b = :1 + :2 + :1', 'Syntax error; token: "+", near: ":2 + :1"'],
    ['SET b = if_not_exists(b, :1 + :2)', 'Syntax error; token: "+", near: ":1 + :2"'],
    ['SET a = _f(b)', 'Syntax error; token: "_", near: "= _f"'],
    ['ADD a b', 'Syntax error; token: "b", near: "a b"'],
    ['REMOVE a = :1', 'Syntax error; token: "=", near: "a = :1"'],
    ['SET a = :1 SET b = :2', 'The "SET" section can only be used once in an update expression;'],
    ['SET name = :1', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['SET a = f(b, c)', 'Invalid function name; function: f'],
    ['SET a = LIST_APPEND(:list, :list)', 'Invalid function name; function: LIST_APPEND'],
    ['SET a = attribute_exists(b)', `${misused}attribute_exists`],
    ['SET a = list_append(list_append(:list, :list), :list)', `${misused}list_append`],
    [
      'SET a = list_append(:list)',
      'Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1',
    ],
    [
      'SET a = if_not_exists(:1, :2)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    ['SET a = list_append(:list, :s)', `${operand}operator or function: list_append, operand type: S`],
    ['SET a = :1 + :s', `${operand}operator or function: +, operand type: S`],
    ['ADD a :s', `${operand}operator: ADD, operand type: STRING`],
    ['ADD a :list', `${operand}operator: ADD, operand type: LIST`],
    ['DELETE a :1', `${operand}operator: DELETE, operand type: NUMBER`],
    ['SET a = :1 REMOVE a', `${overlap}path one: [a], path two: [a]`],
    ['SET #x = :1, #y = :2', `${overlap}path one: [x], path two: [x]`],
    ['SET a.b = :1, a = :2', `${overlap}path one: [a, b], path two: [a]`],
    ['SET a[1] = :1, a[1][2] = :2', `${overlap}path one: [a, [1]], path two: [a, [1], [2]]`],
    ['SET a.b = :1, a[1] = :2', `${conflict}path one: [a, b], path two: [a, [1]]`],
    ['SET #gone = :1', 'An expression attribute name used in the document path is not defined; attribute name: #gone'],
    ['SET a = :gone', 'An expression attribute value used in expression is not defined; attribute value: :gone'],
  ])('%s', (text, reason) => {
    expect(() => parse(text)).toThrow(`Invalid UpdateExpression: ${reason}`);
  });
});
