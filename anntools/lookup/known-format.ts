/**
 * A source of known variants as a folder: `known.json` says what it is, `words.known` holds the texts that repeat, and
 * `<n>.known` the variants of its n-th contig. `FORMAT.md` draws the bytes; here are the names that its writer and its
 * reader share.
 */

/**
 * What a column's numbers mean: `integer` a number (written behind the field's prefix), `float` a fraction
 * (`decimal-code.ts`), `word` the index of a text, `mixed` a number, or from `WORD_LEAST` on a text.
 */
export type ColumnType = 'integer' | 'float' | 'word' | 'mixed';

export interface KnownField {
  /** INFO id, e.g. `ClinVar_SIG`; one value per ALT. */
  id: string;
  column: ColumnType;
  description: string;
  /** What stands before every number: `rs`. */
  prefix?: string;
  /** VCF's type, where it is not that of the column. */
  type?: 'Integer' | 'Float' | 'String';
}

/** A file as it is stored, without its folder. */
export interface SourceFacts {
  name: string;
  bytes: number;
  sha256: string;
}

/** `known.json`. */
export interface KnownManifest {
  format: typeof KNOWN_FORMAT;
  /** What it holds: alleles, which match exactly, unless it says structural variants, which overlap (`structural/`). */
  kind?: 'structural';
  /** e.g. `ClinVar`. */
  name: string;
  version: string;
  /** e.g. `GRCh38`. */
  assembly: string;
  fields: KnownField[];
  /** The field that holds rs numbers, by which a file's assembly can be told; empty when none does. */
  rsField: string;
  contigs: { name: string; entries: number }[];
  /** How its alleles are spelled: trimmed, and moved to their left-most place where a sequence was at hand. */
  alleles?: 'trimmed' | 'left-aligned';
  /** The files it was made from, in their order. */
  files?: SourceFacts[];
  /** ISO 8601. */
  made?: string;
}

export const KNOWN_FORMAT = 3;

/** No value, in every column. */
export const MISSING = 0xffffffff;
/** The same as a column's reader answers it: all its numbers are 32 bits as signed integers. */
export const NONE = MISSING | 0;
/** In a `mixed` column text w is `WORD_TOP − w`; numbers are smaller than `WORD_LEAST`. */
export const WORD_TOP = 0xfffffffe;
export const WORD_LEAST = 0xc0000000;

export const MANIFEST_FILE = 'known.json';
export const WORDS_FILE = 'words.known';

export function contigFile(index: number): string {
  return `${index}.known`;
}

/** Text as it can stand in an INFO value of one ALT: no white space and none of `;=,`. */
export function infoText(text: string): string {
  if (!/[\s%;=,]/.test(text)) return text;
  return text
    .replace(/\s/g, '_')
    .replaceAll('%', '%25')
    .replaceAll(';', '%3B')
    .replaceAll('=', '%3D')
    .replaceAll(',', '%2C');
}
