/**
 * The archiver's part: start the countdown of a free user's result; when it is over, move the result to cold
 * storage. No byte leaves S3 before the archive is proven and committed, and the commit fails for a user who has
 * become premium: upgrading beats archiving at every interleaving.
 */
import { startCountdown } from '../aws/countdown.ts';
import type { Verdict } from '../aws/queue.ts';
import { NotAsExpected, transact } from '../aws/table.ts';
import { findUser } from './accounts.ts';
import { timestamp, type Gas } from './gas.ts';
import type { Job } from './job.ts';
import { leaseFree, newLease, secondsUntilFree, whileLeased, type Lease } from './lease.ts';
import { parseMessage } from './messages.ts';
import { getJob, jobsOfUser, moveIfStill, moveWrite } from './records.ts';
import { carried } from './trace.ts';

/** Handles queue `job_results`: a result is there, or a user left premium. */
export async function onJobResult(gas: Gas, body: string): Promise<Verdict> {
  const message = parseMessage(body, 'job result', 'user downgraded');
  if (message.kind === 'user downgraded') return onDowngrade(gas, message.user_id);
  const job = await getJob(gas, message.job_id);
  if (job) await settleResult(gas, job, gas.config.limits.archiveGraceSeconds);
}

/** Handles queue `archive_requests`: a grace is over. An outdated countdown, or a premium user's, is no order. */
export async function onArchiveRequest(gas: Gas, body: string, signal: AbortSignal): Promise<Verdict> {
  const { job_id, archive_time } = parseMessage(body, 'archive request');
  const job = await getJob(gas, job_id);
  if (!job || job.archive_time !== archive_time) return;
  const user = await findUser(gas, job.user_id);
  if (user?.tier === 'premium') {
    await moveIfStill(gas, job_id, 'keep', { remove: ['archive_time'] });
    return;
  }
  const begun = await moveIfStill(gas, job_id, 'beginArchive', {
    set: newLease(gas),
    expect: leaseFree(gas).map((free) => ({ ...free, archive_time })),
  });
  if (!begun) {
    const now = await getJob(gas, job_id);
    return now?.archive_status === 'ARCHIVING' ? { againAfterSeconds: secondsUntilFree(gas, now) } : undefined;
  }
  await whileLeased(gas, begun, signal, (lease) => storeAndCommit(gas, begun, lease));
}

/** Decides what happens to a result that is at hand: a premium user's stays, a free user's countdown starts. */
export async function settleResult(gas: Gas, job: Job, graceSeconds: number): Promise<void> {
  const user = await findUser(gas, job.user_id);
  if (user?.tier === 'premium') {
    await moveIfStill(gas, job.job_id, 'keep', { remove: ['archive_time'] });
    return;
  }
  const scheduled = await moveIfStill(gas, job.job_id, 'schedule', {
    set: { archive_time: timestamp(gas, graceSeconds) },
    expect: { archive_time: { is: 'absent' } },
  });
  const now = scheduled ?? (await getJob(gas, job.job_id));
  if (now?.archive_status === 'ARCHIVE_SCHEDULED' && now.archive_time)
    await countDown(gas, now.job_id, now.archive_time);
}

async function countDown(gas: Gas, job_id: string, archive_time: string): Promise<void> {
  const { archiveMachineArn, queueUrls } = gas.config;
  const name = `${job_id}-${archive_time.replace(/\D/g, '')}`;
  const request = { kind: 'archive request', job_id, archive_time, ...carried(gas) };
  await startCountdown(gas.aws, archiveMachineArn, name, {
    archive_time,
    queue_url: queueUrls.archiveRequests,
    request,
  });
  gas.log.info('countdown started', { job_id, archive_time });
}

async function onDowngrade(gas: Gas, userId: string): Promise<void> {
  for await (const job of jobsOfUser(gas, userId)) {
    if (job.archive_status === 'AVAILABLE') await settleResult(gas, job, gas.config.limits.downgradeGraceSeconds);
  }
}

async function storeAndCommit(gas: Gas, job: Job, lease: Lease): Promise<void> {
  const { job_id, user_id, attempt } = job;
  const archiveId = await gas.archive.store(
    resultObject(gas, job),
    `${job_id} ${attempt} ${job.result_sha256}`,
    lease.signal,
  );
  const commit = moveWrite(gas, job_id, 'commitArchive', {
    set: { results_file_archive_id: archiveId },
    remove: ['lease_owner', 'lease_until', 'archive_time'],
    expect: lease.held,
  });
  const stillFree = {
    do: 'check',
    table: gas.config.topology.tables.users.name,
    key: { user_id },
    expect: { tier: 'free' },
  } as const;
  try {
    await transact(gas.aws, [commit, stillFree]);
  } catch (error) {
    // Whoever took over, cancelled or upgraded has the object in S3; this copy is of use to nobody.
    await gas.archive.delete(archiveId);
    if (!(error instanceof NotAsExpected)) throw error;
    await moveIfStill(gas, job_id, 'abandonArchive', {
      remove: ['lease_owner', 'lease_until', 'archive_time'],
      expect: lease.held,
    });
    gas.log.info('archiving abandoned', { job_id });
    return;
  }
  gas.log.info('result archived', { job_id, archive_id: archiveId });
  await release(gas, { ...job, archive_status: 'ARCHIVED' });
}

/**
 * Removes the archived object from S3. Safe at any time: a restore writes under a key of its own, so this never
 * removes a restored result.
 */
export async function release(gas: Gas, job: Job): Promise<void> {
  const archived = resultObject(gas, job);
  const now = await getJob(gas, job.job_id);
  if (now?.archive_status !== 'ARCHIVED' || now.attention !== 'RELEASE' || now.s3_key_result_file !== archived.key)
    return;
  await gas.archive.release(archived);
  await moveIfStill(gas, job.job_id, 'release', { expect: { attention: 'RELEASE' } });
}

/** The result as cold storage proves it. */
export function resultObject(gas: Gas, job: Job) {
  return {
    bucket: job.s3_results_bucket ?? gas.config.topology.buckets.results.name,
    key: job.s3_key_result_file ?? '',
    bytes: job.result_bytes ?? 0,
    sha256: job.result_sha256 ?? '',
    contentType: 'application/gzip',
  };
}
