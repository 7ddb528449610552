/**
 * What a line of a track file means: BED (3 to 12 columns), GFF3 or GTF, a table of UCSC's (a `bin` before the place, or
 * the place further on), or any table whose first line names its columns. Told by the file's first lines, never by its
 * name.
 */

/** Where a line has its place and its values. */
export interface Layout {
  form: 'BED' | 'GFF' | 'UCSC table' | 'table';
  contig: number;
  start: number;
  /** Same as `start` where a line is about one position. */
  end: number;
  /** Whether the first base is 1 and the last one belongs to the interval. */
  isOneBased: boolean;
  /** Columns of the values, joined by `:` when there are several; none: the interval itself is the value. */
  values: number[];
  /** For GFF: which attributes are the value, the first that is there. */
  attributes: string[];
  /** Columns are separated by any white space, as BED allows. */
  isSpaced: boolean;
}

/** Names of columns, as UCSC, the GWAS catalog and others write them. */
const NAMES = {
  contig: /^(chrom|chr|chr_?id|chromosome|genoName|seqname|contig|tName)$/i,
  start: /^(chromStart|start|genoStart|txStart|tStart)$/i,
  end: /^(chromEnd|end|stop|genoEnd|txEnd|tEnd)$/i,
  position: /^(chr_?pos|pos|position|bp)$/i,
};
/** What is the value when nobody says, best first. */
const VALUE_NAMES: readonly RegExp[] = [/^(disease\/)?trait$/i, /^repName$/i, /^name2?$/i, /^(gene|symbol|label|id)$/i];

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
  const found = byNames(heads, cells) ?? byCells(cells);
  if (!found) {
    return 'is neither BED (contig, start, end), GFF3, a table of UCSC, nor a table whose first line names chrom, start and end';
  }
  const layout: Layout = { ...found, isSpaced };
  if (wanted.length === 0) return layout;
  if (layout.form === 'GFF') return { ...layout, attributes: [...wanted] };
  const values = wanted.map((column) => (/^\d+$/.test(column) ? Number(column) - 1 : heads.indexOf(column)));
  const missing = values.findIndex((value) => value < 0 || value >= cells.length);
  return missing < 0 ? { ...layout, values } : `has no column ${wanted[missing]}`;
}

type Found = Omit<Layout, 'isSpaced'>;

function byNames(heads: readonly string[], cells: readonly string[]): Found | undefined {
  const contig = heads.findIndex((name) => NAMES.contig.test(name));
  const start = heads.findIndex((name) => NAMES.start.test(name));
  const end = heads.findIndex((name) => NAMES.end.test(name));
  const position = heads.findIndex((name) => NAMES.position.test(name));
  if (contig < 0 || heads.length > cells.length + 1) return undefined;
  const named = VALUE_NAMES.map((pattern) => heads.findIndex((name) => pattern.test(name))).find((i) => i >= 0);
  const rest = { form: 'table' as const, contig, attributes: [] };
  if (start >= 0 && end >= 0) {
    const values = named === undefined ? after(end, cells) : [named];
    return { ...rest, start, end, isOneBased: false, values };
  }
  if (position < 0) return undefined;
  return { ...rest, start: position, end: position, isOneBased: true, values: named === undefined ? [] : [named] };
}

function byCells(cells: readonly string[]): Found | undefined {
  const isPlace = (i: number): boolean => isWhole(cells[i + 1]) && isWhole(cells[i + 2]);
  if (cells.length >= 8 && isPlace(2) && !isWhole(cells[1]) && /^[-+.?]$/.test(cells[6])) {
    return { form: 'GFF', contig: 0, start: 3, end: 4, isOneBased: true, values: [], attributes: GFF_VALUE };
  }
  const bed = { isOneBased: false, attributes: [] };
  if (isWhole(cells[0])) {
    // A bin, or repeat masker's scores, before the place; unless the contig itself is a number.
    const contig = cells.findIndex((cell, i) => i > 0 && !isWhole(cell) && cell !== '' && isPlace(i));
    if (contig > 0) {
      // rmsk: genoLeft and strand follow the place, then the name.
      const value =
        /^-?\d+$/.test(cells[contig + 3] ?? '') && /^[-+]$/.test(cells[contig + 4] ?? '') ? contig + 5 : contig + 3;
      const values = value < cells.length ? [value] : [];
      return { form: 'UCSC table', contig, start: contig + 1, end: contig + 2, values, ...bed };
    }
  }
  if (!isPlace(0)) return undefined;
  return { form: 'BED', contig: 0, start: 1, end: 2, values: after(2, cells), ...bed };
}

function after(column: number, cells: readonly string[]): number[] {
  return column + 1 < cells.length ? [column + 1] : [];
}

function isWhole(cell: string | undefined): boolean {
  return cell !== undefined && /^\d+$/.test(cell);
}

/** Whether a line without `#` names columns: it names a contig's, and has no place there. */
export function isHeading(line: string): boolean {
  const cells = line.split('\t');
  const contig = cells.findIndex((cell) => NAMES.contig.test(cell.trim()));
  return contig >= 0 && !cells.some((cell) => isWhole(cell));
}
