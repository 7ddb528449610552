/**
 * The thaw program's part: ask cold storage for the archived results of a user who became premium. A request stays
 * on the queue until its result is back; each look at it does whatever is due, so a lost notification, an expired
 * retrieval or a dead function only cost time.
 */
import type { Verdict } from '../aws/queue.ts';
import { timestamp, type Gas } from './gas.ts';
import type { Job, RetrievalTier } from './job.ts';
import { secondsUntilFree } from './lease.ts';
import { parseMessage } from './messages.ts';
import { tell } from './outbox.ts';
import { getJob, jobsOfUser, moveIfStill } from './records.ts';
import { restore } from './restore.ts';
import { carried } from './trace.ts';

/** Handles queue `thaw_requests`. */
export async function onThawRequest(gas: Gas, body: string): Promise<Verdict> {
  const message = parseMessage(body, 'thaw user', 'thaw job');
  if (message.kind === 'thaw user') return thawUser(gas, message.user_id);
  const job = await getJob(gas, message.job_id);
  if (job) return thawJob(gas, job);
}

/** One request for each archived result; results still counting down simply stay. */
async function thawUser(gas: Gas, userId: string): Promise<void> {
  for await (const job of jobsOfUser(gas, userId)) {
    if (job.archive_status === 'ARCHIVED') await tell(gas, { kind: 'thaw job', job_id: job.job_id });
    else if (job.archive_status === 'ARCHIVE_SCHEDULED') {
      await moveIfStill(gas, job.job_id, 'keep', { remove: ['archive_time'] });
    }
  }
}

async function thawJob(gas: Gas, job: Job): Promise<Verdict> {
  const { retrievalCheckSeconds } = gas.config;
  switch (job.archive_status) {
    case 'ARCHIVED':
      return askBack(gas, job);
    case 'THAWING': {
      const { job_id, restore_job_id: retrievalId = '', results_file_archive_id: archiveId = '' } = job;
      const retrieval = await gas.archive.check(archiveId, retrievalId);
      if (retrieval.state === 'in progress') return { againAfterSeconds: retrievalCheckSeconds };
      if (retrieval.state === 'ready') {
        await restore(gas, job_id, retrievalId);
        return { againAfterSeconds: retrievalCheckSeconds };
      }
      gas.log.info('retrieval gone, asking again', { job_id, reason: retrieval.reason });
      return askBack(gas, job);
    }
    case 'RESTORING': {
      if (job.lease_until && job.lease_until > timestamp(gas)) return { againAfterSeconds: secondsUntilFree(gas, job) };
      await restore(gas, job.job_id, job.restore_job_id ?? '');
      return { againAfterSeconds: retrievalCheckSeconds };
    }
    default:
      return undefined;
  }
}

/** Asks, then records what was asked; of two that ask at once, one is recorded and both retrievals are harmless. */
async function askBack(gas: Gas, job: Job): Promise<Verdict> {
  const { job_id, results_file_archive_id: archiveId = '', restore_job_id: before } = job;
  const asked = await gas.archive.askBack(
    archiveId,
    gas.config.retrievalTier,
    JSON.stringify({ job_id, ...carried(gas) }),
  );
  const moved = await moveIfStill(gas, job_id, 'thaw', {
    set: {
      restore_job_id: asked.retrievalId,
      restore_tier: asked.tier,
      restore_status: 'REQUESTED',
      restore_message: messageOf(asked.tier, gas.config.retrievalTier),
      restore_request_time: timestamp(gas),
    },
    expect: { restore_job_id: before ?? { is: 'absent' } },
  });
  if (moved) gas.log.info('retrieval asked', { job_id, retrieval_id: asked.retrievalId, tier: asked.tier });
  return { againAfterSeconds: gas.config.retrievalCheckSeconds };
}

/** What the person reads while waiting; the times are Glacier's own. */
function messageOf(tier: RetrievalTier, wanted: RetrievalTier): string {
  const usual = { Expedited: '1 to 5 minutes', Standard: '3 to 5 hours', Bulk: '5 to 12 hours' }[tier];
  const fellBack = tier !== wanted ? ` ${wanted} retrieval had no capacity, so ${tier} was asked.` : '';
  return `The archive has been asked for this result (${tier} retrieval, usually ${usual}).${fellBack}`;
}
