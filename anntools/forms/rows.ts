/** Values as they were before they were written into a VCF, and the ALTs of a record. */
import type { VcfRecord } from '../vcf/record.ts';

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
