import { describe, expect, test } from 'bun:test';
import { readAttributeMap } from '../../../../cloud/dynamodb/attribute-value.ts';
import { parseCondition } from '../../../../cloud/dynamodb/expression/condition.ts';
import { holds } from '../../../../cloud/dynamodb/expression/evaluate.ts';
import { Substitutions } from '../../../../cloud/dynamodb/expression/substitutions.ts';

const item = readAttributeMap({
  id: { S: 'job-1' },
  n: { N: '10' },
  m: { N: '1e1' },
  big: { N: '12345678901234567890123456789012345678' },
  txt: { S: 'hello' },
  accented: { S: 'é' },
  hollow: { S: '' },
  bin: { B: 'AP9/' },
  flag: { BOOL: true },
  nothing: { NULL: true },
  strings: { SS: ['b', 'a'] },
  numbers: { NS: ['1', '2.50'] },
  blobs: { BS: ['AA==', '/w=='] },
  lst: { L: [{ S: 'x' }, { N: '3' }, { SS: ['p', 'q'] }, { L: [{ N: '7' }] }] },
  doc: { M: { a: { M: { b: { N: '1' } } }, 'with.dot': { S: 'd' } } },
  twin: { M: { 'with.dot': { S: 'd' }, a: { M: { b: { N: '1.0' } } } } },
});

const values = {
  ':ten': { N: '10.0' },
  ':nine': { N: '9' },
  ':eleven': { N: '11' },
  ':bigger': { N: '12345678901234567890123456789012345679' },
  ':hello': { S: 'hello' },
  ':hel': { S: 'hel' },
  ':ell': { S: 'ell' },
  ':a': { S: 'a' },
  ':x': { S: 'x' },
  ':empty': { S: '' },
  ':ff7f': { B: '/38=' },
  ':00': { B: 'AA==' },
  ':true': { BOOL: true },
  ':null': { NULL: true },
  ':ab': { SS: ['a', 'b'] },
  ':pq': { SS: ['q', 'p'] },
  ':n25': { NS: ['2.5', '1'] },
  ':two': { N: '2' },
  ':2.5': undefined,
  ':twohalf': { N: '2.5' },
  ':three': { N: '3' },
  ':five': { N: '5' },
  ':zero': { N: '0' },
  ':S': { S: 'S' },
  ':NS': { S: 'NS' },
  ':NULL': { S: 'NULL' },
};

const names = { '#text': 'txt', '#dotted': 'with.dot', '#size': 'size', '#proto': '__proto__', '#ctor': 'constructor' };

function evaluate(text: string): boolean {
  return holds(parse(text), item);
}

function parse(text: string, parameter = 'ConditionExpression') {
  const used = (all: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(all).filter(([name, value]) => text.includes(name) && value !== undefined));
  const input = {
    ConditionExpression: text,
    ExpressionAttributeNames: used(names),
    ExpressionAttributeValues: used(values),
  };
  const given = Object.fromEntries(
    Object.entries(input).filter(([, member]) => typeof member === 'string' || Object.keys(member).length > 0),
  );
  return parseCondition(text, parameter, new Substitutions(given, ['ConditionExpression']));
}

describe('true of the item', () => {
  test.each([
    'n = :ten',
    'n = m',
    ':ten = n',
    'n <> :nine',
    'n > :nine AND n < :eleven AND n >= :ten AND n <= :ten',
    'big < :bigger',
    'n BETWEEN :nine AND :eleven',
    'n between m AnD m',
    'n IN (:nine, :ten)',
    'NOT n IN (:nine)',
    'txt = :hello',
    'txt > :hel',
    'accented > txt',
    'bin > :00',
    '#text = :hello',
    'flag = :true',
    'nothing = :null',
    'strings = :ab',
    'numbers = :n25',
    'doc = twin',
    'doc.a.b < :ten',
    'doc.#dotted = twin.#dotted',
    'lst[0] = :x',
    'lst[3][0] < n',
    'attribute_exists(doc.a)',
    'attribute_exists (lst[2])',
    'attribute_not_exists(gone)',
    'attribute_not_exists(lst[9])',
    'attribute_not_exists(txt.inside)',
    'attribute_not_exists(txt[0])',
    'attribute_not_exists(#proto)',
    'attribute_not_exists(#ctor)',
    'attribute_type(txt, :S)',
    'attribute_type(numbers, :NS)',
    'attribute_type(nothing, :NULL)',
    'begins_with(txt, :hel)',
    'begins_with(:hello, txt)',
    'begins_with(txt, :empty)',
    'begins_with(bin, :00)',
    'contains(txt, :ell)',
    'contains(strings, :a)',
    'contains(numbers, :twohalf)',
    'contains(blobs, :00)',
    'contains(bin, :ff7f)',
    'contains(lst, :three)',
    'contains(lst, :pq)',
    'size(txt) = :five',
    'size(hollow) = :zero',
    'size(bin) = :three',
    'size(strings) = :two',
    'size(lst) > :three',
    'size(doc) = :two',
    ':two < size(txt)',
    'size(txt) BETWEEN :nine AND :eleven OR size(txt) IN (:five)',
    'gone <> :ten',
    'gone <> lost',
    'txt <> n',
    'NOT gone = :ten',
    'NOT NOT n = :ten',
    'n = :nine AND n = :ten OR n = :ten',
    'n = :ten OR n = :ten AND n = :nine',
    '(n = :nine OR n = :ten) AND (txt = :hello)',
    'NOT (n = :nine OR txt = :a)',
    'NOT n = :nine AND n = :ten',
    '(n) = (:ten)',
    '((n = :ten) AND (txt = :hello))',
    'n=:ten and\n\ttxt=:hello',
  ])('%s', (text) => {
    expect(evaluate(text)).toBe(true);
  });
});

describe('not true of the item', () => {
  test.each([
    'n = :nine',
    'n = txt',
    'n < m',
    'txt < n',
    'gone = :ten',
    'gone = lost',
    'gone < :ten',
    ':ten < gone',
    'gone BETWEEN :nine AND :eleven',
    'n BETWEEN gone AND :eleven',
    'txt BETWEEN :nine AND :eleven',
    'n BETWEEN :eleven AND m',
    'n IN (:hello)',
    'lst < :ten',
    'strings = lst',
    'flag = nothing',
    'size(n) = :two',
    'size(flag) > :zero',
    'size(gone) = :zero',
    'size(txt) = :hello',
    'attribute_exists(gone)',
    'attribute_exists(doc.zzz)',
    'attribute_exists(doc[0])',
    'attribute_not_exists(doc.a)',
    'attribute_type(gone, :S)',
    'begins_with(n, :hel)',
    'begins_with(gone, :hel)',
    'begins_with(:hel, txt)',
    'contains(n, :ten)',
    'contains(gone, :a)',
    'contains(txt, n)',
    'contains(strings, :x)',
    'NOT n = :ten OR n = :nine',
  ])('%s', (text) => {
    expect(evaluate(text)).toBe(false);
  });
});

describe('malformed conditions are refused in the words of AWS', () => {
  const between = 'lower bound operand: AttributeValue: {N:11}, upper bound operand: AttributeValue: ';
  test.each([
    ['', 'The expression can not be empty;'],
    ['n =', 'Syntax error; token: "<EOF>", near: "="'],
    ['n', 'Syntax error; token: "<EOF>", near: "n"'],
    [':ten', 'Syntax error; token: "<EOF>", near: ":ten"'],
    ['n = 8 OR', 'Syntax error; token: "8", near: "= 8 OR"'],
    ['n != :ten', 'Syntax error; token: "!", near: "n !="'],
    ['hello!', 'Syntax error; token: "!", near: "hello!"'],
    ['_n = :ten', 'Syntax error; token: "_", near: "_n"'],
    ['n = :ten)', 'Syntax error; token: ")", near: ":ten)"'],
    ['(n = :ten', 'Syntax error; token: "<EOF>", near: ":ten"'],
    ['n = :ten AND', 'Syntax error; token: "<EOF>", near: "AND"'],
    ['n AND txt = :hello', 'Syntax error; token: "AND", near: "n AND txt"'],
    ['(n = :ten) = :ten', 'Syntax error; token: "=", near: ") = :ten"'],
    ['lst[:ten] = :ten', 'Syntax error; token: ":ten", near: "[:ten]"'],
    ['lst[#text] = :ten', 'Syntax error; token: "#text", near: "[#text]"'],
    ['n BETWEEN :nine OR :ten', 'Syntax error; token: "OR", near: ":nine OR :ten"'],
    ['n IN :ten', 'Syntax error; token: ":ten", near: "IN :ten"'],
    ['# = :ten', 'Syntax error; token: "#", near: "# ="'],
    ['((n = :ten))', 'The expression has redundant parentheses;'],
    ['n = ((:ten))', 'The expression has redundant parentheses;'],
    ['name = :ten', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['doc.Status = :ten', 'Attribute name is a reserved keyword; reserved keyword: Status'],
    ['dog(n)', 'Invalid function name; function: dog'],
    ['BEGINS_WITH(txt, :a)', 'Invalid function name; function: BEGINS_WITH'],
    ['size(n)', 'The function is not allowed to be used this way in an expression; function: size'],
    ['size(size(n)) = :ten', 'The function is not allowed to be used this way in an expression; function: size'],
    [
      'attribute_exists(n) = :true',
      'The function is not allowed to be used this way in an expression; function: attribute_exists',
    ],
    [
      'if_not_exists(n, m) = :ten',
      'The function is not allowed to be used this way in an expression; function: if_not_exists',
    ],
    [
      'size(n, m) = :ten',
      'Incorrect number of operands for operator or function; operator or function: size, number of operands: 2',
    ],
    ['attribute_exists(:ten)', 'Operator or function requires a document path; operator or function: attribute_exists'],
    [
      'begins_with(n, :ten)',
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    ['n < :ab', 'Incorrect operand type for operator or function; operator or function: <, operand type: SS'],
    [
      'attribute_type(n, :ten)',
      'Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N',
    ],
    [
      'attribute_type(n, :hello)',
      'Invalid attribute type name found; type: hello, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
    ],
    [
      'n = n',
      'The first operand must be distinct from the remaining operands for this operator or function; ' +
        'operator: =, first operand: [n]',
    ],
    [
      'contains(doc.a, doc.a)',
      'The first operand must be distinct from the remaining operands for this operator or function; ' +
        'operator: contains, first operand: [doc, a]',
    ],
    [
      'n BETWEEN :eleven AND :nine',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' + between + '{N:9}',
    ],
    [
      'n BETWEEN :eleven AND :hello',
      'The BETWEEN operator requires same data type for lower and upper bounds; ' + between + '{S:hello}',
    ],
    [
      '#unknown = :ten',
      'An expression attribute name used in the document path is not defined; attribute name: #unknown',
    ],
    ['n = :unknown', 'An expression attribute value used in expression is not defined; attribute value: :unknown'],
    ['n '.padEnd(4097, 'x'), 'Expression size has exceeded the maximum allowed size; expression size: 4097'],
  ])('%s', (text, reason) => {
    expect(() => parse(text, 'FilterExpression')).toThrow(`Invalid FilterExpression: ${reason}`);
  });

  test('a syntax error goes before anything else that is wrong', () => {
    expect(() => parse('name = :unknown AND (')).toThrow('Syntax error; token: "<EOF>", near: "("');
  });
});

describe('placeholders', () => {
  const condition = { ConditionExpression: 'x' };
  test.each([
    [
      { ExpressionAttributeNames: { '#a': 'a' } },
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [
      { ExpressionAttributeValues: { ':a': { S: 'a' } } },
      'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
    ],
    [{ ...condition, ExpressionAttributeNames: {} }, 'ExpressionAttributeNames must not be empty'],
    [{ ...condition, ExpressionAttributeValues: {} }, 'ExpressionAttributeValues must not be empty'],
    [
      { ...condition, ExpressionAttributeNames: { a: 'a' } },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
    ],
    [
      { ...condition, ExpressionAttributeValues: { ':a!': { S: '' } } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: ":a!"',
    ],
    [
      { ...condition, ExpressionAttributeValues: { ':a': { N: 'x' } } },
      'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :a',
    ],
  ])('%j', (input, message) => {
    expect(() => new Substitutions(input, ['ConditionExpression'])).toThrow(message);
  });
});
