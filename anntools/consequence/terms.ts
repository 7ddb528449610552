/**
 * The 41 Sequence Ontology terms a variant can earn, in the order of severity of Ensembl VEP 115, and sets of them as
 * two words of bits, since one word of JavaScript's bitwise operators holds only 32.
 */

export type Impact = 'HIGH' | 'MODERATE' | 'LOW' | 'MODIFIER';

/** Impacts from worst to mildest; a term's impact is an index into this list. */
export const IMPACTS: readonly Impact[] = ['HIGH', 'MODERATE', 'LOW', 'MODIFIER'];

export interface Term {
  /** 1 is the most severe. */
  rank: number;
  name: string;
  accession: string;
  impact: Impact;
}

const table: readonly (readonly [name: string, accession: string, impact: Impact])[] = [
  ['transcript_ablation', 'SO:0001893', 'HIGH'],
  ['splice_acceptor_variant', 'SO:0001574', 'HIGH'],
  ['splice_donor_variant', 'SO:0001575', 'HIGH'],
  ['stop_gained', 'SO:0001587', 'HIGH'],
  ['frameshift_variant', 'SO:0001589', 'HIGH'],
  ['stop_lost', 'SO:0001578', 'HIGH'],
  ['start_lost', 'SO:0002012', 'HIGH'],
  ['transcript_amplification', 'SO:0001889', 'HIGH'],
  ['feature_elongation', 'SO:0001907', 'HIGH'],
  ['feature_truncation', 'SO:0001906', 'HIGH'],
  ['inframe_insertion', 'SO:0001821', 'MODERATE'],
  ['inframe_deletion', 'SO:0001822', 'MODERATE'],
  ['missense_variant', 'SO:0001583', 'MODERATE'],
  ['protein_altering_variant', 'SO:0001818', 'MODERATE'],
  ['splice_donor_5th_base_variant', 'SO:0001787', 'LOW'],
  ['splice_region_variant', 'SO:0001630', 'LOW'],
  ['splice_donor_region_variant', 'SO:0002170', 'LOW'],
  ['splice_polypyrimidine_tract_variant', 'SO:0002169', 'LOW'],
  ['incomplete_terminal_codon_variant', 'SO:0001626', 'LOW'],
  ['start_retained_variant', 'SO:0002019', 'LOW'],
  ['stop_retained_variant', 'SO:0001567', 'LOW'],
  ['synonymous_variant', 'SO:0001819', 'LOW'],
  ['coding_sequence_variant', 'SO:0001580', 'MODIFIER'],
  ['mature_miRNA_variant', 'SO:0001620', 'MODIFIER'],
  ['5_prime_UTR_variant', 'SO:0001623', 'MODIFIER'],
  ['3_prime_UTR_variant', 'SO:0001624', 'MODIFIER'],
  ['non_coding_transcript_exon_variant', 'SO:0001792', 'MODIFIER'],
  ['intron_variant', 'SO:0001627', 'MODIFIER'],
  ['NMD_transcript_variant', 'SO:0001621', 'MODIFIER'],
  ['non_coding_transcript_variant', 'SO:0001619', 'MODIFIER'],
  ['coding_transcript_variant', 'SO:0001968', 'MODIFIER'],
  ['upstream_gene_variant', 'SO:0001631', 'MODIFIER'],
  ['downstream_gene_variant', 'SO:0001632', 'MODIFIER'],
  ['TFBS_ablation', 'SO:0001895', 'MODERATE'],
  ['TFBS_amplification', 'SO:0001892', 'MODIFIER'],
  ['TF_binding_site_variant', 'SO:0001782', 'MODIFIER'],
  ['regulatory_region_ablation', 'SO:0001894', 'MODIFIER'],
  ['regulatory_region_amplification', 'SO:0001891', 'MODIFIER'],
  ['regulatory_region_variant', 'SO:0001566', 'MODIFIER'],
  ['intergenic_variant', 'SO:0001628', 'MODIFIER'],
  ['sequence_variant', 'SO:0001060', 'MODIFIER'],
];

/** All terms; the term of rank r is `TERMS[r - 1]`. */
export const TERMS: readonly Term[] = table.map(([name, accession, impact], i) => ({
  rank: i + 1,
  name,
  accession,
  impact,
}));

/** Bits of the terms of rank 1 to 31 (the low word). The sign bit stays free, so that masks are positive integers. */
export const Bit = {
  TRANSCRIPT_ABLATION: 1 << 0,
  SPLICE_ACCEPTOR: 1 << 1,
  SPLICE_DONOR: 1 << 2,
  STOP_GAINED: 1 << 3,
  FRAMESHIFT: 1 << 4,
  STOP_LOST: 1 << 5,
  START_LOST: 1 << 6,
  TRANSCRIPT_AMPLIFICATION: 1 << 7,
  FEATURE_ELONGATION: 1 << 8,
  FEATURE_TRUNCATION: 1 << 9,
  INFRAME_INSERTION: 1 << 10,
  INFRAME_DELETION: 1 << 11,
  MISSENSE: 1 << 12,
  PROTEIN_ALTERING: 1 << 13,
  SPLICE_DONOR_5TH_BASE: 1 << 14,
  SPLICE_REGION: 1 << 15,
  SPLICE_DONOR_REGION: 1 << 16,
  SPLICE_POLYPYRIMIDINE: 1 << 17,
  INCOMPLETE_TERMINAL_CODON: 1 << 18,
  START_RETAINED: 1 << 19,
  STOP_RETAINED: 1 << 20,
  SYNONYMOUS: 1 << 21,
  CODING_SEQUENCE: 1 << 22,
  MATURE_MIRNA: 1 << 23,
  FIVE_PRIME_UTR: 1 << 24,
  THREE_PRIME_UTR: 1 << 25,
  NON_CODING_EXON: 1 << 26,
  INTRON: 1 << 27,
  NMD_TRANSCRIPT: 1 << 28,
  NON_CODING_TRANSCRIPT: 1 << 29,
  CODING_TRANSCRIPT: 1 << 30,
} as const;

/** Bits of the terms of rank 32 to 41 (the high word). */
export const HighBit = {
  UPSTREAM: 1 << 0,
  DOWNSTREAM: 1 << 1,
  INTERGENIC: 1 << 8,
  SEQUENCE: 1 << 9,
} as const;

/** Terms of the low word; the high word goes on with the next rank. */
const LOW_TERMS = 31;

/** Rank of the most severe term of a set, 0 when it is empty. */
export function worstRank(low: number, high: number): number {
  if (low !== 0) return 32 - Math.clz32(low & -low);
  return high === 0 ? 0 : 32 - Math.clz32(high & -high) + LOW_TERMS;
}

const impactOfRank = Uint8Array.from([3, ...TERMS.map(({ impact }) => IMPACTS.indexOf(impact))]);

/** Index into `IMPACTS` of the worst impact of a set of terms whose most severe term has this rank. */
export function impactOf(rank: number): number {
  return impactOfRank[rank];
}

/** Names of the terms of a set, most severe first. For cold paths. */
export function namesOf(low: number, high: number): string[] {
  return TERMS.filter(({ rank }) =>
    rank <= LOW_TERMS ? (low >> (rank - 1)) & 1 : (high >> (rank - 1 - LOW_TERMS)) & 1,
  ).map(({ name }) => name);
}

const joined = new Map<number, Buffer>();

/** `a&b&c`, most severe first, as bytes: kept for each set that has been seen, of which real data has few hundred. */
export function joinedNames(low: number, high: number): Uint8Array {
  const key = low + high * 0x80000000;
  let text = joined.get(key);
  if (text === undefined) {
    text = Buffer.from(namesOf(low, high).join('&'), 'latin1');
    joined.set(key, text);
  }
  return text;
}
