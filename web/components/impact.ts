/**
 * Consequence terms of the Sequence Ontology and their impact, as Ensembl VEP ranks them (release 115,
 * https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html). Most severe first.
 */
export const impacts = ['HIGH', 'MODERATE', 'LOW', 'MODIFIER'] as const;
export type Impact = (typeof impacts)[number];

const termsByImpact: [Impact, string][] = [
  [
    'HIGH',
    `transcript_ablation splice_acceptor_variant splice_donor_variant stop_gained frameshift_variant stop_lost
    start_lost transcript_amplification feature_elongation feature_truncation`,
  ],
  ['MODERATE', 'inframe_insertion inframe_deletion missense_variant protein_altering_variant'],
  [
    'LOW',
    `splice_donor_5th_base_variant splice_region_variant splice_donor_region_variant splice_polypyrimidine_tract_variant
    incomplete_terminal_codon_variant start_retained_variant stop_retained_variant synonymous_variant`,
  ],
  [
    'MODIFIER',
    `coding_sequence_variant mature_miRNA_variant 5_prime_UTR_variant 3_prime_UTR_variant
    non_coding_transcript_exon_variant intron_variant NMD_transcript_variant non_coding_transcript_variant
    coding_transcript_variant upstream_gene_variant downstream_gene_variant`,
  ],
  ['MODERATE', 'TFBS_ablation'],
  [
    'MODIFIER',
    `TFBS_amplification TF_binding_site_variant regulatory_region_ablation regulatory_region_amplification
    regulatory_region_variant intergenic_variant sequence_variant`,
  ],
];

const ranked = termsByImpact.flatMap(([impact, terms]) => terms.split(/\s+/).map((term) => ({ term, impact })));
const rankOf = new Map(ranked.map(({ term }, rank) => [term, rank]));

export function impactOf(term: string): Impact {
  return ranked[rankOf.get(term) ?? -1]?.impact ?? 'MODIFIER';
}

/** Orders terms, most severe first; unknown ones last. */
export function bySeverity(a: string, b: string): number {
  return (rankOf.get(a) ?? ranked.length) - (rankOf.get(b) ?? ranked.length);
}
