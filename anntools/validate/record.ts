/**
 * What the checks of one record share: its bytes, where its columns lie, and what has been seen of its alleles.
 * Columns are cut here; each is judged in a file of its own.
 */
import { FIXED_COLUMNS } from '../vcf/header.ts';
import { shown } from './problem.ts';

const TAB = 9;

/** Columns by number. */
export const Column = { CHROM: 0, POS: 1, ID: 2, REF: 3, ALT: 4, QUAL: 5, FILTER: 6, INFO: 7, FORMAT: 8 } as const;

export class Line {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  /** Without the line's end. */
  end = 0;
  /** One-based. */
  number = 0;
  /** Ends of the first nine columns; column i + 1 starts at ends[i] + 1. */
  readonly ends = new Int32Array(FIXED_COLUMNS.length + 1);
  /** How many of the first nine columns there are. */
  columns = 0;

  /** POS; -1 when it is none. */
  position = -1;
  /** How many alternative alleles; 0 when ALT is the missing value. */
  alts = 0;
  /** Symbolic alleles of the record, by number of ALT; empty text for the others. Only filled when there are any. */
  symbols: string[] = [];

  /** Points at bytes[start, end) and finds the first nine columns. */
  cut(bytes: Uint8Array, start: number, end: number, number: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.number = number;
    const { ends } = this;
    let column = 0;
    for (let at = start; column < ends.length; at++) {
      while (at < end && bytes[at] !== TAB) at++;
      ends[column++] = at;
      if (at >= end) break;
    }
    this.columns = column;
  }

  startOf(column: number): number {
    return column === 0 ? this.start : this.ends[column - 1] + 1;
  }

  text(column: number): string {
    return this.slice(this.startOf(column), this.ends[column]);
  }

  slice(start: number, end: number): string {
    return Buffer.prototype.utf8Slice.call(this.bytes, start, end);
  }

  /** As `slice`, for messages. */
  shown(start: number, end: number): string {
    return shown(this.slice(start, Math.min(end, start + 200)));
  }
}
