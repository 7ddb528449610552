/**
 * Which fields of a VCF or table go into a source of known variants: what the user writes (`INFO/AF`, `ID`,
 * `POPMAX:=INFO/AF_popmax`) against what the file's header declares.
 */
import { InputError } from '../errors.ts';
import { headerFields } from '../vcf/header.ts';

/** How a field's values belong to the ALTs of a record. */
export type PerAllele = 'alt' | 'ref-and-alt' | 'record';

export interface ChosenField {
  /** INFO id of the output. */
  id: string;
  /** Where it stands: an INFO key, a fixed column, or a column of a table. */
  from: { info: string } | { column: 'ID' | 'QUAL' | 'FILTER' } | { cell: number };
  perAllele: PerAllele;
  type: 'integer' | 'float' | 'text' | 'flag';
  description: string;
}

/**
 * Fields that are taken of well-known sources when none are named, as far as the header has them; of two for one name
 * the first that is there, since the sources' own names changed with their releases. Texts that hardly repeat, such as
 * dbSNP's FREQ, are none of them: an index of a billion cannot hold them.
 */
const USUAL: readonly (readonly [source: RegExp, fields: readonly string[]])[] = [
  [
    /^clinvar/i,
    [
      'ID:=INFO/MEASURESET_ID',
      'ID',
      'SIG:=INFO/CLNSIG',
      'SIG:=INFO/CLINICAL_SIGNIFICANCE',
      'REVIEW:=INFO/CLNREVSTAT',
      'REVIEW:=INFO/REVIEW_STATUS',
      'DN:=INFO/CLNDN',
      'DN:=INFO/CLNDBN',
      'DN:=INFO/ALL_TRAITS',
      'MC:=INFO/MC',
      'RS:=INFO/RS',
      'GENE:=INFO/GENEINFO',
      'GENE:=INFO/SYMBOL',
    ],
  ],
  [/^dbsnp/i, ['ID', 'INFO/COMMON']],
  [
    /^gnomad/i,
    [
      'ID',
      'INFO/AF',
      'INFO/AC',
      'INFO/AN',
      'INFO/nhomalt',
      'INFO/AF_popmax',
      'INFO/AF_grpmax',
      'INFO/popmax',
      'INFO/grpmax',
      // Of the mitochondrion, where frequency has two meanings.
      'INFO/AF_hom',
      'INFO/AF_het',
      'INFO/AC_hom',
      'INFO/AC_het',
      'INFO/max_hl',
      'FILTER',
    ],
  ],
  [
    /^(1000g|kg|tgp)/i,
    [
      'INFO/AF',
      ...['AFR', 'AMR', 'EAS', 'EUR', 'SAS'].flatMap((population) => [
        `AF_${population}:=INFO/AF_${population}`,
        `AF_${population}:=INFO/${population}_AF`,
      ]),
    ],
  ],
];

const NAME = /^[A-Za-z_][\w.]*$/;
/** A source that everybody calls by a name that no INFO field may begin with, and what its fields begin with. */
const THOUSAND_GENOMES = /^1000G$/i;
const THOUSAND_GENOMES_PREFIX = 'KG';

/** @throws InputError BAD_OPTION when a source cannot have this name: its fields begin with it. */
export function checkSourceName(name: string): void {
  if (NAME.test(name) || THOUSAND_GENOMES.test(name)) return;
  const rule = 'letters, digits, dots and underscores, beginning with a letter or underscore';
  throw new InputError('BAD_OPTION', `'${name}' cannot be the name of INFO fields: they are made of ${rule}`);
}

/** The fields named, or those usual for the source; in that case, as far as the header has them. */
export function chosenFields(source: string, named: readonly string[], lines: readonly string[]): ChosenField[] {
  const declared = new Map(
    lines
      .filter((line) => line.startsWith('##INFO='))
      .map((line) => headerFields(line))
      .map((fields) => [fields.get('ID') ?? '', fields]),
  );
  if (named.length > 0) return unique(named.map((text) => vcfField(source, text, declared)));
  const usual = USUAL.find(([pattern]) => pattern.test(source))?.[1] ?? [];
  const names = new Set<string>();
  const present = usual.filter((text) => {
    const { name, path } = renamed(text);
    if (names.has(name) || (path.startsWith('INFO/') && !declared.has(path.slice(5)))) return false;
    names.add(name);
    return true;
  });
  if (present.length === 0) {
    throw new InputError('BAD_OPTION', `say which fields to keep: --fields INFO/AF,ID. ${offer([...declared.keys()])}`);
  }
  return unique(present.map((text) => vcfField(source, text, declared)));
}

/** `NEW:=PATH`, as bcftools writes it, or a path whose last part is the name. */
export function renamed(text: string): { name: string; path: string } {
  const [, name, path] = /^(.+?):=(.+)$/.exec(text) ?? [];
  if (name !== undefined) return { name, path };
  return { name: text.replace(/^INFO\//, ''), path: text };
}

/** @throws InputError BAD_OPTION when two fields would have one name. */
export function unique(fields: ChosenField[]): ChosenField[] {
  const seen = new Set<string>();
  for (const { id } of fields) {
    if (seen.has(id)) throw new InputError('BAD_OPTION', `two fields would be called ${id}: rename one, NEW:=INFO/OLD`);
    seen.add(id);
  }
  return fields;
}

/** The INFO id of a field of a source. */
export function fieldId(source: string, name: string): string {
  checkSourceName(name.replace(/^\d/, '_'));
  return `${THOUSAND_GENOMES.test(source) ? THOUSAND_GENOMES_PREFIX : source}_${name}`;
}

function vcfField(source: string, text: string, declared: ReadonlyMap<string, Map<string, string>>): ChosenField {
  const { name, path } = renamed(text);
  const id = fieldId(source, name);
  if (path === 'ID')
    return { id, from: { column: 'ID' }, perAllele: 'record', type: 'text', description: `ID in ${source}` };
  if (path === 'QUAL')
    return { id, from: { column: 'QUAL' }, perAllele: 'record', type: 'float', description: `QUAL in ${source}` };
  if (path === 'FILTER')
    return { id, from: { column: 'FILTER' }, perAllele: 'record', type: 'text', description: `FILTER in ${source}` };
  const key = path.replace(/^INFO\//, '');
  const fields = declared.get(key);
  if (fields === undefined) {
    throw new InputError('BAD_OPTION', `the header declares no INFO field ${key}. ${offer([...declared.keys()])}`);
  }
  const number = fields.get('Number') ?? '.';
  const perAllele = number === 'A' ? 'alt' : number === 'R' ? 'ref-and-alt' : 'record';
  const type = (fields.get('Type') ?? 'String').toLowerCase();
  const single = perAllele !== 'record' || number === '1';
  const description = plain(`${fields.get('Description') ?? key} (${source} ${key})`);
  if (type === 'flag' || number === '0')
    return { id, from: { info: key }, perAllele: 'record', type: 'flag', description };
  return {
    id,
    from: { info: key },
    perAllele,
    type: single && (type === 'integer' || type === 'float') ? type : 'text',
    description,
  };
}

function offer(keys: readonly string[]): string {
  if (keys.length === 0) return 'Its header declares none, so ID, QUAL and FILTER are what can be taken';
  const some = keys.slice(0, 20).join(', ');
  return `It has ${some}${keys.length > 20 ? ` and ${keys.length - 20} others` : ''}`;
}

/** A description as it can stand in a header: ASCII without quotes. */
export function plain(text: string): string {
  return text.replace(/[\\"]/g, '').replace(/[^\x20-\x7e]/g, '?');
}
