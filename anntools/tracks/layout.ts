/**
 * What a line of a track file means: BED (3 to 12 columns), bedGraph, GFF3 or GTF, VCF, a table of UCSC's (a `bin` before
 * the place, or the place further on), or any table whose first line names its columns. Told by the file's first lines,
 * never by its name.
 */
import { ucscTable } from './ucsc-tables.ts';

/** Where a line has its place and its values. */
export interface Layout {
  form: 'BED' | 'GFF' | 'VCF' | 'UCSC table' | 'table';
  contig: number;
  /** Same as `contig` where one cell has all of the place, `chr1:11-20`. */
  start: number;
  /** Same as `start` where a line is about one position. */
  end: number;
  /** Whether the first base is 1 and the last one belongs to the interval. */
  isOneBased: boolean;
  /** Columns of the values, joined by `:` when there are several; none: the interval itself is the value. */
  values: number[];
  /** For GFF: which attributes are the value, the first that is there. For VCF: which columns or keys of INFO. */
  attributes: string[];
  /** Columns are separated by any white space, as BED allows. */
  isSpaced: boolean;
}

/** Names of columns, as UCSC, the GWAS catalog and others write them. */
const NAMES = {
  contig: /^(chrom|chr|chr_?id|chromosome|genoName|seqname|contig|tName)$/i,
  start: /^(chromStart|start|genoStart|tx_?Start|tStart)$/i,
  end: /^(chromEnd|end|stop|genoEnd|tx_?End|tEnd)$/i,
  position: /^(chr_?pos|pos|position|bp)$/i,
  place: /^(genomic location|location|region|interval|locus)$/i,
};
/** What is the value when nobody says, best first. */
const VALUE_NAMES: readonly RegExp[] = [
  /^(disease\/)?trait$/i,
  /^repName$/i,
  /^name2?$/i,
  /^(gene|(gene )?symbol|label|id)$/i,
  /\bname$/i,
];

const GFF_VALUE = ['Name', 'gene_name', 'name', 'ID', 'gene_id'];

/**
 * The layout of a file.
 * @param names the line that names the columns, without its `#`; empty when there is none.
 * @param line the first line of data.
 * @param wanted columns that the user wants as values: numbers from one, names, or GFF attributes.
 * @returns why not, when nothing fits.
 */
export function layoutOf(names: string, line: string, wanted: readonly string[]): Layout | string {
  const isSpaced = !line.includes('\t');
  const cells = line.split(isSpaced ? /\s+/ : '\t');
  const heads = names.split('\t').map((name) => name.trim());
  if (VCF_NAMES.every((name, i) => heads[i] === name)) return vcf(wanted);
  const table = ucscTable(cells);
  const isTable = table !== undefined && (names === '' || heads.join() === table.columns.join());
  const found = (isTable && byTable(table.columns, table.value)) || (byNames(heads, cells) ?? byCells(cells));
  if (!found) return oddity(line);
  const layout: Layout = { ...found, isSpaced };
  if (wanted.length === 0) return layout;
  if (layout.form === 'GFF') return { ...layout, attributes: [...wanted] };
  const columns = isTable ? table.columns : heads;
  const values = wanted.map((column) => (/^\d+$/.test(column) ? Number(column) - 1 : columns.indexOf(column)));
  const missing = values.findIndex((value) => value < 0 || value >= cells.length);
  return missing < 0 ? { ...layout, values } : `has no column ${wanted[missing]}`;
}

type Found = Omit<Layout, 'isSpaced'>;

const VCF_NAMES = ['CHROM', 'POS', 'ID', 'REF', 'ALT'];

/** A VCF is read as records: its columns are not cells. */
function vcf(wanted: readonly string[]): Layout {
  const attributes = wanted.length > 0 ? [...wanted] : ['ID'];
  return { form: 'VCF', contig: 0, start: 1, end: 1, isOneBased: true, values: [], attributes, isSpaced: false };
}

/** Why a line is of no layout. */
function oddity(line: string): string {
  if (line.includes('\0')) {
    return 'is a binary file; of bigBed and bigWig, bigBedToBed and bigWigToBedGraph make text that can be read';
  }
  if (/^(fixed|variable)Step\s/.test(line)) return 'is a wiggle file, of which only the form bedGraph can be read';
  return 'is neither BED (contig, start, end), GFF3, VCF, a table of UCSC, nor a table whose first line names chrom, start and end';
}

/** A table of UCSC, by the names of its columns. */
function byTable(columns: readonly string[], value: string): Found {
  const at = (pattern: RegExp): number => columns.findIndex((name) => pattern.test(name));
  const place = { contig: at(NAMES.contig), start: at(NAMES.start), end: at(NAMES.end) };
  return { form: 'UCSC table', ...place, isOneBased: false, values: [columns.indexOf(value)], attributes: [] };
}

function byNames(heads: readonly string[], cells: readonly string[]): Found | undefined {
  const contig = heads.findIndex((name) => NAMES.contig.test(name));
  const start = heads.findIndex((name) => NAMES.start.test(name));
  const end = heads.findIndex((name) => NAMES.end.test(name));
  const position = heads.findIndex((name) => NAMES.position.test(name));
  const place = isPlaceAt(cells, 0) || heads.length < 2 ? -1 : heads.findIndex((name) => NAMES.place.test(name));
  if ((contig < 0 && place < 0) || heads.length > cells.length + 1) return undefined;
  const named = VALUE_NAMES.map((pattern) => heads.findIndex((name) => pattern.test(name))).find((i) => i >= 0);
  const rest = { form: 'table' as const, contig, attributes: [] };
  if (contig < 0) {
    const values = named === undefined ? [] : [named];
    return { ...rest, contig: place, start: place, end: place, isOneBased: true, values };
  }
  if (start >= 0 && end >= 0) {
    const values = named === undefined ? after(end, cells) : [named];
    return { ...rest, start, end, isOneBased: false, values };
  }
  if (position < 0) return undefined;
  return { ...rest, start: position, end: position, isOneBased: true, values: named === undefined ? [] : [named] };
}

function byCells(cells: readonly string[]): Found | undefined {
  const isPlace = (i: number): boolean => isPlaceAt(cells, i);
  if (cells.length >= 8 && isPlace(2) && !isWhole(cells[1]) && /^[-+.?]$/.test(cells[6])) {
    return { form: 'GFF', contig: 0, start: 3, end: 4, isOneBased: true, values: [], attributes: GFF_VALUE };
  }
  const bed = { isOneBased: false, attributes: [] };
  if (isWhole(cells[0])) {
    // A bin, or repeat masker's scores, before the place; unless the contig itself is a number.
    const contig = cells.findIndex((cell, i) => i > 0 && !isWhole(cell) && cell !== '' && isPlace(i));
    if (contig > 0) {
      const place = { contig, start: contig + 1, end: contig + 2 };
      return { form: 'UCSC table', ...place, values: after(contig + 2, cells), ...bed };
    }
  }
  if (!isPlace(0)) return undefined;
  return { form: 'BED', contig: 0, start: 1, end: 2, values: after(2, cells), ...bed };
}

/** Whether a start and an end follow cell i. */
function isPlaceAt(cells: readonly string[], i: number): boolean {
  return isWhole(cells[i + 1]) && isWhole(cells[i + 2]);
}

function after(column: number, cells: readonly string[]): number[] {
  return column + 1 < cells.length ? [column + 1] : [];
}

function isWhole(cell: string | undefined): boolean {
  return cell !== undefined && /^\d+$/.test(cell);
}

/** Whether a line without `#` names columns: it names a contig's or a place's, and has no place there. */
export function isHeading(line: string): boolean {
  const cells = line.split('\t');
  const contig = cells.findIndex((cell) => NAMES.contig.test(cell.trim()) || NAMES.place.test(cell.trim()));
  return contig >= 0 && !cells.some((cell) => isWhole(cell));
}
