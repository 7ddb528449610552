/** The lines of the header that the specification describes, kind by kind: INFO, FORMAT, FILTER, ALT, contig, … */
import type { Dialect } from './dialect.ts';
import type { HeaderField } from './header-fields.ts';
import { COUNTED, isKey } from './keys.ts';
import type { Topic } from './problem.ts';
import { reserved, reservedForStructural } from './reserved.ts';

export interface Say {
  error(reason: string): void;
  warning(reason: string): void;
}

interface Kind {
  topic: Topic;
  /** Fields that must be there, in the order the specification shows. */
  required: readonly string[];
  check?: (line: HeaderLine, dialect: Dialect, say: Say) => void;
}

/** A line with its fields at hand. */
export class HeaderLine {
  private readonly byKey: ReadonlyMap<string, HeaderField>;

  constructor(
    readonly kind: string,
    readonly fields: readonly HeaderField[],
  ) {
    this.byKey = new Map(fields.map((field) => [field.key, field]));
  }

  field(key: string): HeaderField | undefined {
    return this.byKey.get(key);
  }

  value(key: string): string | undefined {
    return this.byKey.get(key)?.value;
  }

  get id(): string {
    return this.value('ID') ?? '';
  }
}

/** The kinds the specification describes; PEDIGREE had no ID before 4.3, META no existence. */
export function kindOf(key: string, dialect: Dialect): Kind | undefined {
  if (key === 'PEDIGREE')
    return { topic: 'pedigree', required: dialect.structured ? ['ID'] : [], check: checkPedigree };
  if (key === 'SAMPLE')
    return { topic: 'sample', required: dialect.structured ? ['ID'] : ['ID', 'Genomes'], check: checkSample };
  if (key === 'META' && !dialect.structured) return undefined;
  return Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
}

const KINDS: Record<string, Kind> = {
  INFO: { topic: 'info', required: ['ID', 'Number', 'Type', 'Description'], check: checkField },
  FORMAT: { topic: 'format', required: ['ID', 'Number', 'Type', 'Description'], check: checkField },
  FILTER: { topic: 'filter', required: ['ID', 'Description'], check: checkFilter },
  ALT: { topic: 'alt', required: ['ID', 'Description'], check: checkAlt },
  contig: { topic: 'contig', required: ['ID'], check: checkContig },
  META: { topic: 'sample', required: ['ID'], check: checkMeta },
};

/** Types of a field (sections 1.4.2, 1.4.4). */
const TYPES: Record<string, readonly string[]> = {
  INFO: ['Integer', 'Float', 'Flag', 'Character', 'String'],
  FORMAT: ['Integer', 'Float', 'Character', 'String'],
  META: ['Integer', 'Float', 'Character', 'String'],
};

/** Whether a Number is one that the version knows for this kind of line. */
function isNumber(number: string, kind: string, dialect: Dialect): boolean {
  if (/^(\d+|[AG.])$/.test(number)) return true;
  if (number === 'R') return dialect.numberR;
  if (kind !== 'FORMAT') return false;
  return number === 'P' ? dialect.numberP : dialect.localAlleles && /^(L[ARG]|M)$/.test(number);
}

function checkNumberAndType(line: HeaderLine, dialect: Dialect, say: Say): void {
  const [number, type] = [line.field('Number'), line.field('Type')];
  if (number && (number.quoted || !isNumber(number.value, line.kind, dialect)))
    say.error(`of ${line.id} has Number=${written(number)}, which is no Number of VCF ${dialect.version.toFixed(1)}`);
  if (type && (type.quoted || !TYPES[line.kind].includes(type.value)))
    say.error(`of ${line.id} has Type=${written(type)}; it must be ${TYPES[line.kind].join(', ')}`);
}

function checkField(line: HeaderLine, dialect: Dialect, say: Say): void {
  const kind = line.kind as 'INFO' | 'FORMAT';
  const { id } = line;
  checkNumberAndType(line, dialect, say);
  checkTexts(line, dialect, say);
  if (dialect.strictKeys && id !== '' && !isKey(kind, id, dialect))
    say.error(`has the ID '${id}'; a key is letters, digits, _ and ., beginning with no digit`);
  const [number, type] = [line.value('Number'), line.value('Type')];
  const fixed = reserved(kind, id, dialect.version);
  const forStructural = reservedForStructural(kind, id, dialect.version);
  const [expected, tell] = fixed ? [fixed, say.error] : [forStructural, say.warning];
  const expectedNumber = expected?.number.replace(COUNTED, '.');
  if (expected && number !== undefined && number !== expectedNumber)
    tell(`of ${id} has Number=${number}; the specification reserves it with ${expectedNumber}`);
  if (expected && type !== undefined && expected.type !== '*' && type !== expected.type)
    tell(`of ${id} has Type=${type}; the specification reserves it with ${expected.type}`);
  if (!expected && type === 'Flag' && number !== '0')
    say.warning(`of ${id} is a Flag with Number=${number}; a Flag has no value and Number=0`);
  if (type !== 'Flag' && number === '0' && !expected) say.warning(`of ${id} has Number=0 and is no Flag`);
}

function checkFilter(line: HeaderLine, dialect: Dialect, say: Say): void {
  checkTexts(line, dialect, say);
  if (/[\s;]/.test(line.id)) say.error(`has the ID '${line.id}' with white space or a semicolon in it`);
  if (line.id === '0') say.error('has the ID 0, which is reserved');
}

/** Description, Source and Version are quoted (1.2.2; a must since 4.3), and so is what else is added since 4.3. */
function checkTexts(line: HeaderLine, dialect: Dialect, say: Say): void {
  for (const field of line.fields) {
    if (field.key === 'ID' && field.quoted) say.error(`has a quoted ID, "${field.value}"`);
    if (field.quoted || ['ID', 'Number', 'Type'].includes(field.key)) continue;
    if (field.key === 'Description') say.error(`of ${line.id} has a Description without quotes`);
    else (dialect.structured ? say.error : say.warning)(`of ${line.id} has ${field.key} without quotes`);
  }
}

/** First levels of structural alleles; BND and, for unspecified alleles (5.5), * and NON_REF. */
const STRUCTURAL = /^(DEL|INS|DUP|INV|CNV|BND)(:|$)/;
const UNSPECIFIED = /^(\*|NON_REF)$/;

function checkAlt(line: HeaderLine, dialect: Dialect, say: Say): void {
  const { id } = line;
  checkTexts(line, dialect, say);
  const description = line.fields.findIndex(({ key }) => key === 'Description');
  if (line.fields.some(({ key }, i) => key !== 'ID' && i < description))
    say.error(`of ${id} has fields between ID and Description`);
  if (/[\s,<>]/.test(id)) say.error(`has the ID '${id}' with white space, a comma or an angle bracket in it`);
  else if (!STRUCTURAL.test(id) && !UNSPECIFIED.test(id) && (id.includes(':') || !dialect.freeAlts))
    say.error(`has the ID ${id}, whose first level is none of DEL, INS, DUP, INV, CNV, BND`);
}

function checkContig(line: HeaderLine, dialect: Dialect, say: Say): void {
  const { id } = line;
  const length = line.value('length');
  if (!dialect.contigName.test(id)) say.error(`has the ID '${id}', which cannot be the name of a contig`);
  else if (id.includes(':') && !dialect.colonInChrom)
    say.warning(`has the ID '${id}' with a colon, which CHROM must not have`);
  if (length !== undefined && !/^\d+$/.test(length)) say.error(`of ${id} has the length '${length}'`);
}

function checkMeta(line: HeaderLine, dialect: Dialect, say: Say): void {
  checkNumberAndType(line, dialect, say);
  for (const key of ['Number', 'Type']) if (!line.field(key)) say.error(`of ${line.id} has no ${key}`);
  if (!/^\[.*\]$/.test(line.value('Values') ?? '')) say.error(`of ${line.id} has no Values in square brackets`);
}

function checkSample(line: HeaderLine, dialect: Dialect, say: Say): void {
  if (/[\s,*]/.test(line.id)) say.error(`has the ID '${line.id}' with white space, a comma or an asterisk in it`);
  if (!dialect.structured && line.field('Mixture')?.quoted) say.error(`of ${line.id} has its Mixture in quotes`);
}

function checkPedigree(line: HeaderLine, _: Dialect, say: Say): void {
  for (const { key, value } of line.fields)
    if (value === '' || /[\s:;,<>]/.test(value))
      say.error(`has ${key}='${value}', which cannot be the name of a genome`);
}

function written({ value, quoted }: HeaderField): string {
  return quoted ? `"${value}"` : value;
}
