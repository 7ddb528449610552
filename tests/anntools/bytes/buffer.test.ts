import { expect, test } from 'bun:test';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';

test('a part beyond the end of its source is refused, never filled with what the memory held', () => {
  const out = new ByteBuffer(64);
  out.ascii('what another file left');
  out.clear();
  expect(() => out.append(Buffer.from('0123456789'), 0, 20)).toThrow(RangeError);
  out.append(Buffer.from('0123456789'), 1, 10);
  expect(out.view().toString()).toBe('123456789');
});
