import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { TreeHash } from '../../aws/tree-hash.ts';

const MIB = 1 << 20;
const sha = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The algorithm as the developer guide tells it, on the whole body at once. */
function asDocumented(body: Uint8Array): string {
  let level: Buffer[] = [];
  for (let at = 0; at < Math.max(1, body.length); at += MIB) level.push(sha(body.subarray(at, at + MIB)));
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Buffer;
      const right = level[i + 1];
      above.push(right ? sha(left, right) : left);
    }
    level = above;
  }
  return (level[0] as Buffer).toString('hex');
}

test('a tree hash fed in any pieces is the documented one', () => {
  const body = new Uint8Array(7 * MIB + 12_345);
  for (let i = 0; i < body.length; i++) body[i] = (i * 31 + (i >> 12)) & 255;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: body.length }), fc.integer({ min: 1, max: 3 * MIB }), (length, piece) => {
      const tree = new TreeHash();
      for (let at = 0; at < length; at += piece) tree.update(body.subarray(at, Math.min(length, at + piece)));
      return tree.digest() === asDocumented(body.subarray(0, length));
    }),
    {
      numRuns: 15,
      examples: [
        [0, 1],
        [MIB, MIB],
        [MIB + 1, 7],
        [3 * MIB, MIB],
      ].map(([a, b]) => [a as number, Math.max(b as number, 1000)]) as [number, number][],
    },
  );
});

test('the tree hash of nothing is SHA-256 of nothing', () => {
  expect(new TreeHash().digest()).toBe(sha().toString('hex'));
});
