/**
 * What really changed: the ALTs of a record, each trimmed against REF (common last bases first, then common first
 * ones) and classified. Everything is offsets into the line; nothing is copied. Reused from record to record.
 */
import type { VcfRecord } from './record.ts';

/** What an ALT is. The order is that of `alleleClasses`. */
export const AlleleClass = {
  SNV: 0,
  MNV: 1,
  INSERTION: 2,
  DELETION: 3,
  DELINS: 4,
  SV_DELETION: 5,
  SV_DUPLICATION: 6,
  SV_INSERTION: 7,
  INVERSION: 8,
  COPY_NUMBER: 9,
  BREAKEND: 10,
  TANDEM_REPEAT: 11,
  SV_OTHER: 12,
  /** From here on: alleles that are no variant of their own. */
  OVERLAPPED: 13,
  NONE: 14,
  /** Neither bases nor anything VCF knows. */
  INVALID: 15,
} as const;

/** Names of the classes, as counted in summaries. */
export const alleleClasses: readonly string[] = [
  'SNV',
  'MNV',
  'insertion',
  'deletion',
  'delins',
  'structural_deletion',
  'duplication',
  'structural_insertion',
  'inversion',
  'copy_number_variation',
  'breakend',
  'tandem_repeat',
  'other_structural_variant',
  'overlapping_deletion',
  'no_variant',
  'invalid',
];

/** From here on an indel is called structural (VCF 4.5 section 3, and everybody's custom). */
export const STRUCTURAL_MIN = 50;

const COMMA = 44;
const DOT = 46;

/** 1 for A, C, G, T and N in either case, 2 for the other IUPAC codes (VCF 4.3 section 1.6.1 reads them as N). */
const BASE = new Uint8Array(256);
for (const letter of 'ACGTNacgtn') BASE[letter.charCodeAt(0)] = 1;
for (const letter of 'RYSWKMBDHVryswkmbdhv') BASE[letter.charCodeAt(0)] = 2;

export class AltAlleles {
  count = 0;
  /** Bytes of the record's line. */
  bytes: Uint8Array = new Uint8Array(0);
  /** `AlleleClass` of each ALT. */
  readonly classes: number[] = [];
  /** Zero-based offset of the first changed base. */
  readonly offsets: number[] = [];
  /** Changed bases of REF, bytes[refStarts[i], refEnds[i]); empty for an insertion. */
  readonly refStarts: number[] = [];
  readonly refEnds: number[] = [];
  /** New bases, bytes[altStarts[i], altEnds[i]); for symbolic alleles the whole ALT. */
  readonly altStarts: number[] = [];
  readonly altEnds: number[] = [];
  /** Whether REF is bases. */
  refValid = true;

  /** Reads the ALTs of the record. */
  parse(record: VcfRecord): void {
    const { bytes, ends } = record;
    const end = ends[4];
    this.bytes = bytes;
    this.count = 0;
    this.refValid = areBases(bytes, ends[2] + 1, ends[3]);
    for (let from = ends[3] + 1; from <= end;) {
      let to = from;
      while (to < end && bytes[to] !== COMMA) to++;
      this.add(record, from, to);
      from = to + 1;
    }
  }

  private add(record: VcfRecord, altStart: number, altEnd: number): void {
    const { bytes } = this;
    const i = this.count++;
    let refStart = record.ends[2] + 1;
    let refEnd = record.ends[3];
    let offset = record.position > 0 ? record.position - 1 : 0;
    if (!this.refValid || !areBases(bytes, altStart, altEnd)) {
      this.classes[i] = this.refValid ? symbolicClass(bytes, altStart, altEnd) : AlleleClass.INVALID;
    } else {
      while (refEnd > refStart && altEnd > altStart && sameBase(bytes[refEnd - 1], bytes[altEnd - 1])) {
        refEnd--;
        altEnd--;
      }
      while (refStart < refEnd && altStart < altEnd && sameBase(bytes[refStart], bytes[altStart])) {
        refStart++;
        altStart++;
        offset++;
      }
      this.classes[i] = sequenceClass(refEnd - refStart, altEnd - altStart);
    }
    this.offsets[i] = offset;
    this.refStarts[i] = refStart;
    this.refEnds[i] = refEnd;
    this.altStarts[i] = altStart;
    this.altEnds[i] = altEnd;
  }
}

function sameBase(a: number, b: number): boolean {
  return ((a ^ b) & 0xdf) === 0;
}

/** Whether bytes[start, end) is at least one base. */
function areBases(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (BASE[bytes[i]] === 0) return false;
  return end > start;
}

function sequenceClass(refLength: number, altLength: number): number {
  if (refLength === 0) return altLength === 0 ? AlleleClass.NONE : AlleleClass.INSERTION;
  if (altLength === 0) return AlleleClass.DELETION;
  if (refLength !== altLength) return AlleleClass.DELINS;
  return refLength === 1 ? AlleleClass.SNV : AlleleClass.MNV;
}

/** Beginnings of symbolic alleles (VCF 4.5 section 1.4.5, and what callers write). */
const SYMBOLS: readonly (readonly [begins: RegExp, what: number])[] = [
  [/^<(NON_REF|\*|X)>$/, AlleleClass.NONE],
  [/^<DEL\b/, AlleleClass.SV_DELETION],
  [/^<DUP\b/, AlleleClass.SV_DUPLICATION],
  [/^<INS\b/, AlleleClass.SV_INSERTION],
  [/^<INV\b/, AlleleClass.INVERSION],
  [/^<(CNV:TR|STR\d*|TR)\b/, AlleleClass.TANDEM_REPEAT],
  [/^<CN(V|\d*)\b/, AlleleClass.COPY_NUMBER],
  [/^<(BND|TRA|CTX)\b/, AlleleClass.BREAKEND],
  [/^<[^<>]+>$/, AlleleClass.SV_OTHER],
  // Breakends (section 5.4), single ones with a dot at either end.
  [/^[A-Za-z.]*[[\]][^[\]]+:\d+[[\]][A-Za-z.]*$/, AlleleClass.BREAKEND],
  [/^(\.[A-Za-z]+|[A-Za-z]+\.)$/, AlleleClass.BREAKEND],
  // `C<ctg1>`: a contig of the assembly file is inserted whole (section 5.4.2).
  [/^[A-Za-z]+<[^<>]+>$/, AlleleClass.SV_INSERTION],
  // VCF 3.3 section 3: `D4` deletes four bases, `IACT` inserts three.
  [/^D\d+$/, AlleleClass.DELETION],
  [/^I[ACGTN]+$/i, AlleleClass.INSERTION],
];

function symbolicClass(bytes: Uint8Array, start: number, end: number): number {
  if (end - start === 1) {
    if (bytes[start] === DOT) return AlleleClass.NONE;
    if (bytes[start] === 42) return AlleleClass.OVERLAPPED;
  }
  const text = Buffer.prototype.latin1Slice.call(bytes, start, end);
  return SYMBOLS.find(([begins]) => begins.test(text))?.[1] ?? AlleleClass.INVALID;
}
