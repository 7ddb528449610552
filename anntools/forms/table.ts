/**
 * A table of tab-separated values: a row for each allele and transcript in reach, one row at least for each record.
 * An empty value is `.`, as in a VCF. Values are as they were before a VCF percent-encoded them, with `\t`, `\n`, `\r`
 * and `\\` written for a tab, a newline, a carriage return and a backslash; a row that would begin with `#` begins with
 * `\#`. A line of the input that is no record becomes a comment that begins with `# not a record: `.
 */
import type { InfoField } from '../vcf/header-writer.ts';
import type { VcfRecord } from '../vcf/record.ts';
import type { FormColumns } from './form.ts';
import { infoValues } from './info-values.ts';
import type { RecordLines } from './record-lines.ts';
import { type Row, RowReader, altsOf, decoded } from './rows.ts';

/** What the header says of how values are written. */
const ESCAPING = 'a row for each allele and transcript; . is no value; \\t \\n \\r \\\\ stand for those characters';

/** The lines before the rows, ended by newlines. */
export function tableHeader(columns: readonly string[], provenance: readonly string[]): string {
  const lines = [...provenance.map((line) => `##anntools${line}`), `##${ESCAPING}`, `#${columns.join('\t')}`];
  return lines.map((line) => `${line}\n`).join('');
}

/** Columns of the record by their place in a VCF line. */
const PLACES: Readonly<Record<string, number>> = { CHROM: 0, POS: 1, ID: 2, REF: 3, QUAL: 5, FILTER: 6 };

export class Table implements RecordLines {
  private readonly rows: RowReader;
  private readonly cells: readonly ((given: Given) => string)[];

  constructor({ engine, table }: FormColumns, added: readonly InfoField[]) {
    this.rows = new RowReader(engine);
    const byAllele = new Set(added.filter(({ number }) => number === 'A').map(({ id }) => id));
    const ofEngine: ReadonlySet<string> = new Set(engine);
    this.cells = table.map((column) => {
      const place = PLACES[column];
      if (place !== undefined) return ({ record }) => record.text(place);
      if (column === 'ALT') return ({ alt }) => alt;
      if (ofEngine.has(column)) return ({ row }) => decoded(row?.get(column) ?? '');
      return ({ info, number }) => {
        const value = info.get(column) ?? '';
        return decoded(byAllele.has(column) && number > 0 ? (value.split(',')[number - 1] ?? '') : value);
      };
    });
  }

  record(record: VcfRecord, added: string): string {
    const info = infoValues(added);
    const rows = this.rows.read(info.get('CSQ') ?? '');
    const alts = altsOf(record);
    const told = new Set(rows.map((row) => Number(row.get('ALLELE_NUM'))));
    const lines = rows.map((row) => {
      const number = Number(row.get('ALLELE_NUM'));
      return this.line({ record, alt: alts[number - 1] ?? '', number, row, info });
    });
    // What has no consequence (an unknown contig, `<NON_REF>`) still has its row.
    alts.forEach((alt, i) => {
      if (!told.has(i + 1)) lines.push(this.line({ record, alt, number: i + 1, row: null, info }));
    });
    return lines.join('\n');
  }

  private line(given: Given): string {
    const line = this.cells.map((cell) => escaped(cell(given)) || '.').join('\t');
    return line.startsWith('#') ? `\\${line}` : line;
  }

  unreadable(line: string): string {
    return `# not a record: ${escaped(line)}`;
  }
}

interface Given {
  record: VcfRecord;
  alt: string;
  /** One-based number of the ALT. */
  number: number;
  row: Row | null;
  info: ReadonlyMap<string, string>;
}

const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

function escaped(value: string): string {
  return value.replace(/[\t\n\r\\]/g, (character) => ESCAPES[character] ?? character);
}
