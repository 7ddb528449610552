/** Days as S3 counts them: from midnight to midnight, UTC. */
export const DAY_MS = 86_400_000;

/** The first midnight UTC after a time; of a midnight, the next one. */
export function midnightAfter(ms: number): number {
  return (Math.floor(ms / DAY_MS) + 1) * DAY_MS;
}
