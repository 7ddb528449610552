/**
 * A lease: the right to work on a job until a moment. The holder renews it; silence loses it; a stale holder's last
 * write fails because every write of theirs states the lease.
 */
import { NotAsExpected, type Condition } from '../aws/table.ts';
import { newId, timestamp, type Gas } from './gas.ts';
import type { Job } from './job.ts';
import { note } from './records.ts';

export interface Lease {
  owner: string;
  /** What every write under the lease expects. */
  held: Condition;
  /** Aborted when the lease is lost or the program is told to stop. */
  signal: AbortSignal;
}

/** The fields of a lease that begins now. */
export function newLease(gas: Gas): Required<Pick<Job, 'lease_owner' | 'lease_until'>> {
  return { lease_owner: newId(gas), lease_until: timestamp(gas, gas.config.leaseSeconds) };
}

/** Passes when nobody holds a live lease. */
export function leaseFree(gas: Gas): Condition[] {
  return [{ lease_until: { is: 'absent' } }, { lease_until: { is: 'before', value: timestamp(gas) } }];
}

/** Seconds until another's lease runs out, a little more; for looking again then. */
export function secondsUntilFree(gas: Gas, job: Job): number {
  const until = job.lease_until ? Date.parse(job.lease_until) : gas.now();
  return Math.max(1, Math.ceil((until - gas.now()) / 1000) + 1);
}

/** Does the work while the lease is renewed, three times in its length. */
export async function whileLeased<T>(
  gas: Gas,
  job: Job,
  signal: AbortSignal,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const owner = job.lease_owner ?? '';
  const held = { lease_owner: owner };
  const lost = new AbortController();
  const renew = async () => {
    try {
      await note(gas, job.job_id, { lease_until: timestamp(gas, gas.config.leaseSeconds) }, held);
    } catch (error) {
      if (error instanceof NotAsExpected) lost.abort(new LeaseLost(job.job_id));
      else gas.log.fault('lease not renewed', error, { job_id: job.job_id });
    }
  };
  const timer = setInterval(() => void renew(), (gas.config.leaseSeconds * 1000) / 3);
  try {
    return await work({ owner, held, signal: AbortSignal.any([signal, lost.signal]) });
  } catch (error) {
    // Whoever tries again should not have to wait for the lease to run out.
    await note(gas, job.job_id, { lease_until: timestamp(gas) }, held).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Another has the job now, or it was cancelled: stop, and write nothing. */
export class LeaseLost extends Error {
  constructor(jobId: string) {
    super(`the lease of job ${jobId} was lost`);
    this.name = 'LeaseLost';
  }
}
