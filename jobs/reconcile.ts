/**
 * The reconciler: looks at every job for which something is still to happen and, when it should have happened long
 * ago, sets it going again. With the outbox and the queues it is the third net: it catches a queue that was purged,
 * an operator's mistake, a program that died between two writes. Everything it does is safe to do twice.
 */
import { release } from './archive.ts';
import { finishErasing } from './erase.ts';
import { timestamp, type Gas } from './gas.ts';
import type { Job } from './job.ts';
import type { Message } from './messages.ts';
import { tell } from './outbox.ts';
import { jobsNeeding, note } from './records.ts';
import { settleRestored } from './restore.ts';

/** How long a step may be late before it is set going again, in seconds. */
const LATE_SECONDS = 900;

/** One round over all attentions. Answers how many jobs it set going. */
export async function reconcile(gas: Gas): Promise<number> {
  const late = timestamp(gas, -LATE_SECONDS);
  let mended = 0;
  for (const [attention, mend] of Object.entries(mends)) {
    for await (const job of jobsNeeding(gas, attention)) {
      if (lastTouched(job) >= late) continue;
      await note(gas, job.job_id, { nudge_time: timestamp(gas) }, { attention }).catch(() => undefined);
      await mend(gas, job);
      gas.log.info('job set going again', { job_id: job.job_id, attention });
      mended++;
    }
  }
  return mended;
}

const again =
  (message: (job: Job) => Message) =>
  (gas: Gas, job: Job): Promise<void> =>
    tell(gas, message(job));

const mends: Record<string, (gas: Gas, job: Job) => Promise<void>> = {
  PENDING: again(({ job_id }) => ({ kind: 'job request', job_id })),
  RUNNING: again(({ job_id }) => ({ kind: 'job request', job_id })),
  COMPLETED: again(({ job_id }) => ({ kind: 'job result', job_id })),
  ARCHIVE_SCHEDULED: again(({ job_id, archive_time = '' }) => ({ kind: 'archive request', job_id, archive_time })),
  ARCHIVING: again(({ job_id, archive_time = '' }) => ({ kind: 'archive request', job_id, archive_time })),
  THAWING: again(({ job_id }) => ({ kind: 'thaw job', job_id })),
  RESTORING: again(({ job_id }) => ({ kind: 'thaw job', job_id })),
  RELEASE: release,
  RESTORED: (gas, job) => settleRestored(gas, job.job_id),
  DELETING: (gas, job) => finishErasing(gas, job.job_id),
};

/** The last time the job's present step was begun, renewed or asked for; a countdown is late from its end on. */
function lastTouched(job: Job): string {
  const times = [
    job.submit_time,
    job.lease_until,
    job.complete_time,
    job.archive_time,
    job.restore_request_time,
    job.nudge_time,
  ];
  return (
    times
      .filter((time) => time !== undefined)
      .sort()
      .at(-1) ?? ''
  );
}
