import { expect, test } from 'bun:test';
import { readGeneFile } from '../../../anntools/annotation-files/read.ts';

const gff = `##gff-version 3
1	x	gene	1	90	.	+	.	ID=gene:G
1	x	mRNA	1	90	.	+	.	ID=transcript:WITH;Parent=gene:G
1	x	exon	1	90	.	+	.	Parent=transcript:WITH
1	x	CDS	1	90	.	+	0	Parent=transcript:WITH
1	x	mRNA	1	60	.	+	.	ID=transcript:WITHOUT;Parent=gene:G
1	x	CDS	1	60	.	+	0	Parent=transcript:WITHOUT
`;

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(gff);
}

test('a transcript without exon lines is taken by its coding parts', async () => {
  const { transcripts } = await readGeneFile(bytes());
  expect(transcripts.map(({ id }) => id).sort()).toEqual(['WITH', 'WITHOUT']);
});

test("where exon lines are required, as VEP's GFF mode has it, it is left out and counted", async () => {
  const { transcripts, problems } = await readGeneFile(bytes(), { exonLinesRequired: true });
  expect(transcripts.map(({ id }) => id)).toEqual(['WITH']);
  expect(problems).toContainEqual({ code: 'LEFT_OUT_WITHOUT_EXONS', count: 1, examples: ['WITHOUT (line 6)'] });
});
