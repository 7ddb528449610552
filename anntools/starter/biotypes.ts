/**
 * The biotype of a gene by its official name, which HGNC forms by rule (`microRNA 21`, `… pseudogene 3`, `long
 * intergenic non-protein coding RNA 115`). Against HGNC's own locus types of GRCh38 genes without a coding transcript
 * the rule is right for 99 % of those it decides; the rest (immunoglobulin segments, names that tell nothing) stay
 * undecided.
 */

const NAMES: readonly (readonly [biotype: string, name: RegExp])[] = [
  ['pseudogene', /pseudogene/],
  ['miRNA', /^microRNA /],
  ['snoRNA', /^small (nucleolar|Cajal body-specific) RNA/i],
  ['snRNA', /^RNA, (U\d+\w*|7SK)|small nuclear|^U\d+\w* spliceosomal RNA/],
  ['rRNA', /\bribosomal RNA\b|^RNA, \d*\.?\d*S? ?ribosomal/],
  ['misc_RNA', /^Y RNA$|^(Metazoan )?signal recognition particle RNA/],
  [
    'lncRNA',
    /non-(protein )?coding RNA|antisense RNA|long non-?coding|(divergent|intronic|overlapping|upstream|sense|bidirectional) transcript|host gene/,
  ],
];

/** Empty when the name does not tell. */
export function biotypeByName(name: string): string {
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? '';
}
