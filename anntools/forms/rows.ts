/** The engine's CSQ value taken apart again, for the forms that are written out of it, and the record it is about. */
import type { VcfRecord } from '../vcf/record.ts';

/** One block: an allele on a transcript, or an allele beside all of them. */
export class Row {
  constructor(
    private readonly places: ReadonlyMap<string, number>,
    private readonly values: readonly string[],
    /** The reference's number of the transcript; -1 without one, or where nobody asked for it. */
    readonly transcript: number,
  ) {}

  /** The value of a column, as it stands in a VCF; empty when there is none. */
  get(column: string): string {
    const place = this.places.get(column);
    return place === undefined ? '' : (this.values[place] ?? '');
  }

  /** Terms, most severe first. */
  get terms(): string[] {
    return this.get('Consequence').split('&');
  }
}

/** Reads CSQ values with the same columns. */
export class RowReader {
  private readonly places: ReadonlyMap<string, number>;

  constructor(columns: readonly string[]) {
    this.places = new Map(columns.map((name, i) => [name, i]));
  }

  read(value: string, transcripts: readonly number[] = []): Row[] {
    if (value === '') return [];
    return value.split(',').map((block, i) => new Row(this.places, block.split('|'), transcripts[i] ?? -1));
  }
}

/** The ALTs of a record as they are written. */
export function altsOf(record: VcfRecord): string[] {
  return record.text(4).split(',');
}

/**
 * The byte that `%` and two hexadecimal digits stand for in a VCF; -1 where they are none of its codes
 * (VCF 4.3, section 1.2).
 */
export function plainByte(high: number, low: number): number {
  const byte = 16 * digitOf(high) + digitOf(low);
  const isCode = (byte > 32 && byte < 64) || byte === 9 || byte === 10 || byte === 13;
  return isCode ? byte : -1;
}

function digitOf(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte & 0xdf;
  return letter >= 65 && letter <= 70 ? letter - 55 : -1000;
}

/** A value as it was before it was written into a VCF (VCF 4.3, section 1.2: percent-encoded characters). */
export function decoded(value: string): string {
  if (!value.includes('%')) return value;
  return value.replace(/%(2[1-9A-F]|3[0-9A-F]|0[9AD])/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
