/**
 * What an HGVS description says (https://hgvs-nomenclature.org/stable/), read by `parse.ts` and `parse-protein.ts`,
 * written by `format.ts`.
 */

/** A place on a nucleotide sequence. */
export interface HgvsPosition {
  /** One-based; negative before the start codon; `null` for `?`. */
  base: number | null;
  /** Whether it is counted from the stop codon on, `*`. */
  behindStop: boolean;
  /** Bases into an intron: `+` behind the base, `-` before it; 0 in an exon. */
  offset: number;
}

/** One end of an interval: a place, or somewhere between two, `(4_6)`. */
export type HgvsEnd = readonly [HgvsPosition] | readonly [HgvsPosition, HgvsPosition];

export interface HgvsInterval {
  start: HgvsEnd;
  /** Absent where the description names one place. */
  end?: HgvsEnd;
  /** `(1_10)`: somewhere in it. */
  uncertain: boolean;
}

/** What happens to the bases; `ref` and `alt` in the letters they were given in, empty where they are not told. */
export type NucleotideEdit =
  | { kind: 'identity' | 'del' | 'dup' | 'inv'; ref: string }
  | { kind: 'substitution' | 'delins'; ref: string; alt: string }
  | { kind: 'ins'; alt: string }
  /** Copies of units one behind the other, `CAG[23]`; a unit without letters is what stands there. */
  | { kind: 'repeat'; units: readonly { unit: string; count: number }[] }
  /** Converted to what stands elsewhere: `conNM_004006.1:c.15_355`. */
  | { kind: 'con'; from: string }
  | { kind: 'copy'; count: number };

export type NucleotideKind = 'c' | 'g' | 'm' | 'n' | 'r';

export interface NucleotideVariant {
  accession: string;
  /** `NM_000352.3(ABCC8)`; empty where it is not told. */
  gene: string;
  kind: NucleotideKind;
  interval: HgvsInterval;
  /** Absent for a place without a change. */
  edit?: NucleotideEdit;
  /** All of it in parentheses: concluded, not measured. */
  predicted: boolean;
  /** The edit alone in parentheses. */
  editPredicted: boolean;
}

export interface HgvsResidue {
  /** Three letters. */
  residue: string;
  position: number;
}

/** Sequences are three-letter residues one behind the other. */
export type ProteinEdit =
  | { kind: 'identity' | 'del' | 'dup' }
  | { kind: 'substitution'; alt: string }
  | { kind: 'ins' | 'delins'; alt: string }
  /** `length` counts to the new stop: a number, `?`, or nothing. */
  | { kind: 'frameshift'; alt: string; length: string }
  /** `toward`: `Ter` behind the end, a residue or nothing before the beginning; `length` with its sign. */
  | { kind: 'extension'; alt: string; toward: string; length: string };

export interface ProteinVariant {
  accession: string;
  gene: string;
  kind: 'p';
  /** `?`, `0`, `=` for the whole protein; otherwise residues. */
  whole?: '?' | '0' | '0?' | '=';
  start?: HgvsResidue;
  end?: HgvsResidue;
  edit?: ProteinEdit;
  predicted: boolean;
  editPredicted: boolean;
}

export type HgvsVariant = NucleotideVariant | ProteinVariant;
