/**
 * Does a file follow the VCF specification? Strict where `annotate` is lenient: every line is judged, and each problem
 * says line, column and reason.
 */
import type { VcfHeader } from './header.ts';
import { FIXED_COLUMNS } from './header.ts';
import { type FieldType, NOT_NEGATIVE, reserved } from './reserved.ts';
import { type Declarations, declarationsOf } from './validate-header.ts';

export interface Problem {
  /** One-based. */
  line: number;
  /** Name of the column, or of the header line. */
  column: string;
  reason: string;
}

const REF = /^[ACGTN]+$/i;
const ALT_BASES = /^([ACGTN]+|\*)$/i;
const SYMBOLIC = /^<[^\s,<>]+>$/;
const BASES = '[ACGTN]+';
/** VCF 4.3 section 5.4: a piece before or behind, the mate's place in brackets; or a single breakend. */
const BREAKEND = new RegExp(
  String.raw`^(${BASES}([[\]])[^\s[\]]+:\d+\2|([[\]])[^\s[\]]+:\d+\3${BASES}|\.${BASES}|${BASES}\.)$`,
  'i',
);
const NUMBER = /^[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf(inity)?|nan)$/i;
const INTEGER = /^[-+]?\d+$/;
const KEY = /^[A-Za-z_][0-9A-Za-z_.]*$|^1000G$/;
/** Keys of FORMAT until 4.2: alphanumeric. */
const OLD_FORMAT_KEY = /^[0-9A-Za-z]+$/;
const GENOTYPE = /^[/|]?(\.|\d+)([/|](\.|\d+))*$/;
/** BCF keeps the lowest eight 32-bit integers for itself (VCF 4.3 section 1.3). */
const INTEGER_MIN = -(2 ** 31) + 8;
const INTEGER_MAX = 2 ** 31 - 1;

type Say = (column: string, reason: string) => void;

/** Judges the lines of one file, in order. */
export class Validator {
  private readonly declared: Declarations;
  private readonly columns: number;
  private readonly version: number;
  private readonly finished = new Set<string>();
  private contig = '';
  private position = 0;
  /** Variants at this position, trimmed: to see duplicates, however they are written. */
  private readonly variants = new Set<string>();

  constructor(
    private readonly header: VcfHeader,
    private readonly report: (problem: Problem) => void,
  ) {
    this.declared = declarationsOf(header, report);
    this.columns = header.columns.split('\t').length;
    this.version = Number.parseFloat(header.version);
  }

  /** Judges a line after the header. */
  line(text: string, line: number): void {
    const say: Say = (column, reason) => this.report({ line, column, reason });
    if (text === '') return say('line', 'is empty');
    const fields = text.split('\t');
    if (fields.length !== this.columns) {
      return say('line', `has ${fields.length} tab-separated columns; the header names ${this.columns}`);
    }
    const [chrom, pos, id, ref, alt, qual, filter, info] = fields;
    this.place(chrom, pos, say);
    this.identifiers(id, say);
    if (!REF.test(ref)) say('REF', `is '${shown(ref)}'; it must be bases A, C, G, T, N`);
    const alts = alt === '.' ? [] : alt.split(',');
    this.alleles(ref, alt, alts, say);
    if (qual !== '.' && (!NUMBER.test(qual) || Number(qual) < 0))
      say('QUAL', `is '${shown(qual)}'; it must be a number from 0 up, or .`);
    this.filter(filter, say);
    this.info(info, alts.length, say);
    if (fields.length > FIXED_COLUMNS.length) this.samples(fields.slice(FIXED_COLUMNS.length), alts.length, say);
  }

  /** Judges how the file ends; hts-specs' own example of 4.5 ends without a newline. */
  end(endsInNewline: boolean, line: number): void {
    if (!endsInNewline && this.version >= 4.3 && this.version < 4.5)
      this.report({ line, column: 'line', reason: 'is the last and does not end in a newline' });
  }

  private place(chrom: string, pos: string, say: Say): void {
    // A contig of an assembly file stands in angle brackets.
    const contig = chrom.replace(/^<(.*)>$/, '$1');
    if (contig === '' || /[\s,<>]/.test(contig) || contig.startsWith('*') || contig.startsWith('='))
      say('CHROM', `is '${shown(chrom)}'; it must be a contig's name`);
    else if (/[:*]/.test(chrom) && !chrom.startsWith('<') && this.version < 4.4)
      say('CHROM', `is '${shown(chrom)}'; a contig's name has no colon or asterisk`);
    if (!/^\d+$/.test(pos) || Number(pos) > INTEGER_MAX) return say('POS', `is '${shown(pos)}'; it must be a position`);
    const position = Number(pos);
    if (contig !== this.contig) {
      this.finished.add(this.contig);
      if (this.finished.has(contig)) say('CHROM', `is ${shown(chrom)} again; records of a contig must stand together`);
      this.contig = contig;
      this.variants.clear();
    } else if (position < this.position && this.version < 4.4)
      say('POS', `is ${position} after ${this.position}; positions of a contig must ascend`);
    this.position = position;
  }

  private identifiers(id: string, say: Say): void {
    const ids = id.split(';');
    if (ids.includes('') || /\s/.test(id))
      say('ID', `is '${shown(id)}'; it must be identifiers without spaces, separated by semicolons, or .`);
    else if (repeats(ids) && this.version >= 4.3) say('ID', `names '${shown(id)}' twice`);
  }

  private alleles(ref: string, alt: string, alts: readonly string[], say: Say): void {
    if (alt === '') return say('ALT', 'is empty; without alternative alleles it is .');
    for (const allele of alts) {
      const bases = ALT_BASES.test(allele);
      if (!bases && !SYMBOLIC.test(allele) && !BREAKEND.test(allele)) {
        say('ALT', `is '${shown(allele)}'; it must be bases, *, <ID> or a breakend`);
      } else if (bases && allele.toUpperCase() === ref.toUpperCase()) say('ALT', 'is the same as REF');
      else if (bases && allele !== '*') this.variant(ref, allele, say);
    }
  }

  /** Notes a variant by what it changes; the same one again is a duplicate. */
  private variant(ref: string, alt: string, say: Say): void {
    let [r, a, position] = [ref.toUpperCase(), alt.toUpperCase(), this.position];
    while (r !== '' && a !== '' && r.at(-1) === a.at(-1)) [r, a] = [r.slice(0, -1), a.slice(0, -1)];
    while (r !== '' && a !== '' && r[0] === a[0]) [r, a, position] = [r.slice(1), a.slice(1), position + 1];
    const variant = `${position} ${r}>${a}`;
    if (this.variants.has(variant))
      say('ALT', `gives the variant ${this.contig}:${position} ${r || '-'}>${a || '-'} again`);
    this.variants.add(variant);
  }

  private filter(filter: string, say: Say): void {
    if (filter === '.' || filter === 'PASS') return;
    const filters = filter.split(';');
    if (/[\s,]/.test(filter) || filters.includes(''))
      say('FILTER', `is '${shown(filter)}'; it must be PASS, . or filters separated by semicolons`);
    else if (filters.includes('0')) say('FILTER', 'is 0, which is reserved');
    else if (filters.includes('.')) say('FILTER', 'has . beside other filters');
    else if (repeats(filters) && this.version >= 4.2) say('FILTER', 'names a filter twice');
  }

  private info(info: string, alts: number, say: Say): void {
    if (info === '.') return;
    if (info === '') return say('INFO', 'is empty; without information it is .');
    if (info.includes(' ')) return say('INFO', 'has a space in it');
    const entries = info.split(';');
    if (entries.at(-1) === '') entries.pop();
    for (const entry of entries) {
      const equals = entry.indexOf('=');
      const key = equals < 0 ? entry : entry.slice(0, equals);
      if (!KEY.test(key)) {
        say('INFO', `has the key '${shown(key)}'; a key is letters, digits, _ and ., beginning with no digit`);
        continue;
      }
      const field = this.declared.info.get(key) ?? reserved('INFO', key, this.header.version);
      if (equals < 0) {
        if (field && field.type !== 'Flag' && field.number !== '0') say('INFO', `has ${key} without a value`);
      } else this.infoValue(key, field, entry.slice(equals + 1), alts, say);
    }
    if (repeats(entries.map((entry) => entry.split('=', 1)[0])) && this.version >= 4.3) say('INFO', 'has a key twice');
  }

  private infoValue(key: string, field: FieldType | undefined, value: string, alts: number, say: Say): void {
    if (field?.type === 'Flag') {
      if (value !== '1' && value !== '0') say('INFO', `gives the flag ${key} a value`);
      return;
    }
    const values = splitValues(value);
    if (key === 'CIGAR' && values.some((one) => one !== '.' && !/^(\d+[MIDNSHP=X])+$/.test(one)))
      return say('INFO', `has CIGAR=${shown(value)}`);
    if (NOT_NEGATIVE.has(key) && values.some((one) => Number(one) < 0))
      return say('INFO', `has ${key}=${shown(value)}, which is negative`);
    this.values('INFO', key, field, values, alts, say);
  }

  /** Number and type of a field's values. */
  private values(
    column: string,
    key: string,
    field: FieldType | undefined,
    values: readonly string[],
    alts: number,
    say: Say,
  ): void {
    if (values.length === 1 && values[0] === '') {
      if (this.version < 4.5) say(column, `has ${key} with an empty value`);
      return;
    }
    if (!field || (values.length === 1 && values[0] === '.')) return;
    const count = expectedCount(field.number, alts);
    if (count > 0 && values.length !== count)
      say(column, `has ${values.length} values of ${key}; Number=${field.number} means ${count} here`);
    const wrong = values.find((one) => one !== '.' && !fitsType(one, field.type));
    if (wrong !== undefined) say(column, `has ${key}=${shown(wrong)}, which is no ${field.type}`);
  }

  private samples([format, ...samples]: readonly string[], alts: number, say: Say): void {
    const keys = format.split(':');
    const valid = this.version < 4.3 ? OLD_FORMAT_KEY : KEY;
    if (keys.some((key) => !valid.test(key)))
      return say('FORMAT', `is '${shown(format)}'; it must be keys separated by colons`);
    if (repeats(keys) && this.version >= 4.3) say('FORMAT', 'names a key twice');
    if (keys.indexOf('GT') > 0) say('FORMAT', 'has GT, but not as the first key');
    samples.forEach((sample, i) => {
      const name = this.header.samples[i] ?? `sample ${i + 1}`;
      const values = sample.split(':');
      if (values.length > keys.length) return say(name, `has ${values.length} values for ${keys.length} keys`);
      const ploidy = keys[0] === 'GT' ? this.genotype(name, values[0], alts, say) : 0;
      values.forEach((value, k) => {
        if (keys[k] === 'GT') return;
        const field = this.declared.format.get(keys[k]) ?? reserved('FORMAT', keys[k], this.header.version);
        const number = field?.number === 'G' ? genotypes(ploidy, alts) : field?.number;
        this.values(name, keys[k], field && { ...field, number: number ?? '.' }, splitValues(value), alts, say);
      });
    });
  }

  /** Checks a GT; answers the ploidy, 0 when it cannot be told. */
  private genotype(name: string, value: string, alts: number, say: Say): number {
    if (!GENOTYPE.test(value)) {
      say(name, `has GT '${shown(value)}'; it must be allele numbers separated by / or |`);
      return 0;
    }
    const alleles = value.replace(/^[/|]/, '').split(/[/|]/);
    if (alts > 0 && alleles.some((allele) => Number(allele) > alts))
      say(name, `has GT ${value}, but there are only ${alts} alternative alleles`);
    return value === '.' ? 0 : alleles.length;
  }
}

/** How many genotypes there are, as a Number; any when the ploidy is not known. */
function genotypes(ploidy: number, alts: number): string {
  if (ploidy === 0 || alts === 0) return '.';
  let count = 1;
  for (let i = 1; i <= ploidy; i++) count = (count * (alts + i)) / i;
  return String(Math.round(count));
}

/** Values at commas, but for commas in quotes. */
function splitValues(value: string): string[] {
  return value.startsWith('"') ? [value] : value.split(',');
}

/** How many values a Number means; 0 for any. */
function expectedCount(number: string, alts: number): number {
  if (/^\d+$/.test(number)) return Number(number);
  if (alts === 0) return 0;
  return number === 'A' ? alts : number === 'R' ? alts + 1 : 0;
}

function fitsType(value: string, type: string): boolean {
  if (type === 'Integer') return INTEGER.test(value) && Number(value) >= INTEGER_MIN && Number(value) <= INTEGER_MAX;
  if (type === 'Float') return NUMBER.test(value);
  return type !== 'Character' || [...value].length === 1 || value.startsWith('%');
}

function repeats(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
