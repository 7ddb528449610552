/**
 * One VCF data line as a buffer and the ends of its fields (as noodles-vcf `record.rs`): nothing is decoded and
 * nothing is copied; the samples, however many, are never looked at. Reused from line to line.
 */
import { InputError } from '../errors.ts';

const TAB = 9;

/** The eight fixed columns of VCF 4.x section 1.6.1, as offsets into `bytes`. */
export class VcfRecord {
  bytes: Uint8Array = new Uint8Array(0);
  /** The line is bytes[start, end), without its newline and without a carriage return before it. */
  start = 0;
  end = 0;
  /** One-based line number in the file. */
  lineNumber = 0;
  /** End of field i, exclusive: 0 CHROM, 1 POS, 2 ID, 3 REF, 4 ALT, 5 QUAL, 6 FILTER, 7 INFO. Field i + 1 starts at ends[i] + 1. */
  readonly ends = new Int32Array(8);
  /** POS, one-based as VCF counts; 0 is the telomere. */
  position = 0;

  /** Start of field i. */
  startOf(field: number): number {
    return field === 0 ? this.start : this.ends[field - 1] + 1;
  }

  /** Whether CHROM is these bytes. */
  isOn(contig: Uint8Array): boolean {
    const { bytes, start } = this;
    if (contig.length !== this.ends[0] - start) return false;
    for (let i = 0; i < contig.length; i++) if (contig[i] !== bytes[start + i]) return false;
    return true;
  }

  /** Text of field i, as latin1: for messages and cold paths. */
  text(field: number): string {
    return Buffer.prototype.latin1Slice.call(this.bytes, this.startOf(field), this.ends[field]);
  }

  /**
   * Points the record at bytes[start, end) and finds its fields.
   * @throws InputError with line number and field when the line has fewer than eight columns or POS is no number.
   */
  parse(bytes: Uint8Array, start: number, end: number, lineNumber: number): void {
    if (end > start && bytes[end - 1] === 13) end--;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.lineNumber = lineNumber;
    let field = 0;
    let at = start;
    for (; field < 8; field++) {
      while (at < end && bytes[at] !== TAB) at++;
      this.ends[field] = at;
      if (at >= end) break;
      at++;
    }
    if (field < 7) {
      throw new InputError('BAD_LINE', `has ${field + 1} tab-separated columns where VCF needs at least 8`, {
        line: lineNumber,
      });
    }
    this.position = 0;
    const posStart = this.ends[0] + 1;
    const posEnd = this.ends[1];
    for (let i = posStart; i < posEnd; i++) {
      const digit = bytes[i] - 48;
      if (digit < 0 || digit > 9) this.position = Number.NaN;
      else this.position = this.position * 10 + digit;
    }
    if (posStart === posEnd || !(this.position <= 0x7fffffff)) {
      throw new InputError('BAD_LINE', `has POS '${this.text(1).slice(0, 40)}', which is not a position`, {
        line: lineNumber,
        field: 'POS',
      });
    }
  }
}
