import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { AttributeValue } from '../../../cloud/dynamodb/attribute-value.ts';
import { compareValues } from '../../../cloud/dynamodb/attribute-value.ts';
import {
  after,
  beginningWith,
  encodeKey,
  encodePrefix,
  encodeValue,
  segmentRange,
} from '../../../cloud/dynamodb/key-encoding.ts';

const string = fc.string({ unit: 'binary', maxLength: 6 }).map((S): AttributeValue => ({ S }));
const binary = fc
  .uint8Array({ maxLength: 5 })
  .map((bytes): AttributeValue => ({ B: Buffer.from(bytes).toString('base64') }));
const zeros = fc
  .array(fc.constantFrom(0, 1, 254, 255), { maxLength: 5 })
  .map((bytes): AttributeValue => ({ B: Buffer.from(bytes).toString('base64') }));
const pair = fc.oneof(fc.tuple(string, string), fc.tuple(binary, binary), fc.tuple(zeros, zeros));

test('strings sort by UTF-8 and binaries by bytes, as keys do', () => {
  fc.assert(
    fc.property(pair, ([a, b]) => {
      expect(Math.sign(Buffer.compare(encodeValue(a), encodeValue(b)))).toBe(Math.sign(compareValues(a, b) ?? NaN));
    }),
  );
});

test('a value is in the range of a prefix exactly when it begins with it', () => {
  fc.assert(
    fc.property(pair, ([value, prefix]) => {
      const { from, to } = beginningWith(Uint8Array.of(1, ...encodePrefix(prefix)));
      const key = Uint8Array.of(1, ...encodeValue(value));
      const inRange = Buffer.compare(key, from) >= 0 && Buffer.compare(key, to) < 0;
      const [whole, start] = [bytesOf(value), bytesOf(prefix)];
      expect(inRange).toBe(whole.subarray(0, start.length).equals(start));
    }),
  );
});

describe('the bytes after all that begin with a prefix', () => {
  test.each([
    [
      [1, 2],
      [1, 3],
    ],
    [[1, 255, 255], [2]],
    [
      [0, 0],
      [0, 1],
    ],
  ])('%p is %p', (prefix, next) => {
    expect([...after(Uint8Array.from(prefix))]).toEqual(next);
  });
});

test('every key lies in exactly one segment of a scan', () => {
  const schema = { hash: { name: 'id', type: 'S' as const } };
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 7 }), (id, total) => {
      const key = encodeKey(schema, { id: { S: id } });
      const holding = Array.from({ length: total }, (_, segment) => segmentRange(segment, total)).filter(
        ({ from, to }) => Buffer.compare(key, from) >= 0 && Buffer.compare(key, to) < 0,
      );
      expect(holding).toHaveLength(1);
    }),
  );
});

function bytesOf(value: AttributeValue): Buffer {
  return 'S' in value ? Buffer.from(value.S) : 'B' in value ? Buffer.from(value.B, 'base64') : Buffer.alloc(0);
}
