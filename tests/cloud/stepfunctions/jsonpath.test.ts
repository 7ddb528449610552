/** JSONPath as tables: what each kind of path finds, where a reference path puts, and what is no path. */
import { describe, expect, test } from 'bun:test';
import type { Json } from '../../../cloud/stepfunctions/failure.ts';
import { parsePath, put, query, type Roots } from '../../../cloud/stepfunctions/jsonpath.ts';

const store: Json = {
  'odd name': 1,
  store: {
    book: [
      { title: 'A', price: 8, tags: ['x', 'y'], isbn: '1' },
      { title: 'B', price: 12, tags: [] },
      { title: 'C', price: 9, tags: ['y'] },
    ],
    nothing: null,
  },
};
const roots: Roots = (root) => ({ $: store, $$: { Execution: { Name: 'e' } }, limit: 10 })[root];

describe('a definite path finds one value', () => {
  test.each<[string, Json | undefined]>([
    ['$', store],
    ['$.store.book[0].title', 'A'],
    ["$['store']['book'][1].price", 12],
    ['$["odd name"]', 1],
    ['$.store.book[-1].title', 'C'],
    ['$.store.nothing', null],
    ['$.store.missing', undefined],
    ['$.store.book[7]', undefined],
    ['$.store.book.title', undefined],
    ['$.store.nothing.x', undefined],
    ['$.toString', undefined],
    ['$$.Execution.Name', 'e'],
    ['$limit', 10],
    ['$unknown', undefined],
  ])('%s', (text, found) => {
    expect(query(parsePath(text), roots)).toEqual(found);
  });
});

describe('any other path finds a list', () => {
  test.each<[string, Json]>([
    ['$.store.book[*].title', ['A', 'B', 'C']],
    ['$..title', ['A', 'B', 'C']],
    ['$.store.book..[0]', [{ title: 'A', price: 8, tags: ['x', 'y'], isbn: '1' }, 'x', 'y']],
    ['$.store.book[0,2].title', ['A', 'C']],
    ['$.store.book[0:2].title', ['A', 'B']],
    ['$.store.book[-2:].title', ['B', 'C']],
    ['$.store.book[::2].title', ['A', 'C']],
    ["$.store.book[0]['title','price']", ['A', 8]],
    ['$.store.book[*].missing', []],
    ['$.store.book[?(@.price < 10)].title', ['A', 'C']],
    ['$.store.book[?(@.price < $limit && @.title != "A")].title', ['C']],
    ["$.store.book[?(@.title == 'B' || @.price == 8)].title", ['A', 'B']],
    ['$.store.book[?(@.isbn)].title', ['A']],
    ['$.store.book[?(!@.isbn)].title', ['B', 'C']],
    ['$.store.book[?(!(@.price > 8 && @.price < 12))].title', ['A', 'B']],
    ['$.store.book[?(@.price >= "9")].title', []],
    ["$.store.book[?(@.tags[0] == 'y')].title", ['C']],
  ])('%s', (text, found) => {
    expect(query(parsePath(text), roots)).toEqual(found);
  });
});

describe('a reference path puts a value', () => {
  test.each<[string, Json, Json | undefined]>([
    ['$', { a: 1 }, 9],
    ['$.b', { a: 1 }, { a: 1, b: 9 }],
    ['$.a', { a: 1 }, { a: 9 }],
    ['$.a.b.c', {}, { a: { b: { c: 9 } } }],
    ['$.a[1]', { a: [1, 2] }, { a: [1, 9] }],
    ['$.a[2]', { a: [1, 2] }, undefined],
    ['$.a.b', { a: 'text' }, undefined],
    ['$.a', [1], undefined],
  ])('%s', (text, target, result) => {
    expect(put(parsePath(text), target, 9)).toEqual(result);
  });
});

test.each([
  '',
  'a.b',
  '$.',
  '$..',
  '$[',
  '$[0',
  "$['a",
  '$[]',
  '$.a b',
  '$[?(@.a ==)]',
  '$[?(@.a]',
  '$[::0]',
  '$.a[b]',
])('"%s" is no path', (text) => expect(() => parsePath(text)).toThrow(SyntaxError));
