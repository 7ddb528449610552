/** CRC-32C against RFC 3720 appendix B.4, and in pieces as in one. */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { crc32c } from '../../../cloud/s3/crc32c.ts';

test.each([
  ['32 bytes of zeroes', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 bytes of incrementing', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
  ['32 bytes of decrementing', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
  ['the digits 1 to 9', Buffer.from('123456789'), 0xe3069283],
])('of %s', (_what, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

test('goes on where it stopped', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (head, tail) => {
      expect(crc32c(tail, crc32c(head))).toBe(crc32c(Buffer.concat([head, tail])));
    }),
  );
});
