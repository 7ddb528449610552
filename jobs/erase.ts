/**
 * Erasing and cancelling. Erasing a job reaches its input, its results, its archive and its item, in this order, so
 * that what is left at any moment is enough to go on; it leaves a receipt: who, what, when, without content.
 */
import { deletePrefix } from '../aws/objects.ts';
import { putItem } from '../aws/table.ts';
import { UserError } from './errors.ts';
import { timestamp, type Gas } from './gas.ts';
import type { Job, User } from './job.ts';
import { findJob, getJob, move, moveIfStill } from './records.ts';

/** Cancels a job that is waiting or running; the annotator notices by its lease. @throws UserError WRONG_STATE */
export async function cancelJob(gas: Gas, user: User, jobId: string): Promise<Job> {
  await findJob(gas, user, jobId);
  const cancelled = await moveIfStill(gas, jobId, 'cancel', {
    set: { complete_time: timestamp(gas) },
    remove: ['lease_owner', 'lease_until', 'progress'],
  });
  if (cancelled) {
    gas.log.info('job cancelled', { job_id: jobId });
    return cancelled;
  }
  throw new UserError('WRONG_STATE', 'This annotation has finished already; there is nothing left to cancel.');
}

/** Erases a job of the user, whatever its state. Erasing twice is erasing once. */
export async function eraseJob(gas: Gas, user: User, jobId: string): Promise<void> {
  const job = await getJob(gas, jobId);
  if (!job || job.user_id !== user.user_id) return;
  await moveIfStill(gas, jobId, 'cancel', { remove: ['lease_owner', 'lease_until', 'progress'] });
  await move(gas, jobId, 'erase', { remove: ['lease_owner', 'lease_until'] });
  await finishErasing(gas, jobId);
}

/** Goes on with an erasure, from wherever it stopped. */
export async function finishErasing(gas: Gas, jobId: string): Promise<void> {
  const job = await getJob(gas, jobId);
  if (job?.archive_status !== 'DELETING') return;
  const { inputs, results } = gas.config.topology.buckets;
  const folder = `${job.user_id}/${job.job_id}/`;
  for (const bucket of [inputs.name, results.name]) {
    await deletePrefix(gas.aws, bucket, folder);
  }
  if (job.results_file_archive_id) await gas.archive.delete(job.results_file_archive_id);
  const receipt = {
    job_id: jobId,
    archive_status: 'DELETED',
    erased_user_id: job.user_id,
    erased_time: timestamp(gas),
  };
  await putItem(gas.aws, gas.config.topology.tables.annotations.name, receipt, { archive_status: 'DELETING' });
  gas.log.info('job erased', { job_id: jobId });
}
