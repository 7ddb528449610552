/** What each tier is promised: sizes and how long a result stays at hand. Pure; the numbers come from configuration. */
import type { Tier } from './job.ts';

export interface PlanLimits {
  /** Largest input, in bytes, a free user may upload. */
  freeInputBytes: number;
  /** Largest input, in bytes, a premium user may upload: S3's limit for one POST is 5 GiB. */
  premiumInputBytes: number;
  /** Largest track, in bytes, either may upload with a job. */
  freeTrackBytes: number;
  premiumTrackBytes: number;
  /** Seconds a free result stays before it is archived. */
  archiveGraceSeconds: number;
  /** Seconds the results of someone who leaves premium stay before they are archived. */
  downgradeGraceSeconds: number;
}

/** Largest input for the tier, in bytes. */
export function inputBytesMax(limits: PlanLimits, tier: Tier): number {
  return tier === 'premium' ? limits.premiumInputBytes : limits.freeInputBytes;
}

/** Largest track for the tier, in bytes. */
export function trackBytesMax(limits: PlanLimits, tier: Tier): number {
  return tier === 'premium' ? limits.premiumTrackBytes : limits.freeTrackBytes;
}

/** Bytes in the words people use, binary units: `25 MiB`, `1.4 GiB`. */
export function sayBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = value >= 10 || Number.isInteger(value) || unit === 0 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
