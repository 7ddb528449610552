/** How a job stands and where its result is, in words with a shape beside them; and how soon to look again. Pure. */
import type { ArchiveStatus, Job, JobStatus, Tier } from '../../jobs/job.ts';
import type { Shape } from './mark.tsx';
import { sayDuration } from './say.ts';

export interface Standing {
  shape: Shape;
  word: string;
}

const statusWords: Record<JobStatus, Standing> = {
  PENDING: { shape: 'waiting', word: 'Waiting' },
  RUNNING: { shape: 'running', word: 'Running' },
  COMPLETED: { shape: 'done', word: 'Completed' },
  FAILED: { shape: 'failed', word: 'Failed' },
  CANCELLED: { shape: 'cancelled', word: 'Cancelled' },
};

const placeWords: Record<ArchiveStatus, Standing> = {
  AVAILABLE: { shape: 'done', word: 'Ready' },
  ARCHIVE_SCHEDULED: { shape: 'done', word: 'Ready' },
  ARCHIVING: { shape: 'moving', word: 'Being archived' },
  ARCHIVED: { shape: 'archived', word: 'Archived' },
  THAWING: { shape: 'moving', word: 'Being restored' },
  RESTORING: { shape: 'moving', word: 'Being restored' },
  DELETING: { shape: 'moving', word: 'Being deleted' },
  DELETED: { shape: 'cancelled', word: 'Deleted' },
};

export function statusOf(job: Job): Standing {
  return statusWords[job.job_status];
}

/** Where the result is; null while there is none. */
export function placeOf(job: Job, tier: Tier, now: number): Standing | null {
  if (!job.archive_status) return null;
  if (job.archive_status === 'ARCHIVED' && tier === 'premium') return { shape: 'moving', word: 'To be restored' };
  const place = placeWords[job.archive_status];
  if (job.archive_status !== 'ARCHIVE_SCHEDULED' || !job.archive_time) return place;
  const seconds = (Date.parse(job.archive_time) - now) / 1000;
  return { ...place, word: seconds > 0 ? `Ready, ${sayDuration(seconds)} left` : 'Ready, about to be archived' };
}

/** Seconds until the page should look again; null when nothing more will happen by itself. */
export function pollSeconds(job: Job, tier: Tier, now: number): number | null {
  switch (job.job_status) {
    case 'PENDING':
      return 2;
    case 'RUNNING':
      return 1;
    default:
      return pollResult(job, tier, now);
  }
}

/** The same for one row of many: there is less to see, and fifty rows may ask. */
export function rowSeconds(job: Job, tier: Tier, now: number): number | null {
  const seconds = pollSeconds(job, tier, now);
  return seconds === null ? null : 2 * seconds;
}

function pollResult(job: Job, tier: Tier, now: number): number | null {
  switch (job.archive_status) {
    case 'AVAILABLE':
      return job.attention ? 2 : null;
    case 'ARCHIVE_SCHEDULED': {
      const seconds = (Date.parse(job.archive_time ?? '') - now) / 1000;
      return seconds > 3_600 ? 300 : seconds > 15 ? 5 : 2;
    }
    case 'ARCHIVED':
      return tier === 'premium' ? 5 : null;
    case 'THAWING':
      return 5;
    case 'ARCHIVING':
    case 'RESTORING':
    case 'DELETING':
      return 2;
    default:
      return null;
  }
}

/** The htmx attributes of a part that looks at `address` again by itself, or none when it is final. */
export function polling(address: string, seconds: number | null, swap: string): Record<string, string> {
  if (seconds === null) return {};
  // A server that stumbles is asked again; what is on the page stays.
  return { 'hx-get': address, 'hx-trigger': `every ${seconds}s`, 'hx-swap': swap, 'hx-status:5xx': 'swap:none' };
}
