/**
 * Archives that belong to nobody: an archiver that died between storing and committing leaves one, and it would be
 * paid for until the end of time. The intent was recorded before the upload (ARCHIVING), every archive tells its job,
 * and here both are compared with what cold storage says it holds.
 */
import type { StoredArchive } from '../aws/archive.ts';
import { timestamp, type Gas } from './gas.ts';
import { getJob } from './records.ts';

/** An archive younger than this may still be on its way to being committed. */
const YOUNG_SECONDS = 86_400;

/** Deletes orphans. Answers how many, or null when cold storage does not know yet what it holds. */
export async function removeOrphans(gas: Gas): Promise<number | null> {
  const archives = await gas.archive.inventory();
  if (!archives) return null;
  let removed = 0;
  for (const archive of archives) {
    if (!(await isOrphan(gas, archive))) continue;
    await gas.archive.delete(archive.archiveId);
    gas.log.info('orphan archive deleted', { archive_id: archive.archiveId, job_id: archive.jobId });
    removed++;
  }
  return removed;
}

async function isOrphan(gas: Gas, { archiveId, jobId, created }: StoredArchive): Promise<boolean> {
  if (Date.parse(created) > Date.parse(timestamp(gas, -YOUNG_SECONDS))) return false;
  const job = jobId ? await getJob(gas, jobId) : null;
  if (!job) return true;
  return job.results_file_archive_id !== archiveId && job.archive_status !== 'ARCHIVING';
}
