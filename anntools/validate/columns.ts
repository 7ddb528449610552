/** CHROM, POS, ID, QUAL and FILTER (section 1.6.1), and the order of records. */
import type { Declarations } from './header.ts';
import { equals } from './keys.ts';
import type { Reporter } from './problem.ts';
import { Column, type Line } from './record.ts';
import { ValueList, ValueType } from './values.ts';

const DOT = 46;
const SEMICOLON = 59;
const PASS = Buffer.from('PASS');

/** A position is a 32-bit integer. */
const POSITION_MAX = 2 ** 31 - 1;
/** Contigs remembered, to see one again; and identifiers in each of two generations, to see one again soon. */
const CONTIGS_MAX = 1 << 20;
const IDENTIFIERS_MAX = 1 << 17;

export class ColumnChecks {
  private chrom: Uint8Array = new Uint8Array(0);
  private contig = '';
  private length: number | undefined;
  private position = -1;
  private readonly finished = new Set<string>();
  private identifiers = new Set<string>();
  private olderIdentifiers = new Set<string>();
  private filter: Uint8Array = PASS;
  private readonly saidFilters = new Set<string>();
  private readonly quality: ValueList;

  constructor(
    private readonly declared: Declarations,
    private readonly reporter: Reporter,
  ) {
    this.quality = new ValueList(declared.dialect);
  }

  /** Judges CHROM; answers whether it is another than the record's before. */
  chromosome(line: Line): boolean {
    const [start, end] = [line.start, line.ends[Column.CHROM]];
    if (equals(this.chrom, line.bytes, start, end) && end > start) return false;
    const { dialect, contigs } = this.declared;
    const { reporter } = this;
    this.chrom = line.bytes.slice(start, end);
    const text = line.text(Column.CHROM);
    const bracketed = /^<(.+)>$/.exec(text)?.[1];
    // A contig of the assembly file stands in angle brackets. hts-specs' examples write <1> and 1 for one contig.
    const contig = bracketed ?? text;
    if (!dialect.contigName.test(contig))
      reporter.error('CHROM', 'fixed', `is '${line.shown(start, end)}', which cannot be the name of a contig`);
    else if (bracketed === undefined && contig.includes(':') && !dialect.colonInChrom)
      reporter.error('CHROM', 'fixed', `is '${line.shown(start, end)}'; the name of a contig must not have a colon`);
    else if (bracketed === undefined && contigs.size > 0 && !contigs.has(contig))
      reporter.warning('CHROM', 'contig', `is '${line.shown(start, end)}', which no ##contig line describes`);
    this.length = contigs.get(contig);
    if (contig === this.contig) return false;
    if (this.finished.size < CONTIGS_MAX) this.finished.add(this.contig);
    if (this.finished.has(contig))
      reporter.error(
        'CHROM',
        'fixed',
        `is '${line.shown(start, end)}' again; the records of a contig must stand together`,
      );
    this.contig = contig;
    this.position = -1;
    return true;
  }

  /** Judges POS and sets the line's position. */
  place(line: Line): void {
    const { bytes } = line;
    const [start, end] = [line.startOf(Column.POS), line.ends[Column.POS]];
    let position = 0;
    for (let at = start; at < end; at++) {
      const digit = bytes[at] - 48;
      position = digit < 0 || digit > 9 ? Number.NaN : position * 10 + digit;
    }
    line.position = -1;
    if (start === end || !(position <= POSITION_MAX))
      return this.reporter.error('POS', 'fixed', `is '${line.shown(start, end)}'; it must be a whole number from 0 up`);
    line.position = position;
    if (position < this.position) {
      const reason = `is ${position} after ${this.position}; the positions of a contig must ascend`;
      if (this.declared.dialect.sorted === 'required') this.reporter.error('POS', 'fixed', reason);
      else this.reporter.warning('POS', 'fixed', reason);
    }
    if (this.length !== undefined && position > this.length + 1)
      this.reporter.error('POS', 'fixed', `is ${position}; the contig has ${this.length} bases by its ##contig line`);
    this.position = position;
  }

  identifier(line: Line): void {
    const { bytes } = line;
    const [start, end] = [line.startOf(Column.ID), line.ends[Column.ID]];
    if (end - start === 1 && bytes[start] === DOT) return;
    let several = false;
    let wrong = start === end || bytes[start] === SEMICOLON || bytes[end - 1] === SEMICOLON;
    for (let at = start; at < end; at++) {
      if (bytes[at] === SEMICOLON) {
        several = true;
        wrong ||= bytes[at + 1] === SEMICOLON;
      } else if (bytes[at] <= 32) wrong = true;
    }
    if (wrong)
      return this.reporter.error(
        'ID',
        'fixed',
        `is '${line.shown(start, end)}'; it must be identifiers without white space between semicolons, or .`,
      );
    if (several || this.reporter.warnings) this.identifierAgain(line.text(Column.ID).split(';'));
  }

  private identifierAgain(ids: readonly string[]): void {
    const { reporter } = this;
    const again = ids.find((id, i) => ids.indexOf(id) < i);
    if (again !== undefined)
      (this.declared.dialect.strictKeys ? reporter.error : reporter.warning).call(
        reporter,
        'ID',
        'fixed',
        `names ${again} twice`,
      );
    if (!reporter.warnings) return;
    for (const id of ids) {
      if (this.identifiers.has(id) || this.olderIdentifiers.has(id))
        reporter.warning('ID', 'fixed', `is ${id} as in a record before; no identifier should be in more than one`);
      this.identifiers.add(id);
    }
    if (this.identifiers.size < IDENTIFIERS_MAX) return;
    this.olderIdentifiers = this.identifiers;
    this.identifiers = new Set();
  }

  /** QUAL: a number from 0 up. */
  qualityScore(line: Line): void {
    const { quality } = this;
    const [start, end] = [line.startOf(Column.QUAL), line.ends[Column.QUAL]];
    quality.scan(line.bytes, start, end, ValueType.FLOAT);
    if (quality.count !== 1 || quality.empty > 0 || quality.badStart >= 0 || quality.negative)
      this.reporter.error('QUAL', 'fixed', `is '${line.shown(start, end)}'; it must be a number from 0 up, or .`);
  }

  filters(line: Line): void {
    const { bytes } = line;
    const [start, end] = [line.startOf(Column.FILTER), line.ends[Column.FILTER]];
    if ((end - start === 1 && bytes[start] === DOT) || equals(this.filter, bytes, start, end)) return;
    const { reporter } = this;
    const text = line.text(Column.FILTER);
    const filters = text.split(';');
    const shown = line.shown(start, end);
    if (filters.includes('') || /\s/.test(text))
      return reporter.error(
        'FILTER',
        'fixed',
        `is '${shown}'; it must be PASS, . or filters between semicolons, without white space`,
      );
    if (filters.includes('0')) return reporter.error('FILTER', 'fixed', `is '${shown}'; 0 is reserved`);
    if (filters.length > 1 && filters.includes('.'))
      return reporter.error('FILTER', 'fixed', `is '${shown}'; . stands alone`);
    // "PASS if …, otherwise …": hts-specs' own examples have it beside a filter.
    if (filters.length > 1 && filters.includes('PASS'))
      reporter.warning('FILTER', 'fixed', `is '${shown}'; PASS stands alone`);
    if (new Set(filters).size < filters.length) {
      // hts-specs' tests have it since 4.2, the text since 4.3.
      (this.declared.dialect.numberR ? reporter.error : reporter.warning).call(
        reporter,
        'FILTER',
        'fixed',
        `is '${shown}'; it names a filter twice`,
      );
      return;
    }
    for (const filter of filters) {
      if (this.declared.filters.has(filter) || this.saidFilters.has(filter) || this.saidFilters.size > 1000) continue;
      this.saidFilters.add(filter);
      reporter.warning('FILTER', 'filter', `has ${filter}, which no ##FILTER line describes`);
    }
    this.filter = bytes.slice(start, end);
  }
}
