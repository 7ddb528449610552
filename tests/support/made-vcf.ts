/** VCFs made for tests. */

const HEADER =
  '##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n';

/** So many SNVs along chromosome 1 of GRCh38, with ids v0, v1, … */
export function manyVariants(count: number): string {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const [ref, alt] = ['ACGT'[i % 4], 'CGTA'[i % 4]];
    lines.push(`chr1\t${100_000 + i * 700}\tv${i}\t${ref}\t${alt}\t50\tPASS\tDP=${i % 90}\n`);
  }
  return HEADER + lines.join('');
}

/** The data lines of a VCF. */
export function dataLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
