import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { copyInfo, infoKey, infoValue, infoValueEnd } from '../../../anntools/vcf/info.ts';

function valueOf(info: string, key: string): string | undefined {
  const bytes = Buffer.from(`before\t${info}\tafter`);
  const end = 7 + info.length;
  const at = infoValue(bytes, 7, end, infoKey(key));
  return at < 0 ? undefined : bytes.toString('latin1', at, infoValueEnd(bytes, at, end));
}

function without(info: string, keys: readonly string[]): string {
  const out = new ByteBuffer();
  copyInfo(Buffer.from(`x\t${info}\ty`), 2, 2 + info.length, keys.map(infoKey), out);
  return out.view().toString('latin1');
}

test.each([
  ['AC=1;END=200;DB', 'END', '200'],
  ['END=200', 'END', '200'],
  ['CIEND=0,2;END=7', 'END', '7'],
  ['XEND=1', 'END', undefined],
  ['END', 'END', undefined],
  ['END=', 'END', ''],
  ['.', 'END', undefined],
  ['', 'END', undefined],
  ['AC=1;ENDX=3', 'END', undefined],
])('in %p the value of %p is %p', (info, key, value) => {
  expect(valueOf(info, key)).toBe(value);
});

test.each([
  ['AC=1;CSQ=a|b;DB', ['CSQ'], 'AC=1;DB'],
  ['CSQ=a|b', ['CSQ'], ''],
  ['CSQ;AC=1', ['CSQ'], 'AC=1'],
  ['CSQX=1;XCSQ=2', ['CSQ'], 'CSQX=1;XCSQ=2'],
  ['A=1;B=2;C=3', ['A', 'C'], 'B=2'],
  ['.', ['A'], ''],
  ['.', [], ''],
  ['A=1;;B=2', [], 'A=1;;B=2'],
])('%p without %p is %p', (info, keys, rest) => {
  expect(without(info, keys)).toBe(rest);
});

test('what is left after taking keys away is what a split would leave', () => {
  const entry = fc.tuple(fc.constantFrom('A', 'AB', 'CSQ', 'CS'), fc.constantFrom('', '=1', '=a|b,c'));
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1 }), (entries) => {
      const parts = entries.map(([key, value]) => key + value);
      const kept = parts.filter((part) => part !== 'CSQ' && !part.startsWith('CSQ='));
      expect(without(parts.join(';'), ['CSQ'])).toBe(kept.join(';'));
    }),
  );
});
