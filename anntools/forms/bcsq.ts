/**
 * BCSQ, as `bcftools csq --local-csq` lays it out and names things (samtools/bcftools, `csq.c`): each record by itself,
 * no haplotypes, therefore no `@` and no `*` before a consequence. Its own ways: the coding change and the places it
 * lies at (splice region, UTR) are entries apart; introns and non-coding transcripts are told of where nothing else is,
 * once for each gene; nothing is said beside transcripts.
 */
import type { Reference } from '../bundle/reference.ts';
import type { ColumnName } from '../consequence/columns.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { PeptideChange, type Residues } from './peptide-change.ts';
import { type Row, altsOf } from './rows.ts';

export const BCSQ_FORMAT = 'Consequence|gene|transcript|biotype|strand|amino_acid_change|dna_change';

/** What the engine is asked for. */
export const BCSQ_COLUMNS: readonly ColumnName[] = [
  'ALLELE_NUM',
  'Consequence',
  'SYMBOL',
  'Gene',
  'Feature',
  'BIOTYPE',
  'STRAND',
  'CDS_position',
];

/** bcftools' names in the order it joins them, and the terms they stand for. */
const NAMES: readonly (readonly [name: string, ...terms: string[]])[] = [
  ['synonymous', 'synonymous_variant'],
  ['missense', 'missense_variant'],
  ['stop_lost', 'stop_lost'],
  ['stop_gained', 'stop_gained'],
  ['inframe_deletion', 'inframe_deletion'],
  ['inframe_insertion', 'inframe_insertion'],
  ['frameshift', 'frameshift_variant'],
  ['splice_acceptor', 'splice_acceptor_variant'],
  ['splice_donor', 'splice_donor_variant'],
  ['start_lost', 'start_lost'],
  ['splice_region', 'splice_region_variant', 'splice_donor_region_variant', 'splice_donor_5th_base_variant'],
  ['stop_retained', 'stop_retained_variant'],
  ['5_prime_utr', '5_prime_UTR_variant'],
  ['3_prime_utr', '3_prime_UTR_variant'],
  ['non_coding', 'non_coding_transcript_exon_variant', 'non_coding_transcript_variant', 'mature_miRNA_variant'],
  ['intron', 'intron_variant'],
  ['coding_sequence', 'coding_sequence_variant', 'incomplete_terminal_codon_variant'],
  ['feature_elongation', 'feature_elongation', 'transcript_amplification'],
  ['start_retained', 'start_retained_variant'],
  ['feature_truncation', 'feature_truncation', 'transcript_ablation'],
];
const ORDER = NAMES.map(([name]) => name);
const nameOf = new Map(NAMES.flatMap(([name, ...terms]) => terms.map((term) => [term, name] as const)));

/** Consequences of the coding sequence itself, which have amino acids. */
const CODING: ReadonlySet<string> = new Set([
  'synonymous',
  'missense',
  'stop_lost',
  'stop_gained',
  'inframe_deletion',
  'inframe_insertion',
  'frameshift',
  'start_lost',
  'stop_retained',
  'start_retained',
]);
const SPLICE: ReadonlySet<string> = new Set(['splice_acceptor', 'splice_donor']);
/** What is told only where nothing else is. */
const LEAST: ReadonlySet<string> = new Set(['intron', 'non_coding']);

export class BcsqWriter {
  private readonly peptides: PeptideChange;

  constructor(reference: Reference) {
    this.peptides = new PeptideChange(reference);
  }

  /** The value of BCSQ; empty when bcftools would write none. */
  write(record: VcfRecord, rows: readonly Row[]): string {
    const alts = altsOf(record);
    const entries = rows.flatMap((row) => this.entries(row, record, alts));
    const told = entries.filter(({ isLeast }) => !isLeast);
    return [...new Set((told.length > 0 ? told : entries).map(({ text }) => text))].join(',');
  }

  private entries(row: Row, record: VcfRecord, alts: readonly string[]): { text: string; isLeast: boolean }[] {
    const ref = record.text(3);
    const alt = alts[Number(row.get('ALLELE_NUM')) - 1] ?? '';
    const names = namesIn(row, alt.length - ref.length);
    const coding = names.filter((name) => CODING.has(name));
    const beside = names.filter((name) => !CODING.has(name));
    const entry = (told: readonly string[], ...more: readonly string[]) => ({
      text: this.entry(row, told, more),
      isLeast: told.every((name) => LEAST.has(name)),
    });
    const strand = row.get('STRAND') === '-1' ? '-' : '+';
    const change = coding.length > 0 ? this.peptides.of(row.transcript, record.position - 1, ref, alt) : null;
    if (coding.length > 0 && (change === null || beside.some((name) => SPLICE.has(name)))) {
      // The alleles cannot be told on the protein: one entry for all.
      return [entry(names, ...(beside.length === 0 ? [strand] : []))];
    }
    const found = beside.length > 0 ? [entry(beside)] : [];
    if (change === null) return found;
    const { at, before, after } = change;
    const told = alt.length === ref.length ? coding : withStop(coding, change);
    const protein = alt.length === ref.length && before === after ? `${at}${before}` : `${at}${before}>${at}${after}`;
    return [...found, entry(told, strand, protein, `${record.text(1)}${ref}>${alt}`)];
  }

  private entry(row: Row, names: readonly string[], more: readonly string[]): string {
    const isLeast = names.every((name) => LEAST.has(name));
    const isDecaying = !isLeast && row.terms.includes('NMD_transcript_variant');
    const consequence = [...names, ...(isDecaying ? ['NMD_transcript'] : [])].join('&');
    const gene = row.get('SYMBOL') || row.get('Gene');
    return [consequence, gene, isLeast ? '' : row.get('Feature'), biotypeOf(row), ...more].join('|');
  }
}

/** bcftools' own short biotypes. */
function biotypeOf(row: Row): string {
  const biotype = row.get('BIOTYPE');
  return biotype === 'nonsense_mediated_decay' ? 'NMD' : biotype.replace(/^(IG|TR)_(\w+)_gene$/, '$1_$2');
}

/**
 * bcftools' names for the terms of a row, in its order. An intron is not told of beside anything else, nor a splice
 * region beside a donor or an acceptor.
 */
function namesIn(row: Row, lengthChange: number): string[] {
  const names = new Set(
    row.terms.map((term) => (term === 'protein_altering_variant' ? byLength(lengthChange) : (nameOf.get(term) ?? ''))),
  );
  names.delete('');
  if ([...names].some((name) => !LEAST.has(name))) for (const name of LEAST) names.delete(name);
  if (names.has('non_coding')) names.delete('intron');
  if (names.has('splice_donor') || names.has('splice_acceptor')) names.delete('splice_region');
  return ORDER.filter((name) => names.has(name));
}

/** A change of length gains a stop, in bcftools' view, where one ends the new residues and none the old ones. */
function withStop(coding: readonly string[], { before, after }: Residues): string[] {
  const gains = after.endsWith('*') && !before.endsWith('*');
  return ORDER.filter((name) => (name === 'stop_gained' ? gains : coding.includes(name)));
}

function byLength(change: number): string {
  if (change === 0) return 'missense';
  return change < 0 ? 'inframe_deletion' : 'inframe_insertion';
}
