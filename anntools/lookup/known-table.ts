/**
 * A table of variants: one line names the columns, each other tells of one variant, cells between tabs. Contig,
 * position and alleles are known by the names people give them; a column's type is what its first values are, unless it
 * is told (`AF:float`).
 */
import { InputError } from '../errors.ts';
import { VcfRecord } from '../vcf/record.ts';
import { type ChosenField, fieldId, renamed, unique } from './field-choice.ts';
import type { FieldValues } from './field-values.ts';

const TAB = 9;

const NAMES = {
  CHROM: /^#?(chrom|chr|chromosome|contig|seqname)$/i,
  POS: /^(pos|position|start|chrompos|bp)$/i,
  REF: /^(ref|reference|ref_?allele|reference_?allele)$/i,
  ALT: /^(alt|alternate|alternative|alt_?allele|alternate_?allele)$/i,
};

/** Which cell of a row is what. */
export interface TableColumns {
  names: string[];
  contig: number;
  position: number;
  ref: number;
  alt: number;
}

/** Reads the line that names the columns. @throws InputError BAD_OPTION when one that is needed is not there. */
export function tableColumns(line: string): TableColumns {
  const names = line.split('\t').map((name) => name.trim());
  const of = (what: keyof typeof NAMES): number => {
    const index = names.findIndex((name) => NAMES[what].test(name));
    if (index >= 0) return index;
    throw new InputError(
      'BAD_OPTION',
      `the table's first line names no column ${what}: it needs CHROM, POS, REF and ALT, separated by tabs, and has ` +
        names.slice(0, 12).join(', '),
      { line: 1 },
    );
  };
  return { names, contig: of('CHROM'), position: of('POS'), ref: of('REF'), alt: of('ALT') };
}

const TYPES: Record<string, ChosenField['type']> = {
  int: 'integer',
  integer: 'integer',
  float: 'float',
  string: 'text',
};

/** The columns to keep: those named, or all but the four. `sample` are rows from which types are told. */
export function tableFields(
  source: string,
  named: readonly string[],
  columns: TableColumns,
  sample: readonly string[],
): ChosenField[] {
  const { names, contig, position, ref, alt } = columns;
  const rows = sample.map((row) => row.split('\t'));
  const others = names.filter((_, i) => ![contig, position, ref, alt].includes(i));
  const chosen = named.length > 0 ? named : others;
  if (chosen.length === 0)
    throw new InputError('BAD_OPTION', 'the table has no column besides the variants themselves');
  return unique(
    chosen.map((text) => {
      const { name, path } = renamed(text);
      const [, column, told = ''] = /^(.*?)(?::(\w+))?$/.exec(path) ?? [];
      const cell = names.indexOf(column);
      if (cell < 0)
        throw new InputError('BAD_OPTION', `the table has no column ${column}. It has ${others.join(', ')}`);
      const type = TYPES[told.toLowerCase()];
      if (told !== '' && type === undefined)
        throw new InputError('BAD_OPTION', `a column is integer, float or string, not ${told}`);
      const label = (path === name ? column : name).replace(/\W/g, '_');
      return {
        id: fieldId(source, label),
        from: { cell },
        perAllele: 'record',
        type: type ?? typeOf(rows.map((row) => row[cell] ?? '')),
        description: `${column.replace(/[\\"]/g, '').replace(/[^\x20-\x7e]/g, '?')} in ${source}`,
      };
    }),
  );
}

function typeOf(values: readonly string[]): ChosenField['type'] {
  const present = values.filter((value) => value !== '' && value !== '.');
  if (present.length === 0) return 'text';
  if (present.every((value) => /^-?\d+$/.test(value))) return 'integer';
  return present.every((value) => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)) ? 'float' : 'text';
}

/** Reads rows: each becomes a record of VCF, with its cells placed as values. */
export class TableRows {
  readonly record = new VcfRecord();
  #line = Buffer.alloc(1 << 12);
  readonly #cells: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(
    private readonly columns: TableColumns,
    fields: readonly ChosenField[],
    private readonly values: FieldValues,
  ) {
    this.#cells = fields.map(({ from }) => ('cell' in from ? from.cell : -1));
  }

  /** @throws InputError BAD_LINE as `VcfRecord.parse` does. */
  read(bytes: Uint8Array, start: number, end: number, lineNumber: number): void {
    const { contig, position, ref, alt } = this.columns;
    let cells = 0;
    for (let at = start; at <= end; cells++) {
      let to = at;
      while (to < end && bytes[to] !== TAB) to++;
      this.#starts[cells] = at;
      this.#ends[cells] = to;
      at = to + 1;
    }
    if (cells <= Math.max(contig, position, ref, alt)) {
      throw new InputError('BAD_LINE', `has ${cells} cells where the alleles are in cell ${Math.max(ref, alt) + 1}`);
    }
    this.#spell(bytes, [contig, position, -1, ref, alt], lineNumber);
    this.values.begin(bytes);
    for (let i = 0; i < this.#cells.length; i++) {
      const cell = this.#cells[i];
      if (cell < cells) this.values.place(i, this.#starts[cell], this.#ends[cell]);
    }
  }

  /** Parses the cells as the line of a VCF. */
  #spell(bytes: Uint8Array, cells: readonly number[], lineNumber: number): void {
    const needed = cells.reduce((sum, cell) => sum + (cell < 0 ? 1 : this.#ends[cell] - this.#starts[cell]) + 1, 8);
    if (this.#line.length < needed) this.#line = Buffer.alloc(needed * 2);
    const line = this.#line;
    let at = 0;
    for (const cell of cells) {
      if (cell < 0) line[at++] = 46;
      else for (let i = this.#starts[cell]; i < this.#ends[cell]; i++) line[at++] = bytes[i];
      line[at++] = TAB;
    }
    at += line.write('.\t.\t.', at, 'latin1');
    this.record.parse(line, 0, at, lineNumber);
  }
}
