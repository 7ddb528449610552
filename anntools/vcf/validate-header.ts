/** The header by the specification: what its lines declare, and what is wrong with them. */
import { FIXED_COLUMNS, type VcfHeader, headerFields } from './header.ts';
import { type FieldType, reserved } from './reserved.ts';
import type { Problem } from './validate.ts';

export interface Declarations {
  info: ReadonlyMap<string, FieldType>;
  format: ReadonlyMap<string, FieldType>;
}

const NUMBER = /^(\d+|[AGR.]|P|LA|LG|LR|M)$/;
const TYPES: Record<string, readonly string[]> = {
  INFO: ['Integer', 'Float', 'Flag', 'Character', 'String'],
  FORMAT: ['Integer', 'Float', 'Character', 'String'],
  META: ['Integer', 'Float', 'Character', 'String'],
};
/** The order in which the specification writes the fields of a line. */
const ORDER: Record<string, readonly string[]> = {
  INFO: ['ID', 'Number', 'Type', 'Description'],
  FORMAT: ['ID', 'Number', 'Type', 'Description'],
  META: ['ID', 'Number', 'Type', 'Values'],
  FILTER: ['ID', 'Description'],
  ALT: ['ID', 'Description'],
  contig: ['ID'],
  SAMPLE: ['ID'],
};
const KNOWN_VERSIONS = ['4.0', '4.1', '4.2', '4.3', '4.4', '4.5'];
/** Names of contigs by version: from 4.4 on those of SAM (section 1.4.7). */
const CONTIG_NAMES: readonly (readonly [since: number, name: RegExp])[] = [
  [4.4, /^[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*$/],
  [4.3, /^[^\s,<>[\]:*]+$/],
  [0, /^[^\s,<>:]+$/],
];
/** Kinds of symbolic alleles that 4.x knows; a colon and a subtype may follow. */
const ALT = /^(DEL|INS|DUP|INV|CNV|BND|TRA|CTX|STR|CN\d+|NON_REF|\*|X)(:|$)/;

type Say = (reason: string) => void;

/** What the header declares; every problem is reported. */
export function declarationsOf(header: VcfHeader, report: (problem: Problem) => void): Declarations {
  const info = new Map<string, FieldType>();
  const format = new Map<string, FieldType>();
  const seen = new Set<string>();
  const { version } = header;
  header.lines.forEach((text, i) => {
    const key = keyOf(text);
    const say: Say = (reason) => report({ line: i + 1, column: key || 'header', reason });
    if (i === 0) checkFirst(text, version, say);
    else if (/^##fileformat=/i.test(text)) say('stands again; it must be the first line alone');
    if (!/^##[^=\s]+=[^\s]/.test(text)) return say('is not of the form ##key=value');
    if ((key === 'assembly' || key === 'pedigreeDB') && !isUrl(text.slice(key.length + 3))) say('is not a URL');
    const order = ORDER[key];
    if (order === undefined && key !== 'PEDIGREE') return;
    if (!isStructured(text)) return say('is not of the form <key=value,…> with its brackets and quotes closed');
    const fields = headerFields(text);
    const id = fields.get('ID') ?? '';
    if (key === 'PEDIGREE') return checkPedigree(fields, version, say);
    checkOrder([...fields.keys()], order, say);
    if (id === '') return say('has no ID');
    if (seen.has(`${key} ${id}`) && key !== 'contig') say(`declares ${id} again`);
    seen.add(`${key} ${id}`);
    checkKind(key, id, text, fields, version, say);
    if (key !== 'INFO' && key !== 'FORMAT') return;
    const declared = { number: fields.get('Number') ?? '.', type: fields.get('Type') ?? 'String' };
    (key === 'INFO' ? info : format).set(id, declared);
  });
  checkColumns(header, (reason) => report({ line: header.lineCount, column: '#CHROM', reason }));
  return { info, format };
}

function keyOf(text: string): string {
  return /^##([^=]+)=/.exec(text)?.[1] ?? '';
}

function checkFirst(text: string, version: string, say: Say): void {
  if (!/^##fileformat=VCFv\d+\.\d+$/.test(text)) say('must be ##fileformat=VCFv4.x');
  else if (!KNOWN_VERSIONS.includes(version)) say(`claims version ${version}; known are ${KNOWN_VERSIONS.join(', ')}`);
}

/** `https://…`, or in angle brackets. */
function isUrl(text: string): boolean {
  const url = text.replace(/^<(.*)>$/, '$1');
  return (
    /^(file|https?|ftp):\/\//i.test(url) &&
    (/^file:/i.test(url) || URL.canParse(url)) &&
    !/^\w+:\/\/[^/]*:\d*[^/\d]/.test(url) &&
    !/^\w+:\/\/\d+:/.test(url)
  );
}

/** `##key=<a=b,c="d",e=[f, g]>`: brackets and quotes that close. */
function isStructured(text: string): boolean {
  const inner = /^##[^=]+=<(.*)>$/.exec(text)?.[1];
  const value = String.raw`("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^",\s][^,]*|)`;
  return inner !== undefined && new RegExp(String.raw`^[^=,"\s]+=${value}(,\s?[^=,"\s]+=${value})*$`).test(inner);
}

function checkOrder(keys: readonly string[], order: readonly string[], say: Say): void {
  const given = keys.filter((key) => order.includes(key));
  if (given.some((key, i) => i > 0 && order.indexOf(key) < order.indexOf(given[i - 1]))) {
    say(`has its fields in another order than ${order.join(', ')}`);
  }
}

function checkKind(
  key: string,
  id: string,
  text: string,
  fields: Map<string, string>,
  version: string,
  say: Say,
): void {
  const claimed = Number.parseFloat(version);
  if (key === 'INFO' || key === 'FORMAT') checkField(key, id, fields, version, say);
  if (key === 'META') {
    checkType('META', id, fields, say);
    if (!/[<,]Values=\[.*\]/.test(text)) say(`of ${id} has no Values in square brackets`);
  }
  if (ORDER[key].includes('Description') && !/[<,]\s?Description="/.test(text))
    say(`of ${id} has no quoted Description`);
  if (
    key !== 'META' &&
    [...text.matchAll(/[<,](\w+)="/g)].some(([, name]) => name === 'ID' || name === 'Number' || name === 'Type')
  )
    say(`of ${id} quotes what is not quoted`);
  if (key === 'ALT') {
    if (/[\s,<>]/.test(id)) say(`has the ID '${id}' with a space, comma or bracket in it`);
    else if (!ALT.test(id) && id.includes(':'))
      say(`has the ID ${id}, which begins with no kind of allele that VCF knows`);
    if (fields.has('Number') || fields.has('Type')) say(`of ${id} has a Number or Type`);
  }
  if (key === 'contig' && CONTIG_NAMES.find(([since]) => claimed >= since)?.[1].test(id) === false)
    say(`has the ID '${id}', which cannot be a contig's name`);
  if (key === 'contig' && fields.has('length') && !/^\d+$/.test(fields.get('length') ?? '')) {
    say(`of ${id} has the length '${fields.get('length')}'`);
  }
  if (key === 'SAMPLE') {
    if (/[\s,*]/.test(id)) say(`has the ID '${id}' with a space, comma or asterisk in it`);
    // Section 1.2.9 until 4.2.
    if (claimed < 4.3 && !fields.has('Genomes')) say(`of ${id} has no Genomes`);
    if (claimed < 4.3 && /[<,]Mixture="/.test(text)) say(`of ${id} quotes its Mixture`);
  }
}

function checkField(
  key: 'INFO' | 'FORMAT',
  id: string,
  fields: ReadonlyMap<string, string>,
  version: string,
  say: Say,
): void {
  const { number, type } = checkType(key, id, fields, say);
  const fixed = reserved(key, id, version);
  if (fixed && number !== undefined && number !== fixed.number)
    say(`of ${id} has Number=${number}; the specification fixes ${fixed.number}`);
  if (fixed && type !== undefined && fixed.type !== '.' && type !== fixed.type)
    say(`of ${id} has Type=${type}; the specification fixes ${fixed.type}`);
}

function checkType(key: string, id: string, fields: ReadonlyMap<string, string>, say: Say) {
  const [number, type] = [fields.get('Number'), fields.get('Type')];
  if (number === undefined) say(`of ${id} has no Number`);
  else if (!NUMBER.test(number)) say(`of ${id} has Number=${number}`);
  if (type === undefined) say(`of ${id} has no Type`);
  else if (!TYPES[key].includes(type)) say(`of ${id} has Type=${type}; it must be ${TYPES[key].join(', ')}`);
  return { number, type };
}

function checkPedigree(fields: ReadonlyMap<string, string>, version: string, say: Say): void {
  const values = [...fields.values()];
  if (Number.parseFloat(version) >= 4.3 && !fields.has('ID')) say('has no ID');
  if (values.some((value) => /[\s:;,<>]/.test(value))) say('has a name with white space or punctuation in it');
}

function checkColumns({ columns, samples }: VcfHeader, say: Say): void {
  const names = columns.split('\t');
  FIXED_COLUMNS.forEach((name, i) => {
    if (names[i] !== name) say(`names column ${i + 1} '${names[i] ?? ''}'; it must be ${name}`);
  });
  const [format] = names.slice(FIXED_COLUMNS.length);
  if (format !== undefined && format !== 'FORMAT') say(`names column 9 '${format}'; it must be FORMAT`);
  if (names.length === FIXED_COLUMNS.length + 1) say('has FORMAT but no sample');
  if (samples.includes('')) say('ends in a tab, or names a sample without a name');
  if (new Set(samples).size < samples.length) say('names a sample twice');
}
