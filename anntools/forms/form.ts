/** The forms a result can have: a VCF with one of three INFO fields, a table, or objects. */
import { DEFAULT_COLUMNS, isColumn } from '../engine/columns.ts';
import { InputError } from '../errors.ts';
import type { GeneColumn } from '../genes/gene-table.ts';
import type { InfoField } from '../vcf/header-writer.ts';
import { ANN_COLUMNS, ANN_FIELDS } from './ann.ts';

/** What follows `Format: ` in the header (`csq.c`). */
const BCSQ_FORMAT = 'Consequence|gene|transcript|biotype|strand|amino_acid_change|dna_change';

export const FORM_NAMES = ['csq', 'ann', 'bcsq', 'tsv', 'json'] as const;
export type FormName = (typeof FORM_NAMES)[number];

/** Whether the result is a VCF; else it has lines of its own. */
export function isVcf(form: FormName): form is 'csq' | 'ann' | 'bcsq' {
  return form !== 'tsv' && form !== 'json';
}

/** How the file of a form ends. */
export const EXTENSIONS: Record<FormName, string> = {
  csq: '.vcf',
  ann: '.vcf',
  bcsq: '.vcf',
  tsv: '.tsv',
  json: '.jsonl',
};

/** The INFO field of a VCF. */
export function consequenceField(
  form: 'csq' | 'ann' | 'bcsq',
  columns: readonly string[],
  isPhased = false,
): InfoField {
  const field = { number: '.', type: 'String' } as const;
  if (form === 'ann') {
    return { ...field, id: 'ANN', description: `Functional annotations: '${ANN_FIELDS.join(' | ')}'` };
  }
  if (form === 'bcsq') {
    return {
      ...field,
      id: 'BCSQ',
      description: `${isPhased ? 'Haplotype-aware' : 'Local'} consequence annotation from anntools. Format: ${BCSQ_FORMAT}`,
    };
  }
  return { ...field, id: 'CSQ', description: `Consequence annotations from anntools. Format: ${columns.join('|')}` };
}

/** The VCF's own columns of a table; ALT is the one the row is about. */
export const RECORD_COLUMNS = ['CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER'] as const;

export interface FormColumns {
  /** What the engine is asked for. */
  engine: readonly string[];
  /** Those among them that tables of genes fill. */
  genes: readonly Pick<GeneColumn, 'id' | 'isNumber'>[];
  /** The columns of a table, of the record, the engine and the added INFO fields; empty for other forms. */
  table: readonly string[];
}

/**
 * The columns of a form.
 * @param fields those that were asked for by name; the form's own when absent
 * @param added INFO fields that sources of known variants and bands add
 * @param genes columns that tables of genes fill; ANN and BCSQ have no place for them
 * @throws InputError BAD_OPTION for a column that does not exist, or where none can be chosen
 */
export function formColumns(
  form: FormName,
  fields: readonly string[] | undefined,
  added: readonly string[],
  genes: FormColumns['genes'] = [],
): FormColumns {
  if (form === 'ann') return whole(fields, form, { engine: ANN_COLUMNS, genes: [], table: [] });
  if (form === 'bcsq') return whole(fields, form, { engine: ['Allele'], genes: [], table: [] });
  const ofGenes = genes.map(({ id }) => id);
  const usual = [...DEFAULT_COLUMNS, ...ofGenes];
  if (form === 'json') return whole(fields, form, { engine: usual, genes, table: [] });
  if (fields === undefined) {
    return { engine: usual, genes, table: form === 'tsv' ? [...RECORD_COLUMNS, ...usual, ...added] : [] };
  }
  if (fields.length === 0) throw new InputError('BAD_OPTION', 'no field is named; name at least one');
  const others: readonly string[] = form === 'tsv' ? [...RECORD_COLUMNS, ...added] : [];
  const isOfEngine = (name: string): boolean => isColumn(name) || ofGenes.includes(name);
  const unknown = fields.filter((name) => !isOfEngine(name) && !others.includes(name));
  if (unknown.length > 0) throw new InputError('BAD_OPTION', unknownField(form, unknown, [...others, ...ofGenes]));
  const twice = fields.find((name, i) => fields.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError('BAD_OPTION', `the field ${twice} is named twice`);
  const engine = fields.filter(isOfEngine);
  if (form === 'csq') return { engine, genes, table: [] };
  // Which ALT a row is about, and that the engine has something to write.
  return { engine: [...new Set([...engine, 'ALLELE_NUM'])], genes, table: fields };
}

/** The columns of a form that has a layout of its own. */
function whole(fields: readonly string[] | undefined, form: FormName, columns: FormColumns): FormColumns {
  if (fields === undefined) return columns;
  throw new InputError('BAD_OPTION', `fields can be chosen for csq and tsv; ${form} has a layout of its own`);
}

function unknownField(form: FormName, unknown: readonly string[], others: readonly string[]): string {
  const known = [...others, ...DEFAULT_COLUMNS];
  const meant = known.find((name) => name.toLowerCase() === unknown[0]?.toLowerCase());
  const advice = meant ? `did you mean ${meant}?` : `${form} has ${known.join(', ')} and more of VEP's`;
  return `there is no field ${unknown.join(', ')}: ${advice}`;
}
