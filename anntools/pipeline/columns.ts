/** QUAL, FILTER and INFO/AF of a record, read for the summary without making strings of usual values. */
import { FREQUENCY_BINS, QUALITY_MAX, type TallyCounts } from '../report/tally.ts';
import { infoKey, infoValue, infoValueEnd } from '../vcf/info.ts';
import type { VcfRecord } from '../vcf/record.ts';

const DOT = 46;
const COMMA = 44;
const FREQUENCY = infoKey('AF');
const PASS = infoKey('PASS');

export function countColumns(counts: TallyCounts, { bytes, ends }: VcfRecord): void {
  const quality = decimalAt(bytes, ends[4] + 1, ends[5]);
  if (quality >= 0) counts.qualities[Math.min(QUALITY_MAX, Math.floor(quality))]++;
  if (passes(bytes, ends[5] + 1, ends[6])) counts.passing++;
  const value = infoValue(bytes, ends[6] + 1, ends[7], FREQUENCY);
  if (value < 0) return;
  const end = infoValueEnd(bytes, value, ends[7]);
  for (let from = value; from <= end;) {
    let to = from;
    while (to < end && bytes[to] !== COMMA) to++;
    const frequency = decimalAt(bytes, from, to);
    if (frequency >= 0 && frequency <= 1) {
      counts.frequencies[Math.min(FREQUENCY_BINS - 1, Math.floor(frequency * FREQUENCY_BINS))]++;
    }
    from = to + 1;
  }
}

/** Whether FILTER is `PASS` or missing. */
function passes(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start === 1) return bytes[start] === DOT;
  if (end - start !== PASS.length) return false;
  for (let i = 0; i < PASS.length; i++) if (bytes[start + i] !== PASS[i]) return false;
  return true;
}

/** The number at bytes[start, end): `12`, `0.25`, `1e-3`; NaN for `.`, nothing, or anything else. */
export function decimalAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let scale = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 48;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      scale *= 10;
    } else if (bytes[i] === DOT && scale === 0) scale = 1;
    else return Number(Buffer.prototype.latin1Slice.call(bytes, start, end));
  }
  if (end === start || (end === start + 1 && scale === 1)) return Number.NaN;
  return scale > 1 ? value / scale : value;
}
