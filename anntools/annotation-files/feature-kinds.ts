/** What a feature type (column 3, a Sequence Ontology term or a habit) means for gene models. */

export type FeatureKind =
  'gene' | 'transcript' | 'exon' | 'coding' | 'untranslated' | 'stop codon' | 'selenocysteine' | 'sequence' | 'other';

const named: Record<string, FeatureKind> = {
  gene: 'gene',
  pseudogene: 'gene',
  mrna: 'transcript',
  transcript: 'transcript',
  primary_transcript: 'transcript',
  lincrna: 'transcript',
  antisense: 'transcript',
  nmd_transcript_variant: 'transcript',
  exon: 'exon',
  coding_exon: 'exon',
  noncoding_exon: 'exon',
  pseudogenic_exon: 'exon',
  cds: 'coding',
  five_prime_utr: 'untranslated',
  three_prime_utr: 'untranslated',
  "5'utr": 'untranslated',
  "3'utr": 'untranslated',
  '5utr': 'untranslated',
  '3utr': 'untranslated',
  utr: 'untranslated',
  stop_codon: 'stop codon',
  // GENCODE's GFF3 and GTF name them differently.
  stop_codon_redefined_as_selenocysteine: 'selenocysteine',
  selenocysteine: 'selenocysteine',
  region: 'sequence',
  chromosome: 'sequence',
  supercontig: 'sequence',
  scaffold: 'sequence',
  contig: 'sequence',
};

const kinds = new Map<string, FeatureKind>();

/** The kind of a type, in any case. */
export function featureKind(type: string): FeatureKind {
  let kind = kinds.get(type);
  if (kind === undefined) {
    kind = kindOf(type.toLowerCase());
    kinds.set(type, kind);
  }
  return kind;
}

function kindOf(type: string): FeatureKind {
  const known = named[type];
  if (known !== undefined) return known;
  if (type.endsWith('_gene')) return 'gene';
  if (/(rna|transcript|_gene_segment)$/.test(type)) return 'transcript';
  return 'other';
}
