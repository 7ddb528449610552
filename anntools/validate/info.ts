/** INFO (section 1.6.1; of structural variants section 3): keys, counts and types of values. */
import type { Dialect } from './dialect.ts';
import { Count, type Key, KeyTable, Special, wrongCount } from './keys.ts';
import type { Reporter } from './problem.ts';
import { Column, type Line } from './record.ts';
import type { FieldType } from './reserved.ts';
import { ValueList, ValueType } from './values.ts';

const SEMICOLON = 59;
const EQUALS = 61;
const QUOTE = 34;
const DOT = 46;
const SPACE = 32;

/** Operations of a CIGAR (SAMv1 section 1.4). */
const CIGAR = /^(\.|(\d+[MIDNSHP=X])+)$/;
/** Symbolic alleles whose length must be told, and whose claim (4.4 section 3). */
const WITH_LENGTH = /^(INS|DUP|INV|DEL|CNV)(:|$)/;
const WITH_CLAIM = /^(DUP|DEL)(:|$)/;

export class InfoChecks {
  private readonly keys: KeyTable;
  private readonly values: ValueList;
  private hasLength = false;
  private hasClaim = false;
  private hasEnd = false;
  /** Sum of RN, once it is seen, and the lists that are counted by it. */
  private repeats = -1;
  private readonly byRepeats: { key: Key; count: number }[] = [];

  constructor(
    private readonly dialect: Dialect,
    declared: ReadonlyMap<string, FieldType>,
    private readonly reporter: Reporter,
  ) {
    this.keys = new KeyTable('INFO', declared, dialect);
    this.values = new ValueList(dialect);
  }

  check(line: Line): void {
    const { bytes } = line;
    const [start, end] = [line.startOf(Column.INFO), line.ends[Column.INFO]];
    this.hasLength = false;
    this.hasClaim = false;
    this.hasEnd = false;
    this.repeats = -1;
    this.byRepeats.length = 0;
    if (end - start !== 1 || bytes[start] !== DOT) {
      for (let from = start; from < end;) {
        let to = from;
        let equals = -1;
        let another = -1;
        for (; to < end && bytes[to] !== SEMICOLON; to++) {
          if (bytes[to] !== EQUALS) continue;
          if (equals < 0) equals = to;
          else another = to;
        }
        this.entry(line, from, equals, to);
        // 1.6.1: "no semi-colons or equals-signs permitted" but in a text between quotes, which is one value (040).
        if (another >= 0 && !isQuoted(bytes, equals + 1, to))
          this.reporter.error('INFO', 'fixed', `has an equals sign in a value: ${line.shown(from, to)}`);
        from = to + 1;
      }
      if (bytes[end - 1] === SEMICOLON) this.reporter.warning('INFO', 'fixed', 'ends in a semicolon');
    }
    if (line.symbols.length > 0 && this.dialect.svClaims) this.structural(line);
    if (this.byRepeats.length > 0) this.tandemRepeats(line);
  }

  private entry(line: Line, start: number, equals: number, end: number): void {
    const { reporter } = this;
    if (start === end) return reporter.error('INFO', 'fixed', 'has an empty entry between semicolons');
    const key = this.keys.find(line.bytes, start, equals < 0 ? end : equals);
    if (!key.valid) {
      const how = this.dialect.strictKeys
        ? 'a key is letters, digits, _ and ., and begins with no digit'
        : 'a key has no white space';
      return reporter.error('INFO', 'fixed', `has the key '${line.shown(start, equals < 0 ? end : equals)}'; ${how}`);
    }
    if (key.seen === line.number)
      (this.dialect.strictKeys ? reporter.error : reporter.warning).call(
        reporter,
        'INFO',
        'fixed',
        `has the key ${key.name} twice`,
      );
    key.seen = line.number;
    if (!key.known && !key.said) {
      key.said = true;
      reporter.warning('INFO', 'info', `has ${key.name}, which no ##INFO line describes`);
    }
    if (equals >= 0) this.value(line, key, equals + 1, end);
    else if (key.known && key.type !== ValueType.FLAG && key.count !== 0)
      reporter.error('INFO', 'fixed', `has ${key.name} without a value; it is no Flag`);
  }

  private value(line: Line, key: Key, start: number, end: number): void {
    const { reporter, values } = this;
    const { bytes } = line;
    if (key.type === ValueType.FLAG) {
      const zeroOrOne = end - start === 1 && (bytes[start] === 48 || bytes[start] === 49);
      if (!zeroOrOne)
        reporter.error('INFO', 'info', `gives the Flag ${key.name} the value '${line.shown(start, end)}'`);
      else reporter.warning('INFO', 'info', `gives the Flag ${key.name} a value; a Flag is there or not`);
      return;
    }
    if (!this.dialect.text && hasSpace(bytes, start, end))
      return reporter.error('INFO', 'fixed', `has white space in ${key.name}, which INFO must not have until 4.2`);
    values.scan(bytes, start, end, key.type);
    if (values.count === 1 && (values.missing === 1 || values.empty === 1)) {
      if (values.empty === 1)
        reporter.error('INFO', 'fixed', `has ${key.name} with an empty value; without one it is .`);
      return;
    }
    if (values.badStart >= 0)
      reporter.error(
        'INFO',
        'types',
        `has ${key.name}=${line.shown(values.badStart, values.badEnd)}, which is no ${key.typeName}`,
      );
    else if (values.negative && key.notNegative)
      reporter.error('INFO', 'fixed', `has ${key.name}=${line.shown(start, end)}, which is below zero`);
    // Section 3: in lists of strings of structural variants nothing is how a missing value is written.
    if (values.empty > 0 && !(this.dialect.svClaims && key.typeName === 'String'))
      reporter.error('INFO', 'fixed', `has an empty value in the list of ${key.name}`);
    this.count(line, key);
    if (key.special !== Special.NONE) this.special(line, key, start, end);
  }

  private count(line: Line, key: Key): void {
    const { count } = this.values;
    const { alts } = line;
    if (key.count === Count.RN || key.count === Count.TWO_RN) this.byRepeats.push({ key, count });
    const expected = expectedOf(key.count, alts);
    if (expected < 0 || count === expected) return;
    // ALT is missing: an allele that nobody names may have its value all the same, as in hts-specs' examples.
    if (alts === 0 && count === expectedOf(key.count, 1)) return;
    this.reporter.error('INFO', 'info', wrongCount(key, count, expected));
  }

  private special(line: Line, key: Key, start: number, end: number): void {
    switch (key.special) {
      case Special.CIGAR:
        if (
          !line
            .slice(start, end)
            .split(',')
            .every((one) => CIGAR.test(one))
        )
          this.reporter.error('INFO', 'fixed', `has CIGAR=${line.shown(start, end)}, which is no CIGAR`);
        break;
      case Special.END:
        this.hasEnd = true;
        if (this.values.badStart < 0 && !this.values.negative && Number(line.slice(start, end)) < line.position)
          this.reporter.error(
            'INFO',
            'fixed',
            `has END=${line.shown(start, end)}, which lies before POS ${line.position}`,
          );
        break;
      case Special.RN:
        this.repeats = line
          .slice(start, end)
          .split(',')
          .reduce((sum, one) => sum + (Number(one) || 0), 0);
        break;
      case Special.SVLEN:
        this.hasLength = true;
        break;
      case Special.SVCLAIM:
        this.hasClaim = true;
        this.claims(line, start, end);
        break;
    }
  }

  private claims(line: Line, start: number, end: number): void {
    if (!this.dialect.svClaims) return;
    const wrong = line
      .slice(start, end)
      .split(',')
      .find((claim) => !/^(D|J|DJ|\.|)$/.test(claim));
    if (wrong !== undefined)
      this.reporter.error('INFO', 'svInfo', `has the SVCLAIM '${wrong}'; it must be D, J, DJ or .`);
  }

  /** 4.4 section 3: what must be there for symbolic alleles. */
  private structural({ symbols }: Line): void {
    const { reporter } = this;
    if (!this.hasLength && symbols.some((id) => WITH_LENGTH.test(id ?? '')))
      (this.hasEnd ? reporter.warning : reporter.error).call(
        reporter,
        'INFO',
        'svInfo',
        'has no SVLEN, which symbolic alleles of structural variants need',
      );
    if (!this.hasClaim && symbols.some((id) => WITH_CLAIM.test(id ?? '')))
      reporter.error('INFO', 'svInfo', 'has no SVCLAIM, which <DEL> and <DUP> need');
  }

  /** 4.4 section 3: RN says how many repeats there are; without it each <CNV:TR> is one. */
  private tandemRepeats({ symbols }: Line): void {
    const repeats = this.repeats >= 0 ? this.repeats : symbols.filter((id) => id === 'CNV:TR').length;
    for (const { key, count } of this.byRepeats) {
      const expected = key.count === Count.TWO_RN ? 2 * repeats : repeats;
      if (count !== expected)
        this.reporter.error('INFO', 'svInfo', `has ${count} values of ${key.name}; RN counts ${expected} here`);
    }
  }
}

/** How many values are meant; negative when any number is right. */
function expectedOf(count: number, alts: number): number {
  switch (count) {
    case Count.A:
      return alts;
    case Count.R:
      return alts + 1;
    case Count.TWO_A:
      return 2 * alts;
    case Count.FOUR_A:
      return 4 * alts;
    default:
      return count;
  }
}

function isQuoted(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start > 1 && bytes[start] === QUOTE && bytes[end - 1] === QUOTE;
}

function hasSpace(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === SPACE) return true;
  return false;
}
