/** Every line of a file in order: header, columns, records; and how the file ends. */
import { foreignFile } from '../vcf/foreign.ts';
import { AlleleChecks } from './alleles.ts';
import { ColumnChecks } from './columns.ts';
import { type Dialect, VERSION_ASSUMED, dialectOf } from './dialect.ts';
import { type Declarations, HeaderValidator } from './header.ts';
import { InfoChecks } from './info.ts';
import { type Reporter, shown } from './problem.ts';
import { Column, Line } from './record.ts';
import { SampleChecks } from './samples.ts';
import { checkText } from './text.ts';

const HASH = 35;
const RETURN = 13;

/** Lines before `#CHROM` that are no header lines, after which it is clear that there is no header. */
const STRAY_LINES_MAX = 100;
/** Bytes of headers that are read: as `annotate` has it. */
const HEADER_MAX = 1 << 26;

export class LineValidator {
  private number = 0;
  private headerBytes = 0;
  private strayLines = 0;
  private readonly header: HeaderValidator;
  private records: RecordValidator | undefined;
  private dialect: Dialect = dialectOf(VERSION_ASSUMED);
  /** First of the empty lines that nothing has followed yet. */
  private emptyFrom = 0;
  private endsInNewline = true;
  /** Set when nothing more can be said. */
  stopped = false;

  constructor(private readonly reporter: Reporter) {
    this.header = new HeaderValidator(reporter);
  }

  /**
   * Judges the line bytes[start, end), without its newline.
   * @param terminated whether a newline follows.
   * @param plain whether its bytes were looked at already.
   */
  line(bytes: Uint8Array, start: number, end: number, terminated: boolean, plain: boolean): void {
    const { reporter } = this;
    reporter.line = ++this.number;
    this.endsInNewline = terminated;
    if (end > start && bytes[end - 1] === RETURN) end--;
    if (this.number === 1) return this.first(bytes, start, end, plain);
    if (!plain) checkText(bytes, start, end, this.dialect.text, reporter);
    if (end === start) {
      this.emptyFrom ||= this.number;
      return;
    }
    if (this.emptyFrom > 0) this.emptyWithin();
    if (this.records) this.records.check(bytes, start, end, this.number);
    else this.beforeRecords(bytes, start, end);
  }

  /** Judges how the file ends. */
  end(): void {
    const { reporter } = this;
    reporter.line = this.number;
    if (this.stopped) return;
    if (this.number === 0) {
      reporter.line = 1;
      return reporter.error('file', 'file', 'is empty');
    }
    if (!this.records) reporter.error('file', 'columns', 'has no line that begins with #CHROM and names the columns');
    if (this.emptyFrom > 0) {
      reporter.line = this.emptyFrom;
      reporter.warning('line', 'data', 'is empty, at the end of the file');
    }
    if (this.endsInNewline || this.dialect.lastNewline === 'free') return;
    if (this.dialect.lastNewline === 'required')
      reporter.error('line', 'data', 'is the last and does not end in a newline');
    else reporter.warning('line', 'data', 'is the last and does not end in a newline');
  }

  private first(bytes: Uint8Array, start: number, end: number, plain: boolean): void {
    const { reporter } = this;
    if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) {
      reporter.error('line', 'text', 'begins with a byte order mark');
      start += 3;
    }
    const text = slice(bytes, start, end);
    const foreign = text.startsWith('##fileformat') ? undefined : foreignFile(text.slice(0, 4096));
    if (foreign || !text.startsWith('#')) {
      const what = foreign ? `but ${foreign}` : `: it begins with '${shown(text)}', not with ##fileformat`;
      reporter.error('file', 'file', `is not a VCF${foreign ? ' ' : ''}${what}`);
      this.stopped = true;
      return;
    }
    this.stopped = !this.header.first(text);
    this.dialect = dialectOf(reporter.version);
    if (!plain) checkText(bytes, start, end, this.dialect.text, reporter);
    if (text.startsWith('#') && !text.startsWith('##')) this.beforeRecords(bytes, start, end);
    else if (text.startsWith('##') && !/^##fileformat/i.test(text)) this.header.meta(text);
  }

  private beforeRecords(bytes: Uint8Array, start: number, end: number): void {
    const { reporter } = this;
    this.headerBytes += end - start;
    if (bytes[start] !== HASH) {
      reporter.error('line', 'meta', 'stands before the #CHROM line and does not begin with ##');
      this.stopped = ++this.strayLines >= STRAY_LINES_MAX;
    } else if (bytes[start + 1] === HASH) this.header.meta(slice(bytes, start, end));
    else this.records = new RecordValidator(this.header.columns(slice(bytes, start, end)), reporter);
    if (this.headerBytes > HEADER_MAX) {
      reporter.error('file', 'meta', 'has a header of more than 64 MB');
      this.stopped = true;
    }
  }

  private emptyWithin(): void {
    const { reporter } = this;
    for (
      reporter.line = this.emptyFrom;
      reporter.line < this.number && reporter.line < this.emptyFrom + STRAY_LINES_MAX;
      reporter.line++
    )
      reporter.error('line', this.records ? 'data' : 'meta', 'is empty');
    reporter.line = this.number;
    this.emptyFrom = 0;
  }
}

/** Judges one record after the other. */
class RecordValidator {
  private readonly line = new Line();
  private readonly columns: ColumnChecks;
  private readonly alleles: AlleleChecks;
  private readonly info: InfoChecks;
  private readonly samples: SampleChecks;
  private readonly samplesExpected: number;

  constructor(
    private readonly declared: Declarations,
    private readonly reporter: Reporter,
  ) {
    const { dialect, info, format, alts, samples } = declared;
    this.columns = new ColumnChecks(declared, reporter);
    this.alleles = new AlleleChecks(dialect, alts, reporter);
    this.info = new InfoChecks(dialect, info, reporter);
    this.samples = new SampleChecks(dialect, format, samples, reporter);
    this.samplesExpected = declared.columns - Column.FORMAT - 1;
  }

  check(bytes: Uint8Array, start: number, end: number, number: number): void {
    const { line, columns, declared } = this;
    if (bytes[start] === HASH) return this.reporter.error('line', 'meta', 'begins with # and stands among the records');
    line.cut(bytes, start, end, number);
    if (line.columns < Math.min(declared.columns, Column.FORMAT + 1)) return this.wrongColumns(line.columns);
    // With eight columns in the header the ninth is there only when a record has more.
    if (declared.columns === Column.FORMAT && line.columns > Column.FORMAT) return this.wrongColumns(line.columns);
    if (columns.chromosome(line)) this.alleles.enter();
    columns.place(line);
    columns.identifier(line);
    this.alleles.check(line);
    columns.qualityScore(line);
    columns.filters(line);
    if (line.ends[Column.INFO] === line.startOf(Column.INFO))
      this.reporter.error('INFO', 'fixed', 'is empty; without information it is .');
    this.info.check(line);
    if (line.columns <= Column.FORMAT) return;
    const samples = this.samples.check(line);
    if (samples !== this.samplesExpected) this.wrongColumns(Column.FORMAT + 1 + samples);
  }

  private wrongColumns(count: number): void {
    const found = this.declared.columns === Column.FORMAT && count > Column.FORMAT ? 'more than 8' : count;
    this.reporter.error(
      'line',
      'data',
      `has ${found} columns between tabs; the #CHROM line names ${this.declared.columns}`,
    );
  }
}

function slice(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.utf8Slice.call(bytes, start, end);
}
