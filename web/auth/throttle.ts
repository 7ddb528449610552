/**
 * Attempts to sign in, counted by a token bucket for each address and account: ten at once, then one every half minute.
 * In this process only: several web programs multiply it, which is still far from guessing a password.
 */
import { UserError } from '../../jobs/errors.ts';

const burst = 10;
const refillMs = 30_000;
/** Keys remembered before full buckets are dropped. */
const keysMax = 10_000;

interface Bucket {
  tokens: number;
  /** Milliseconds since 1970. */
  filledAt: number;
}

/** Takes one attempt at `now` (milliseconds since 1970). @throws UserError TOO_MANY */
export type Throttle = (key: string, now: number) => void;

export function createThrottle(): Throttle {
  const buckets = new Map<string, Bucket>();
  return (key, now) => {
    const bucket = refilled(buckets.get(key), now);
    if (bucket.tokens < 1) {
      const seconds = Math.ceil((refillMs * (1 - bucket.tokens)) / 1000);
      throw new UserError('TOO_MANY', `Too many attempts. Please wait ${seconds} seconds and try again.`);
    }
    if (buckets.size >= keysMax) forgetFull(buckets, now);
    buckets.set(key, { ...bucket, tokens: bucket.tokens - 1 });
  };
}

function refilled(bucket: Bucket | undefined, now: number): Bucket {
  if (!bucket) return { tokens: burst, filledAt: now };
  return { tokens: Math.min(burst, bucket.tokens + (now - bucket.filledAt) / refillMs), filledAt: now };
}

function forgetFull(buckets: Map<string, Bucket>, now: number): void {
  for (const [key, bucket] of buckets) if (refilled(bucket, now).tokens >= burst) buckets.delete(key);
  // Someone sends ever new names: start over rather than grow.
  if (buckets.size >= keysMax) buckets.clear();
}
