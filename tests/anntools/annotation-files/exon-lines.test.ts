import { expect, test } from 'bun:test';
import { parseGeneFile } from '../../../anntools/annotation-files/read.ts';
import { TranscriptFlag } from '../../../anntools/models/gene-models.ts';

const without = (gff: string): string[] => {
  const { transcripts } = parseGeneFile(Buffer.from(`##gff-version 3\n${gff.replaceAll(' ', '\t')}`));
  return transcripts.filter(({ flags }) => (flags & TranscriptFlag.NO_EXON_LINES) !== 0).map(({ id }) => id);
};

test('a coding transcript with a line of its own and no exon lines is kept and flagged', () => {
  const gff = `1 x gene 1 90 . + . ID=gene:G
1 x mRNA 1 90 . + . ID=transcript:WITH;Parent=gene:G
1 x exon 1 90 . + . Parent=transcript:WITH
1 x CDS 1 90 . + 0 Parent=transcript:WITH
1 x mRNA 1 60 . + . ID=transcript:WITHOUT;Parent=gene:G
1 x CDS 1 60 . + 0 Parent=transcript:WITHOUT
`;
  expect(without(gff)).toEqual(['WITHOUT']);
});

test('a CDS that is its gene’s own child, as in bacteria and viruses, lacks nothing', () => {
  expect(without('1 x gene 1 90 . + . ID=gene-b0001\n1 x CDS 1 90 . + 0 ID=cds-1;Parent=gene-b0001\n')).toEqual([]);
});

test('nor does an RNA without coding parts', () => {
  expect(without('1 x tRNA 1 90 . + . ID=rna-1\n')).toEqual([]);
});
