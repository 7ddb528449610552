import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { combineTreeHashes, isTreeHashAligned, mebibyte, TreeHash } from '../../../cloud/glacier/tree-hash.ts';

/** As the Developer Guide tells it: hash every MiB, then pairs of neighbours, until one is left. */
function straightforward(bytes: Uint8Array): string {
  let level: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += mebibyte) level.push(sha256(bytes.subarray(at, at + mebibyte)));
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(sha256Of(level.slice(i, i + 2)));
    level = above;
  }
  return (level[0] ?? sha256()).toString('hex');
}

/** One hash alone moves up as it is. */
function sha256Of(pair: Buffer[]): Buffer {
  const [only] = pair;
  return only && pair.length === 1 ? only : sha256(...pair);
}

function sha256(...pieces: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

function treeHash(bytes: Uint8Array, chunkSize = bytes.length): string {
  const hash = new TreeHash();
  for (let at = 0; at < bytes.length; at += chunkSize) hash.update(bytes.subarray(at, at + chunkSize));
  return hash.digest();
}

const random = Buffer.alloc(9 * mebibyte);
crypto.getRandomValues(random.subarray(0, 65_536));
for (let at = 65_536; at < random.length; at *= 2) random.copyWithin(at, 1, Math.min(at, random.length - at));

describe('a tree hash is that of a straightforward recomputation', () => {
  test.each([0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 2 * mebibyte, 3 * mebibyte, 5 * mebibyte, 7 * mebibyte + 5])(
    'of %d bytes',
    (size) => {
      expect(treeHash(random.subarray(0, size))).toBe(straightforward(random.subarray(0, size)));
    },
  );

  test('of any size, however the bytes come', () => {
    const size = fc.integer({ min: 0, max: random.length });
    fc.assert(
      fc.property(size, fc.integer({ min: 100_000, max: 3 * mebibyte }), (size, chunkSize) => {
        const bytes = random.subarray(0, size);
        expect(treeHash(bytes, chunkSize)).toBe(straightforward(bytes));
      }),
      { numRuns: 12 },
    );
  });

  test.each([1, 2, 4])('of parts of %d MiB, put together', (mebibytes) => {
    for (const size of [random.length, random.length - 1, 5 * mebibyte + 3]) {
      const parts: string[] = [];
      for (let at = 0; at < size; at += mebibytes * mebibyte) {
        parts.push(treeHash(random.subarray(at, Math.min(size, at + mebibytes * mebibyte))));
      }
      expect(combineTreeHashes(parts)).toBe(straightforward(random.subarray(0, size)));
    }
  });
});

test('a range is aligned exactly when its hash is a node of the tree', () => {
  for (const size of [1, 2, 3, 5, 6, 7, 8].map((mebibytes) => mebibytes * mebibyte - 7)) {
    const nodes = nodesOf(Math.ceil(size / mebibyte));
    for (let start = 0; start < size; start += mebibyte) {
      for (let end = start + mebibyte; end < size + mebibyte; end += mebibyte) {
        const last = Math.min(end, size);
        const range = `${start / mebibyte}-${Math.ceil(last / mebibyte)}`;
        expect([range, size, isTreeHashAligned(start, last, size)]).toEqual([range, size, nodes.has(range)]);
      }
    }
  }
  expect(isTreeHashAligned(1, mebibyte, 2 * mebibyte)).toBe(false);
  expect(isTreeHashAligned(0, mebibyte + 1, 3 * mebibyte)).toBe(false);
});

/** The leaves under each node of a tree, `first-end`. */
function nodesOf(leaves: number): Set<string> {
  const nodes = new Set<string>();
  let level = Array.from({ length: leaves }, (_, i) => ({ start: i, end: i + 1 }));
  for (;;) {
    for (const { start, end } of level) nodes.add(`${start}-${end}`);
    if (level.length <= 1) return nodes;
    const above = [];
    for (let i = 0; i < level.length; i += 2) {
      above.push({ start: level[i]?.start ?? 0, end: (level[i + 1] ?? level[i])?.end ?? 0 });
    }
    level = above;
  }
}
