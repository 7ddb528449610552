/**
 * What the names in an expression mean in this file: a column, a field of INFO, a column of the consequence field
 * (CSQ, ANN or BCSQ), or a field of the samples.
 */
import { type VcfHeader, headerFields } from '../vcf/header.ts';
import { didYouMean, expressionError } from './expression-error.ts';
import type { FieldName } from './parse.ts';

/** How many values a field has: one for each ALT, one for each allele, or any number. */
export type PerAllele = 'A' | 'R' | 'any';

/** How values are compared besides as text and number. */
export type Order = 'none' | 'consequence' | 'impact' | 'genotype';

export interface Source {
  kind: 'column' | 'info' | 'csq' | 'format';
  /** Column of the record, or number among the fields of its kind that the expression uses. */
  slot: number;
  perAllele: PerAllele;
  flag: boolean;
  /** Whether values are numbers; undefined where they may be, as in fields that callers declare as String. */
  numeric: boolean | undefined;
  order: Order;
  name: string;
}

/** The consequence field of a file. */
export interface ConsequenceField {
  /** CSQ, ANN or BCSQ. */
  id: string;
  columns: readonly string[];
}

const COLUMNS = ['CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER'] as const;
const NUMERIC_COLUMNS: ReadonlySet<string> = new Set(['POS', 'QUAL']);

/** Columns of SnpEff's ANN by the names VEP has for the same. */
const SNPEFF_NAMES: Partial<Record<string, string>> = {
  consequence: 'annotation',
  impact: 'annotation_impact',
  symbol: 'gene_name',
  gene: 'gene_id',
  feature: 'feature_id',
};

interface Declared {
  number: string;
  type: string;
}

/** Gives each name its meaning and each field that is used a slot. */
export class Fields {
  /** INFO ids by slot. */
  readonly info: string[] = [];
  /** FORMAT ids by slot, and the sample they are asked of; -1 for every sample. */
  readonly format: { id: string; sample: number }[] = [];
  /** Columns of the consequence field by slot. */
  readonly csq: number[] = [];
  readonly consequenceField: ConsequenceField | undefined;
  /** Whether a field has values by ALT, so that ALTs have to be looked at one by one. */
  byAllele = false;
  private readonly infos = new Map<string, Declared>();
  private readonly formats = new Map<string, Declared>();

  constructor(
    private readonly header: VcfHeader,
    private readonly expression: string,
  ) {
    const found: ConsequenceField[] = [];
    for (const line of header.lines) {
      const [, kind] = /^##(INFO|FORMAT)=/.exec(line) ?? [];
      if (kind === undefined) continue;
      const fields = headerFields(line);
      const id = fields.get('ID') ?? '';
      const declared = { number: fields.get('Number') ?? '.', type: fields.get('Type') ?? 'String' };
      (kind === 'INFO' ? this.infos : this.formats).set(id, declared);
      if (kind === 'INFO' && /^(CSQ|ANN|BCSQ)$/.test(id))
        found.push({ id, columns: columnsIn(fields.get('Description') ?? '') });
    }
    this.consequenceField = found.find(({ id }) => id === 'CSQ') ?? found[0];
  }

  /** @throws InputError BAD_OPTION that points at the name. */
  resolve({ name, sample, start }: FieldName): Source {
    const [, room = '', key = name] = /^(INFO|CSQ|ANN|BCSQ|FORMAT|FMT)\/(.+)$/i.exec(name) ?? [];
    switch (room.toUpperCase()) {
      case 'INFO':
        return this.infoField(key, start) ?? this.unknown(name, start);
      case 'FORMAT':
      case 'FMT':
        return this.formatField(key, sample, start);
      case '':
        break;
      default:
        return this.csqColumn(key) ?? this.unknown(name, start);
    }
    if (sample !== undefined) return this.formatField(key, sample, start);
    const column = COLUMNS.findIndex((known) => known === name.toUpperCase());
    if (column >= 0) return this.columnField(column);
    const csq = this.csqColumn(name);
    const info = this.infos.has(name) ? this.infoField(name, start) : undefined;
    if (csq && info) {
      const { id } = this.consequenceField ?? { id: 'CSQ' };
      throw expressionError(
        this.expression,
        start,
        `${name} is a field of INFO and a column of ${id}`,
        `say INFO/${name} or ${id}/${name}`,
      );
    }
    const found = csq ?? info;
    if (found) return found;
    if (name === 'GT') return this.formatField(name, undefined, start);
    return this.unknown(name, start);
  }

  private columnField(column: number): Source {
    const name = COLUMNS[column];
    this.byAllele ||= name === 'ALT';
    return {
      kind: 'column',
      slot: column,
      perAllele: name === 'ALT' ? 'A' : 'any',
      flag: false,
      numeric: NUMERIC_COLUMNS.has(name),
      order: 'none',
      name,
    };
  }

  private infoField(id: string, start: number): Source | undefined {
    const declared = this.infos.get(id);
    if (!declared) return undefined;
    if (id === this.consequenceField?.id)
      throw expressionError(
        this.expression,
        start,
        `${id} has columns`,
        `name one, for example ${id}/${this.consequenceField.columns[1] ?? 'Consequence'}`,
      );
    let slot = this.info.indexOf(id);
    if (slot < 0) slot = this.info.push(id) - 1;
    return { kind: 'info', slot, ...this.typed(declared), order: 'none', name: id };
  }

  private formatField(id: string, sample: string | undefined, start: number): Source {
    const { samples } = this.header;
    const number = sample === undefined ? -1 : samples.indexOf(sample);
    if (samples.length === 0)
      throw expressionError(this.expression, start, `${id} is asked of samples, and the file has none`);
    if (sample !== undefined && number < 0)
      throw expressionError(this.expression, start, `there is no sample '${sample}'`, didYouMean(sample, samples));
    const declared = this.formats.get(id) ?? (id === 'GT' ? { number: '1', type: 'String' } : undefined);
    if (!declared)
      throw expressionError(
        this.expression,
        start,
        `there is no ##FORMAT line for ${id}`,
        didYouMean(id, this.formats.keys()),
      );
    const slot = this.format.push({ id, sample: number }) - 1;
    return { kind: 'format', slot, ...this.typed(declared), order: id === 'GT' ? 'genotype' : 'none', name: id };
  }

  private typed({ number, type }: Declared): Pick<Source, 'perAllele' | 'flag' | 'numeric'> {
    const perAllele = number === 'A' || number === 'R' ? number : 'any';
    this.byAllele ||= perAllele !== 'any';
    return { perAllele, flag: type === 'Flag', numeric: type === 'Integer' || type === 'Float' || undefined };
  }

  /** A column by its name in any case; SnpEff's names stand for VEP's too. */
  private csqColumn(name: string): Source | undefined {
    const columns: readonly string[] = this.consequenceField?.columns ?? [];
    const lower = name.toLowerCase();
    const other = SNPEFF_NAMES[lower] ?? lower;
    let column = columns.indexOf(name);
    if (column < 0) column = columns.findIndex((one) => one.toLowerCase() === lower);
    if (column < 0) column = columns.findIndex((one) => one.toLowerCase() === other);
    if (column < 0) return undefined;
    return this.csqAt(column);
  }

  /** The column of that number, as a source. */
  private csqAt(column: number): Source {
    const name = this.consequenceField?.columns[column] ?? '';
    let slot = this.csq.indexOf(column);
    if (slot < 0) slot = this.csq.push(column) - 1;
    const lower = name.toLowerCase();
    const order: Order =
      lower === 'consequence' || lower === 'annotation'
        ? 'consequence'
        : lower === 'impact' || lower === 'annotation_impact'
          ? 'impact'
          : 'none';
    return { kind: 'csq', slot, perAllele: 'any', flag: false, numeric: undefined, order, name };
  }

  /** What says that a row is the chosen one of its gene or variant. */
  pickColumn(start: number): Source {
    for (const name of ['PICK', 'CANONICAL']) {
      const column = this.consequenceField?.columns.indexOf(name) ?? -1;
      if (column >= 0) return this.csqAt(column);
    }
    throw expressionError(this.expression, start, 'pick needs a column PICK or CANONICAL, and the file has none');
  }

  private unknown(name: string, start: number): never {
    const names = [...COLUMNS, ...this.infos.keys(), ...(this.consequenceField?.columns ?? [])];
    const bare = name.replace(/^\w+\//, '');
    const hint =
      this.consequenceField === undefined && /^(consequence|impact|symbol|gene|csq\/.*)$/i.test(name)
        ? 'the file has no CSQ, ANN or BCSQ; annotate it first'
        : this.formats.has(bare)
          ? `say FMT/${bare} for the samples`
          : didYouMean(bare, names);
    throw expressionError(this.expression, start, `the file has no field ${name}`, hint);
  }
}

/** Column names in a Description: `Format: A|B|C`, or SnpEff's `'A | B | C'`. */
function columnsIn(description: string): string[] {
  const [, list = ''] = /(?:Format:\s*|['"])([^'"]*\|[^'"]*)/.exec(description) ?? [];
  return list.split('|').map((name) => name.trim().replace(/^\[\*\]|[\s.)\]]+$/g, ''));
}
