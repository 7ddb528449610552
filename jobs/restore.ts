/**
 * Restore: a retrieval is ready, so the result comes back to S3, is proven by the hash stored at completion, and only
 * then is AVAILABLE and its archive deleted. Runs in the restore function, and in the thaw program when the
 * notification got lost. Nothing here, nor anything it imports, uses Bun: it runs in Lambda's Node.
 */
import { resultObject, settleResult } from './archive.ts';
import { findUser } from './accounts.ts';
import { timestamp, type Gas } from './gas.ts';
import { leaseFree, newLease, whileLeased } from './lease.ts';
import { attemptPrefix, fileNameOf } from './keys.ts';
import { getJob, move, moveIfStill } from './records.ts';

/** Brings a result back. Twice, at once or one after the other, is once. */
export async function restore(gas: Gas, jobId: string, retrievalId: string): Promise<void> {
  const begun = await moveIfStill(gas, jobId, 'beginRestore', {
    set: { ...newLease(gas), restore_status: 'IN_PROGRESS' },
    expect: leaseFree(gas).map((free) => ({ ...free, restore_job_id: retrievalId })),
  });
  if (!begun) return;
  const name = fileNameOf(begun.s3_key_result_file ?? '');
  // A key of its own: whoever still removes the archived object cannot hit this one.
  const key = `${attemptPrefix(begun.user_id, jobId, begun.attempt)}restored-${timestamp(gas).replace(/\D/g, '')}/${name}`;
  await whileLeased(gas, begun, new AbortController().signal, async (lease) => {
    const archiveId = begun.results_file_archive_id ?? '';
    await gas.archive.fetch(archiveId, retrievalId, { ...resultObject(gas, begun), key });
    await move(gas, jobId, 'restore', {
      set: {
        s3_key_result_file: key,
        restore_status: 'RESTORED',
        restore_message: 'The result is back from the archive; its checksum is the one it was archived with.',
      },
      remove: ['lease_owner', 'lease_until', 'restore_job_id', 'archive_time'],
      expect: lease.held,
    });
  });
  gas.log.info('result restored', { job_id: jobId });
  await settleRestored(gas, jobId);
}

/** After a restore: the archive goes, and a user who is free again has the grace of leaving premium. */
export async function settleRestored(gas: Gas, jobId: string): Promise<void> {
  const job = await getJob(gas, jobId);
  if (job?.archive_status !== 'AVAILABLE' || job.attention !== 'RESTORED') return;
  if (job.results_file_archive_id) await gas.archive.delete(job.results_file_archive_id);
  const kept = await moveIfStill(gas, jobId, 'keep', {
    remove: ['results_file_archive_id'],
    expect: { attention: 'RESTORED' },
  });
  const user = await findUser(gas, job.user_id);
  if (kept && user?.tier === 'free') await settleResult(gas, kept, gas.config.limits.downgradeGraceSeconds);
}
