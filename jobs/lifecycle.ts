/**
 * The table of moves: what may happen to a job, from which state, and where it leads. This is the only place where
 * a status changes; `records.ts` turns a move into one conditional write that states the state it expects.
 *
 *   job_status      PENDING → RUNNING → COMPLETED | FAILED | CANCELLED
 *   archive_status  AVAILABLE → ARCHIVE_SCHEDULED → ARCHIVING → ARCHIVED → THAWING → RESTORING → AVAILABLE;
 *                   any → DELETING → (the item is gone)
 *
 * `attention` follows from both: while it is set, something is still to happen, and the reconciler looks.
 */
import type { ArchiveStatus, JobStatus } from './job.ts';

export interface Move {
  /** The job statuses it starts from. */
  status: readonly JobStatus[];
  /** The archive statuses it starts from; `none` is a job without a result. */
  archive: readonly (ArchiveStatus | 'none')[];
  to: {
    status?: JobStatus;
    archive?: ArchiveStatus;
    /** What the reconciler should look after from now on; null when nothing is left to happen. */
    attention?: string | null;
  };
}

const hasResult = ['COMPLETED'] as const;
const noResult = ['none'] as const;

export const moves = {
  /** The annotator takes a job; from RUNNING when another's lease has run out. */
  claim: { status: ['PENDING', 'RUNNING'], archive: noResult, to: { status: 'RUNNING', attention: 'RUNNING' } },
  /** The annotator was told to stop and gives the job back. */
  handBack: { status: ['RUNNING'], archive: noResult, to: { status: 'PENDING', attention: 'PENDING' } },
  complete: {
    status: ['RUNNING'],
    archive: noResult,
    to: { status: 'COMPLETED', archive: 'AVAILABLE', attention: 'COMPLETED' },
  },
  fail: { status: ['PENDING', 'RUNNING'], archive: noResult, to: { status: 'FAILED', attention: null } },
  cancel: { status: ['PENDING', 'RUNNING'], archive: noResult, to: { status: 'CANCELLED', attention: null } },

  /** A premium result stays; nothing is left to happen. */
  keep: {
    status: hasResult,
    archive: ['AVAILABLE', 'ARCHIVE_SCHEDULED'],
    to: { archive: 'AVAILABLE', attention: null },
  },
  /** A free result's countdown has been started. */
  schedule: {
    status: hasResult,
    archive: ['AVAILABLE', 'ARCHIVE_SCHEDULED'],
    to: { archive: 'ARCHIVE_SCHEDULED', attention: 'ARCHIVE_SCHEDULED' },
  },
  /** The intent to archive, recorded before a byte moves; again from ARCHIVING when an archiver died. */
  beginArchive: {
    status: hasResult,
    archive: ['ARCHIVE_SCHEDULED', 'ARCHIVING'],
    to: { archive: 'ARCHIVING', attention: 'ARCHIVING' },
  },
  commitArchive: { status: hasResult, archive: ['ARCHIVING'], to: { archive: 'ARCHIVED', attention: 'RELEASE' } },
  /** The archived object has been removed from S3. */
  release: { status: hasResult, archive: ['ARCHIVED'], to: { archive: 'ARCHIVED', attention: null } },
  /** The user became premium meanwhile: the result in S3 was never touched and stays. */
  abandonArchive: { status: hasResult, archive: ['ARCHIVING'], to: { archive: 'AVAILABLE', attention: null } },

  /** Cold storage has been asked; again when what was asked for has expired. */
  thaw: {
    status: hasResult,
    archive: ['ARCHIVED', 'THAWING', 'RESTORING'],
    to: { archive: 'THAWING', attention: 'THAWING' },
  },
  beginRestore: {
    status: hasResult,
    archive: ['THAWING', 'RESTORING'],
    to: { archive: 'RESTORING', attention: 'RESTORING' },
  },
  /** The result is in S3 again, proven by its hash. */
  restore: { status: hasResult, archive: ['RESTORING'], to: { archive: 'AVAILABLE', attention: 'RESTORED' } },

  erase: {
    status: ['COMPLETED', 'FAILED', 'CANCELLED'],
    archive: ['none', 'AVAILABLE', 'ARCHIVE_SCHEDULED', 'ARCHIVING', 'ARCHIVED', 'THAWING', 'RESTORING', 'DELETING'],
    to: { archive: 'DELETING', attention: 'DELETING' },
  },
} as const satisfies Record<string, Move>;

export type MoveName = keyof typeof moves;
