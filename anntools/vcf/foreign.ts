/** What people give instead of a VCF, told by how it begins, so that the sentence can say what to do. */

const FOREIGN: readonly (readonly [begins: RegExp, what: string])[] = [
  [/^\s*<(!doctype|html|\?xml|head|body)/i, 'a web page: the link led to a page and not to the file itself'],
  [/^#.*23andMe/, "23andMe's raw data: convert it to VCF first (for example with bcftools convert --tsv2vcf)"],
  [/^#AncestryDNA/, "AncestryDNA's raw data: convert it to VCF first"],
  [/^##gff-version/, 'a GFF3 file of features'],
  [/^(track |browser |#?chrom\tchromStart)/, 'a BED file of regions'],
  [/^@(HD|SQ|RG|PG)\t/, 'a SAM file of reads: call variants first'],
  [/^@\S+.*\n[ACGTN]+\n\+/, 'a FASTQ file of reads: map them and call variants first'],
  [/^>\S+.*\n[ACGTNacgtn]+/, 'a FASTA file of sequence'],
  [/^(#version 2\.|Hugo_Symbol\t)/, 'a MAF table of mutations: convert it to VCF first'],
  [/^\s*[[{]/, 'JSON'],
  [/^%!PS/, 'PostScript'],
  // oxlint-disable-next-line no-control-regex -- binary is what is looked for
  [/^[^\n]*[\0-\x08\x0e-\x1f]/, 'a binary file'],
];

/** What the text is, when it is a format people often take for VCF. */
export function foreignFile(beginning: string): string | undefined {
  return FOREIGN.find(([begins]) => begins.test(beginning))?.[1];
}
