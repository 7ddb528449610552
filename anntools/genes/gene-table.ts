/**
 * A table of genes: values that hold for a gene or for one of its transcripts (constraint, dosage, names), read whole out
 * of tab-separated text. Hard is only whom a row is about: tables name genes by symbol, by Ensembl's or HGNC's id, with
 * version or without, and some have a row for each transcript.
 */
import { basename } from 'node:path';
import { TextLines } from '../annotation-files/text-lines.ts';
import { SourceFile } from '../bundle/source-file.ts';
import { csqText } from '../bundle/layout.ts';
import { InputError } from '../errors.ts';
import { type GeneLayout, geneLayout, namesGenes } from './gene-layout.ts';

export interface GeneSource {
  /** What its columns are called: NAME, or NAME_COLUMN where there are several. */
  name: string;
  path: string;
  /** Which columns are values (numbers from one, or names); none: those of a table that everybody knows, or all. */
  columns?: readonly string[];
}

/** What a file may not exceed. */
export interface GeneTableLimits {
  rows: number;
  /** Bytes when inflated. */
  bytes: number;
}

const LIMITS: GeneTableLimits = { rows: 5_000_000, bytes: 4e9 };

export interface GeneColumn {
  /** The column of CSQ. */
  id: string;
  /** Its name in the file; empty for a list of genes. */
  column: string;
  /** Whether every value is a number. */
  isNumber: boolean;
  /** By row, as they stand in a CSQ; empty where there is none. */
  values: string[];
}

/** Plain data: it travels to the threads. */
export interface GeneTable {
  name: string;
  /** The file, without its folder, and its checksum. */
  source: string;
  sha256: string;
  columns: GeneColumn[];
  /** Row of each symbol, id of a gene and id of a transcript, ids without version. */
  rows: ReadonlyMap<string, number>;
  /** Name of the gene of each row, as the file has it. */
  genes: string[];
}

const NAME = /^[A-Za-z_]\w*$/;

/**
 * `NAME=FILE`, `NAME=FILE#COLUMN,…` as a command takes it.
 * @throws InputError BAD_OPTION
 */
export function geneSource(text: string): GeneSource {
  const [, name, file] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || file === undefined) {
    const example = '--genes CONSTRAINT=gnomad.v2.1.1.lof_metrics.by_gene.txt.bgz';
    throw new InputError('BAD_OPTION', `a table of genes is given as NAME=FILE, e.g. ${example}, not '${text}'`);
  }
  if (!NAME.test(name)) {
    const rule = 'letters, digits and underscores, beginning with a letter or underscore';
    throw new InputError('BAD_OPTION', `'${name}' cannot be the name of a table of genes: it is made of ${rule}`);
  }
  const [, path = file, columns] = /^(.+)#([^#]+)$/s.exec(file) ?? [];
  return { name, path, ...(columns === undefined ? {} : { columns: columns.split(',').map((each) => each.trim()) }) };
}

/** Reads a table. @throws InputError that says what is wrong with the file. */
export async function readGeneTable(
  source: GeneSource,
  limits: Partial<GeneTableLimits> = {},
  signal?: AbortSignal,
): Promise<GeneTable> {
  const file = new SourceFile(source.path, () => {}, signal);
  const reader = new GeneTableReader(source, { ...LIMITS, ...limits });
  await file.read(async (chunks) => {
    for await (const chunk of chunks) reader.push(chunk);
    reader.end();
  });
  return reader.finish(basename(source.path), file.facts().sha256);
}

/** A key without its version; empty for what is no name of a gene, such as NCBI's number of it. */
export function geneKey(text: string): string {
  if (/^(GeneID:)?\d*$/.test(text) || isMissing(text)) return '';
  return /^(ENS|N[MR]_|X[MR]_|LRG_)/.test(text) ? text.replace(/\.\d+(?=$|_PAR_Y$)/, '') : text;
}

const MISSING: ReadonlySet<string> = new Set(['', '.', '-', 'na', 'n/a', 'nan', 'null', 'none']);

/** Whether a cell says that there is no value. */
function isMissing(text: string): boolean {
  return MISSING.has(text.toLowerCase());
}

class GeneTableReader {
  readonly #source: GeneSource;
  readonly #limits: GeneTableLimits;
  readonly #lines = new TextLines((bytes, start, end, line) => this.#line(bytes, start, end, line));
  #heading = '';
  #layout: GeneLayout | undefined;
  #columns: GeneColumn[] = [];
  readonly #rows = new Map<string, number>();
  /** How much each row is preferred. */
  readonly #ranks: number[] = [];
  readonly #genes: string[] = [];
  #bytes = 0;

  constructor(source: GeneSource, limits: GeneTableLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.bytes) throw this.#tooLarge(`${this.#limits.bytes.toLocaleString('en')} bytes`);
    this.#lines.push(chunk);
  }

  end(): void {
    this.#lines.end();
  }

  finish(source: string, sha256: string): GeneTable {
    const { name } = this.#source;
    if (this.#genes.length === 0) throw new InputError('BAD_MODELS', `${source}: the table ${name} has no genes`);
    for (const column of this.#columns) {
      column.isNumber = column.values.every((value) => value === '' || Number.isFinite(Number(value)));
    }
    return { name, source, sha256, columns: this.#columns, rows: this.#rows, genes: this.#genes };
  }

  #line(bytes: Uint8Array, start: number, end: number, line: number): void {
    if (end === start) return;
    const text = Buffer.prototype.utf8Slice.call(bytes, start, end).replace(/^\uFEFF/, '');
    if (text.startsWith('#') && this.#layout === undefined) {
      // The last of the lines before the genes names the columns.
      this.#heading = text.replace(/^#+/, '');
      return;
    }
    const cells = text.split('\t').map(unquoted);
    if (this.#layout === undefined) {
      const isHeading = namesGenes(cells);
      const layout = this.#begin(
        isHeading || this.#heading === '' ? cells : this.#heading.split('\t').map(unquoted),
        line,
      );
      if (isHeading || (this.#heading === '' && !layout.isList)) return;
    }
    this.#add(cells);
  }

  /** What the columns mean. */
  #begin(heads: readonly string[], line: number): GeneLayout {
    const { name, columns = [] } = this.#source;
    const layout = geneLayout(heads, columns);
    if (typeof layout === 'string')
      throw new InputError('BAD_MODELS', `the table of genes ${name} ${layout}`.slice(0, 2000), { line });
    const ids = layout.values.map((value) => `${name}_${value.name.replace(/\W+/g, '_')}`);
    this.#columns =
      layout.values.length === 0
        ? [{ id: name, column: '', isNumber: false, values: [] }]
        : layout.values.map((value, i) => ({
            id: layout.values.length === 1 ? name : ids[i],
            column: value.name,
            isNumber: false,
            values: [],
          }));
    return (this.#layout = layout);
  }

  #add(cells: readonly string[]): void {
    const { keys = [], values = [], preferred = [] } = this.#layout ?? {};
    const names = keys.map((column) => geneKey(cells[column] ?? '')).filter((name) => name !== '');
    if (names.length === 0) return;
    const row = this.#genes.push(names[0]) - 1;
    if (row >= this.#limits.rows) throw this.#tooLarge(`${this.#limits.rows.toLocaleString('en')} rows`);
    const rank = preferred.reduce((sum, column, i) => (isYes(cells[column] ?? '') ? sum + 2 ** i : sum), 0);
    this.#ranks.push(rank);
    for (const name of names) {
      const known = this.#rows.get(name);
      if (known === undefined || rank > this.#ranks[known]) this.#rows.set(name, row);
    }
    if (values.length === 0) this.#columns[0].values.push('YES');
    values.forEach(({ column }, i) => this.#columns[i].values.push(valueOf(cells[column] ?? '')));
  }

  #tooLarge(limit: string): InputError {
    return new InputError('TOO_LARGE', `the table ${this.#source.name} is larger than allowed: more than ${limit}`);
  }
}

/** A cell as it stands in a CSQ, one character a byte of its UTF-8. */
function valueOf(cell: string): string {
  return isMissing(cell) ? '' : Buffer.from(csqText(cell.replaceAll('%', '%25'))).toString('latin1');
}

/** Whether a cell says yes, or that the transcript is MANE Select. */
function isYes(cell: string): boolean {
  return /^(true|yes|1|mane select)$/i.test(cell);
}

/** A cell without the quotes that a spreadsheet puts around it. */
function unquoted(cell: string): string {
  const text = cell.trim();
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}
