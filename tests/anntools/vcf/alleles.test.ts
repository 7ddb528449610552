import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { AltAlleles, alleleClasses } from '../../../anntools/vcf/alleles.ts';
import { VcfRecord } from '../../../anntools/vcf/record.ts';

/** Class, offset, replaced and new bases of every ALT. */
function parse(
  position: number,
  ref: string,
  alt: string,
): { class: string; offset: number; ref: string; alt: string }[] {
  const bytes = Buffer.from(`1\t${position}\t.\t${ref}\t${alt}\t.\t.\t.`);
  const record = new VcfRecord();
  record.parse(bytes, 0, bytes.length, 1);
  const alleles = new AltAlleles();
  alleles.parse(record);
  return Array.from({ length: alleles.count }, (_, i) => ({
    class: alleleClasses[alleles.classes[i] ?? 0] ?? '',
    offset: alleles.offsets[i] ?? -1,
    ref: bytes.toString('latin1', alleles.refStarts[i], alleles.refEnds[i]),
    alt: bytes.toString('latin1', alleles.altStarts[i], alleles.altEnds[i]),
  }));
}

test.each([
  ['A', 'C', 'SNV', 99, 'A', 'C'],
  ['a', 'C', 'SNV', 99, 'a', 'C'],
  ['A', 'a', 'no_variant', 99, '', ''],
  ['AT', 'AC', 'SNV', 100, 'T', 'C'],
  ['AT', 'GC', 'MNV', 99, 'AT', 'GC'],
  ['A', 'ACG', 'insertion', 100, '', 'CG'],
  ['CAA', 'CA', 'deletion', 100, 'A', ''],
  ['CTTT', 'CT', 'deletion', 100, 'TT', ''],
  ['ATG', 'CC', 'delins', 99, 'ATG', 'CC'],
  ['N', 'A', 'SNV', 99, 'N', 'A'],
])('%s>%s is a %s', (ref, alt, name, offset, from, to) => {
  expect(parse(100, ref, alt)).toEqual([{ class: name, offset, ref: from, alt: to }]);
});

test.each([
  ['.', 'no_variant'],
  ['<NON_REF>', 'no_variant'],
  ['<*>', 'no_variant'],
  ['*', 'overlapping_deletion'],
  ['<DEL>', 'structural_deletion'],
  ['<DEL:ME:ALU>', 'structural_deletion'],
  ['<DUP:TANDEM>', 'duplication'],
  ['<INS:ME:LINE1>', 'structural_insertion'],
  ['<INV>', 'inversion'],
  ['<CNV>', 'copy_number_variation'],
  ['<CN0>', 'copy_number_variation'],
  ['<CNV:TR>', 'tandem_repeat'],
  ['<STR12>', 'tandem_repeat'],
  ['<BND>', 'breakend'],
  ['G]17:198982]', 'breakend'],
  [']13:123456]T', 'breakend'],
  ['C[<ctg1>:7[', 'breakend'],
  ['G.', 'breakend'],
  ['.A', 'breakend'],
  ['<FOO>', 'other_structural_variant'],
  ['D4', 'deletion'],
  ['IACT', 'insertion'],
  ['ALT', 'invalid'],
  ['', 'invalid'],
  ['A/C', 'invalid'],
])('ALT %p is %s', (alt, name) => {
  expect(parse(100, 'G', alt).map((allele) => allele.class)).toEqual([name]);
});

describe('several ALTs', () => {
  test('each is trimmed by itself', () => {
    expect(parse(10, 'CAA', 'C,CA,CAT,*,<DEL>').map((one) => [one.class, one.offset, one.ref, one.alt])).toEqual([
      ['deletion', 10, 'AA', ''],
      ['deletion', 10, 'A', ''],
      ['SNV', 11, 'A', 'T'],
      ['overlapping_deletion', 9, 'CAA', '*'],
      ['structural_deletion', 9, 'CAA', '<DEL>'],
    ]);
  });

  test('a REF that is no bases makes them all invalid', () => {
    expect(parse(10, 'REF', 'A,<DEL>').map((one) => one.class)).toEqual(['invalid', 'invalid']);
  });
});

test('trimming keeps the meaning: the shared bases around it, the changed ones differ at both ends', () => {
  const bases = fc.string({ unit: fc.constantFrom('A', 'C', 'G', 'T'), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(bases, bases, (ref, alt) => {
      const [one] = parse(100, ref, alt);
      if (!one) throw new Error('no allele');
      const before = one.offset - 99;
      const after = ref.length - before - one.ref.length;
      expect(ref.slice(0, before) + one.alt + ref.slice(ref.length - after)).toBe(alt);
      if (one.ref !== '' && one.alt !== '') {
        expect(one.ref[0]).not.toBe(one.alt[0]);
        expect(one.ref.at(-1)).not.toBe(one.alt.at(-1));
      }
    }),
  );
});
