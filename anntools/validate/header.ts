/** The header line by line: what it declares is kept for judging the records. */
import { FIXED_COLUMNS } from '../vcf/header.ts';
import { type Dialect, KNOWN_VERSIONS, VERSION_ASSUMED, dialectOf } from './dialect.ts';
import { parseHeaderFields } from './header-fields.ts';
import { HeaderLine, kindOf } from './header-kinds.ts';
import { type Reporter, type Topic, shown } from './problem.ts';
import type { FieldType } from './reserved.ts';

/** What the header says of the records. */
export interface Declarations {
  dialect: Dialect;
  info: ReadonlyMap<string, FieldType>;
  format: ReadonlyMap<string, FieldType>;
  filters: ReadonlySet<string>;
  alts: ReadonlySet<string>;
  /** Name to length; undefined where it is not said. */
  contigs: ReadonlyMap<string, number | undefined>;
  samples: readonly string[];
  /** How many columns a record must have. */
  columns: number;
}

/** Kinds whose value is an address. */
const ADDRESSES: Record<string, Topic> = { assembly: 'assembly', pedigreeDB: 'pedigree' };

export class HeaderValidator {
  private dialect = dialectOf(VERSION_ASSUMED);
  private readonly info = new Map<string, FieldType>();
  private readonly format = new Map<string, FieldType>();
  private readonly filters = new Set(['PASS']);
  private readonly alts = new Set<string>();
  private readonly contigs = new Map<string, number | undefined>();
  private readonly seen = new Set<string>();

  constructor(private readonly reporter: Reporter) {}

  /** Judges the first line. Answers false when the file cannot be judged at all. */
  first(text: string): boolean {
    const [, version = ''] = /^##fileformat=VCFv(\d+\.\d+)\s*$/.exec(text) ?? [];
    const known = KNOWN_VERSIONS.includes(Number(version));
    if (known) {
      this.dialect = dialectOf(Math.max(Number(version), 4.1));
      this.reporter.version = this.dialect.version;
    }
    if (text !== `##fileformat=VCFv${version}`)
      this.reporter.error(
        '##fileformat',
        'fileformat',
        `must be the first line, as ##fileformat=VCFv4.2; here is '${shown(text)}'`,
      );
    else if (!known)
      this.reporter.error(
        '##fileformat',
        'fileformat',
        `claims version ${version}; judged can be ${KNOWN_VERSIONS.map((one) => one.toFixed(1)).join(', ')}`,
      );
    return version === '' || known;
  }

  /** Judges a `##` line after the first. */
  meta(text: string): void {
    const [, key, value] = /^##([^=\s]+)=(.*)$/.exec(text) ?? [];
    if (key === undefined || value === '') {
      const column = /^##([^=\s]+)/.exec(text)?.[0] ?? '##';
      return this.reporter.error(column, 'meta', 'is not of the form ##key=value');
    }
    if (key === 'fileformat')
      this.reporter.error('##fileformat', 'fileformat', 'stands again; it must be the first line alone');
    else if (Object.hasOwn(ADDRESSES, key)) this.address(key, value);
    else if (kindOf(key, this.dialect) || (this.dialect.structured && value.startsWith('<')))
      this.structured(key, value);
  }

  private address(key: string, value: string): void {
    // Until 4.2 the specification writes <url>; in angle brackets or not, both are found.
    const url = /^<(.*)>$/.exec(value)?.[1] ?? value;
    if (!isUrl(url)) this.reporter.error(`##${key}`, ADDRESSES[key], `is '${shown(value)}', which is not a URL`);
  }

  private structured(key: string, value: string): void {
    const { dialect, reporter } = this;
    const kind = kindOf(key, dialect);
    const topic = kind?.topic ?? 'meta';
    const say = {
      error: (reason: string) => reporter.error(`##${key}`, topic, reason),
      warning: (reason: string) => reporter.warning(`##${key}`, topic, reason),
    };
    const fields = parseHeaderFields(value);
    if (typeof fields === 'string') return say.error(fields);
    const line = new HeaderLine(key, fields);
    const twice = fields.find(({ key: name }, i) => fields.findIndex((other) => other.key === name) < i);
    if (twice !== undefined) say.error(`${line.id ? `of ${line.id} ` : ''}has ${twice.key} twice`);
    const required = kind?.required ?? ['ID'];
    const absent = required.filter(
      (name) => (line.value(name) ?? '') === '' && (name !== 'Description' || !line.field(name)),
    );
    if (absent.length > 0) say.error(`${line.id ? `of ${line.id} ` : ''}has no ${absent.join(', ')}`);
    const order = fields.map(({ key: name }) => required.indexOf(name)).filter((place) => place >= 0);
    if (order.some((place, i) => i > 0 && place < order[i - 1]) || order[0] > 0)
      (dialect.orderedFields ? say.error : say.warning)(`has its fields in another order than ${required.join(', ')}`);
    kind?.check?.(line, dialect, say);
    this.keep(line, say);
  }

  private keep(line: HeaderLine, say: { error(reason: string): void; warning(reason: string): void }): void {
    const { kind, id } = line;
    if (id === '') return;
    if (this.seen.has(`${kind} ${id}`)) (this.dialect.structured ? say.error : say.warning)(`declares ${id} again`);
    this.seen.add(`${kind} ${id}`);
    const type = { number: line.value('Number') ?? '.', type: line.value('Type') ?? 'String' };
    if (kind === 'INFO') this.info.set(id, type);
    else if (kind === 'FORMAT') this.format.set(id, type);
    else if (kind === 'FILTER') this.filters.add(id);
    else if (kind === 'ALT') this.alts.add(id);
    else if (kind === 'contig')
      this.contigs.set(id, /^\d+$/.test(line.value('length') ?? '') ? Number(line.value('length')) : undefined);
  }

  /** Judges the `#CHROM` line, and answers what the header declares. */
  columns(text: string): Declarations {
    const error = (reason: string): void => this.reporter.error('#CHROM', 'columns', reason);
    const names = text.split('\t');
    const wrong = FIXED_COLUMNS.findIndex((name, i) => names[i] !== name);
    if (wrong >= 0) {
      const spaces = names.length === 1 && /\s/.test(text) ? '; columns are separated by tabs' : '';
      error(`names column ${wrong + 1} '${shown(names[wrong] ?? '')}'; it must be ${FIXED_COLUMNS[wrong]}${spaces}`);
    }
    const samples = names.slice(FIXED_COLUMNS.length + 1);
    if (names.length > FIXED_COLUMNS.length && names[FIXED_COLUMNS.length] !== 'FORMAT')
      error(`names column 9 '${shown(names[FIXED_COLUMNS.length])}'; it must be FORMAT`);
    else if (names.length === FIXED_COLUMNS.length + 1) error('has FORMAT and no sample');
    if (names.at(-1) === '') error('ends in a tab');
    else if (samples.includes('')) error('has a sample without a name');
    const seen = new Set<string>();
    const again = samples.find((name) => name !== '' && seen.size === seen.add(name).size);
    if (again !== undefined) error(`names the sample ${shown(again)} twice`);
    const { dialect, info, format, filters, alts, contigs } = this;
    return {
      dialect,
      info,
      format,
      filters,
      alts,
      contigs,
      samples,
      columns: Math.max(names.length, FIXED_COLUMNS.length),
    };
  }
}

/**
 * Whether the text is a URL whose host can be one: a host of digits alone is none (RFC 1123 section 2.1), and a port
 * is a number.
 */
function isUrl(text: string): boolean {
  const [, scheme, , host = ''] = /^([a-z][a-z0-9+.-]*):(\/\/(?:[^/@]*@)?([^/?#]*))?\S+$/i.exec(text) ?? [];
  if (scheme === undefined) return false;
  if (/^file$/i.test(scheme)) return true;
  return /^([a-z0-9-]+(\.[a-z0-9-]+)*\.?|\[[0-9a-f:.]+\])(:\d+)?$/i.test(host) && !/^\d+(:|$)/.test(host);
}
