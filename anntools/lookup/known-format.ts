/**
 * A source of known variants as a folder: `known.json` says what it is, `words.known` holds the texts that repeat, and
 * `<n>.known` the variants of its n-th contig. The binary files are containers (`bundle/container.ts`) of sections:
 *
 *     <n>.known   stretches   u32 × (s + 1)   first entry of each stretch of 2^20 bases, and the count of entries
 *                 keys        u32 × entries   `allele-key.ts`, ascending within a stretch
 *                 long        u32 × l         which entries have a long key, ascending
 *                 alleles     u8              their alleles, `REF>ALT` in upper case, one after another
 *                 ends        u32 × l         where each of them ends in `alleles`
 *                 0, 1, …     u32 or f32 × entries   the columns, in the order of `fields`
 *     words.known words, ends                 texts and where each ends; word 0 is the empty one
 *
 * Columns: `integer` a u32, 2^32 − 1 for missing; `float` an f32, NaN for missing; `word` the index of a text, 0 for
 * missing. Texts are stored the way they are written into INFO.
 */

export type ColumnType = 'integer' | 'float' | 'word';

export interface KnownField {
  /** INFO id, e.g. `ClinVar_SIG`; one value per ALT. */
  id: string;
  column: ColumnType;
  description: string;
}

/** `known.json`. */
export interface KnownManifest {
  format: 1;
  /** e.g. `ClinVar`. */
  name: string;
  version: string;
  /** e.g. `GRCh38`. */
  assembly: string;
  fields: KnownField[];
  /** The field that holds rs numbers, by which a file's assembly can be told; empty when none does. */
  rsField: string;
  contigs: { name: string; entries: number }[];
}

export const MISSING_INTEGER = 0xffffffff;

export const MANIFEST_FILE = 'known.json';
export const WORDS_FILE = 'words.known';

export function contigFile(index: number): string {
  return `${index}.known`;
}

/** Text as it can stand in an INFO value of one ALT: no white space and none of `;=,`. */
export function infoText(text: string): string {
  return text
    .replace(/\s/g, '_')
    .replaceAll('%', '%25')
    .replaceAll(';', '%3B')
    .replaceAll('=', '%3D')
    .replaceAll(',', '%2C');
}
