/**
 * FORMAT and the samples (section 1.6.2; of structural variants section 4). Nearly all bytes of a cohort are here, so
 * each byte is looked at once or twice and nothing is made of it.
 */
import type { Dialect } from './dialect.ts';
import { Count, type Key, KeyTable, Special, equals, wrongCount } from './keys.ts';
import { type Reporter, shown } from './problem.ts';
import { Column, type Line } from './record.ts';
import type { FieldType } from './reserved.ts';
import { ValueList, ValueType } from './values.ts';

const TAB = 9;
const COLON = 58;
const DOT = 46;
const SLASH = 47;
const BAR = 124;

/** Ploidies and local alleles that are not known. */
const UNKNOWN = -1;

export class SampleChecks {
  private readonly keys: KeyTable;
  private readonly values: ValueList;
  /** FORMAT of the record before, and its keys: it is nearly always the same. */
  private format: Uint8Array = new Uint8Array(0);
  private columns: Key[] = [];
  private formatRight = false;

  /** Of the sample at hand. */
  private sample = 0;
  private ploidy = UNKNOWN;
  private local = UNKNOWN;

  constructor(
    private readonly dialect: Dialect,
    declared: ReadonlyMap<string, FieldType>,
    private readonly names: readonly string[],
    private readonly reporter: Reporter,
  ) {
    this.keys = new KeyTable('FORMAT', declared, dialect);
    this.values = new ValueList(dialect);
  }

  /** Answers the number of samples. */
  check(line: Line): number {
    const { bytes, end } = line;
    const [formatStart, formatEnd] = [line.startOf(Column.FORMAT), line.ends[Column.FORMAT]];
    if (!this.formatRight || !equals(this.format, bytes, formatStart, formatEnd))
      this.readFormat(line, formatStart, formatEnd);
    if (formatEnd >= end) return 0;
    let samples = 0;
    for (let at = formatEnd + 1; ; at++) {
      this.sample = samples++;
      at = this.formatRight ? this.oneSample(line, at) : nextTab(bytes, at, end);
      if (at >= end) return samples;
    }
  }

  private readFormat(line: Line, start: number, end: number): void {
    const { bytes } = line;
    this.columns = [];
    this.formatRight = true;
    for (let from = start; from <= end;) {
      let to = from;
      while (to < end && bytes[to] !== COLON) to++;
      const key = this.keys.find(bytes, from, to);
      this.formatKey(line, key);
      this.columns.push(key);
      from = to + 1;
    }
    const isLocal = ({ count }: Key): boolean => count === Count.LA || count === Count.LR || count === Count.LG;
    const local = this.columns.findIndex(isLocal);
    const laa = this.columns.findIndex(({ special }) => special === Special.LAA);
    if (local >= 0 && (laa < 0 || laa > local))
      this.wrongFormat(`has ${this.columns[local].name} without LAA before it`);
    this.format = bytes.slice(start, end);
  }

  private formatKey(line: Line, key: Key): void {
    const { reporter, dialect } = this;
    if (key.name === '') return this.wrongFormat('has an empty key');
    if (key.special === Special.GT && this.columns.length > 0) this.wrongFormat('has GT, and not as its first key');
    if (key.seen === line.number) {
      if (dialect.strictKeys) this.wrongFormat(`has the key ${key.name} twice`);
      else reporter.warning('FORMAT', 'genotype', `has the key ${key.name} twice`);
    }
    key.seen = line.number;
    if (key.said || (key.valid && key.known)) return;
    // Once for each key: the underscores that callers write are wrong on every line until 4.2.
    key.said = true;
    const how = dialect.strictKeys
      ? 'letters, digits, _ and ., beginning with no digit'
      : 'letters and digits until 4.2';
    if (!key.valid) reporter.error('FORMAT', 'genotype', `has the key '${shown(key.name)}'; a key is ${how}`);
    else reporter.warning('FORMAT', 'format', `has ${key.name}, which no ##FORMAT line describes`);
  }

  /** A FORMAT that is wrong on every line it stands on; its samples are counted only. */
  private wrongFormat(reason: string): void {
    this.formatRight = false;
    this.reporter.error('FORMAT', 'genotype', reason);
  }

  /** Judges the sample that starts at `at`; answers where it ends. */
  private oneSample(line: Line, at: number): number {
    const { columns } = this;
    const { bytes, end } = line;
    this.ploidy = columns[0].special === Special.GT ? UNKNOWN : 2;
    this.local = UNKNOWN;
    for (let i = 0; ; i++) {
      const start = at;
      if (i >= columns.length) {
        this.error(`has more values than FORMAT has keys, ${columns.length}`);
        return nextTab(bytes, at, end);
      }
      const key = columns[i];
      if (key.special === Special.GT) at = this.genotype(line, at);
      else {
        let byte = at < end ? bytes[at] : TAB;
        while (byte !== COLON && byte !== TAB) byte = ++at < end ? bytes[at] : TAB;
        if (at - start !== 1 || bytes[start] !== DOT) this.value(line, key, start, at);
      }
      if (at >= end || bytes[at] === TAB) return at;
      at++;
    }
  }

  /** Judges the GT that starts at `at`: alleles and their separators. Answers where it ends. */
  private genotype(line: Line, start: number): number {
    const { bytes, end } = line;
    let at = start;
    let ploidy = 0;
    let highest = 0;
    let right = true;
    let called = false;
    if (this.dialect.leadingSeparator && at < end && (bytes[at] === SLASH || bytes[at] === BAR)) at++;
    for (;;) {
      let allele = 0;
      const first = at;
      if (at < end && bytes[at] === DOT) at++;
      else {
        for (; at < end; at++) {
          const digit = bytes[at] - 48;
          if (digit < 0 || digit > 9) break;
          allele = allele * 10 + digit;
        }
        called = true;
      }
      if (at === first) right = false;
      if (allele > highest) highest = allele;
      ploidy++;
      if (at >= end || (bytes[at] !== SLASH && bytes[at] !== BAR)) break;
      at++;
    }
    if (!right || (at < end && bytes[at] !== TAB && bytes[at] !== COLON)) {
      while (at < end && bytes[at] !== TAB && bytes[at] !== COLON) at++;
      this.error(`has GT '${line.shown(start, at)}'; it must be numbers of alleles, or ., separated by / or |`);
      return at;
    }
    // An allele that ALT does not name is told as 1 in hts-specs' examples.
    if (highest > Math.max(line.alts, 1))
      this.error(`has GT ${line.shown(start, at)}; ALT has ${line.alts} allele${line.alts === 1 ? '' : 's'}`);
    else if (highest > line.alts && this.reporter.warnings)
      this.warning(`has GT ${line.shown(start, at)}; ALT has no allele`);
    // A single `.` is what many write for a diploid call that could not be made.
    this.ploidy = ploidy === 1 && !called ? UNKNOWN : ploidy;
    return at;
  }

  private value(line: Line, key: Key, start: number, end: number): void {
    const { values, dialect } = this;
    if (start === end) {
      if (key.special === Special.LAA) this.local = 0;
      if (!dialect.localAlleles || key.count > 0)
        this.error(`has ${key.name} with an empty value; without one it is .`);
      return;
    }
    if (key.count === Count.ANY && key.type === ValueType.ANY) return;
    values.scan(line.bytes, start, end, key.type);
    if (key.special === Special.LAA) this.localAlleles(line, key, start, end);
    if (values.count === 1 && values.missing === 1) return;
    if (values.badStart >= 0)
      this.error(`has ${key.name}=${line.shown(values.badStart, values.badEnd)}, which is no ${key.typeName}`, 'types');
    else if (values.negative && key.notNegative)
      this.error(`has ${key.name}=${line.shown(start, end)}, which is below zero`);
    if (values.empty > 0) this.error(`has an empty value in the list of ${key.name}`);
    const { count } = values;
    const expected = this.expected(key.count, line.alts);
    if (expected < 0 || count === expected || (line.alts === 0 && count === this.expected(key.count, 1))) return;
    // Section 1.6.2: a list of missing values may be shorter.
    if (values.missing === count) return;
    this.error(wrongCount(key, count, expected));
  }

  /** LAA (4.5, 1.6.2): which ALTs a sample is about, by their numbers, ascending. */
  private localAlleles(line: Line, key: Key, start: number, end: number): void {
    const { values } = this;
    this.local = values.count - values.missing;
    if (values.badStart >= 0 || values.missing > 0) return;
    let before = 0;
    for (const text of line.slice(start, end).split(',')) {
      const allele = Number(text);
      if (allele <= before || allele > line.alts) {
        const wrong = allele <= before ? 'whose alleles do not ascend from 1' : `where ALT has ${line.alts}`;
        return this.error(`has ${key.name}=${line.shown(start, end)}, ${wrong}`);
      }
      before = allele;
    }
  }

  /** How many values are meant; negative when any number is right. */
  private expected(count: number, alts: number): number {
    const { ploidy, local } = this;
    switch (count) {
      case Count.A:
        return alts;
      case Count.R:
        return alts + 1;
      case Count.G:
        return genotypes(ploidy, alts);
      case Count.P:
        return ploidy;
      case Count.LA:
        return local;
      case Count.LR:
        return local < 0 ? UNKNOWN : local + 1;
      case Count.LG:
        return local < 0 ? UNKNOWN : genotypes(ploidy, local);
      default:
        return count;
    }
  }

  private get column(): string {
    return this.names[this.sample] || `sample ${this.sample + 1}`;
  }

  private error(reason: string, topic: 'genotype' | 'types' = 'genotype'): void {
    this.reporter.error(this.column, topic, reason);
  }

  private warning(reason: string): void {
    this.reporter.warning(this.column, 'genotype', reason);
  }
}

/** How many genotypes there are (1.6.2, genotype ordering); negative when the ploidy is not known. */
function genotypes(ploidy: number, alts: number): number {
  if (ploidy === 2) return ((alts + 1) * (alts + 2)) / 2;
  if (ploidy < 0) return UNKNOWN;
  let count = 1;
  for (let i = 1; i <= ploidy; i++) count = (count * (alts + i)) / i;
  return Math.round(count);
}

function nextTab(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] !== TAB) at++;
  return at;
}
