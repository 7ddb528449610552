/** Guarantees 5 to 9 of the design: what is archived is proven, upgrading wins, what comes back is what went in. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { headObject, openObject } from '../../aws/objects.ts';
import { findUser, unsubscribe } from '../../jobs/accounts.ts';
import { onArchiveRequest, onJobResult, resultObject } from '../../jobs/archive.ts';
import { eraseJob } from '../../jobs/erase.ts';
import type { Gas } from '../../jobs/gas.ts';
import type { ArchiveStatus, Job, User } from '../../jobs/job.ts';
import { removeOrphans } from '../../jobs/orphans.ts';
import { getJob, note } from '../../jobs/records.ts';
import { reconcile } from '../../jobs/reconcile.ts';
import { downloadUrl } from '../../jobs/results.ts';
import { onThawRequest } from '../../jobs/thaw.ts';
import { subscribe } from '../../jobs/users.ts';
import { finishedJob, someone } from '../support/people.ts';
import { eventually, startWorld, type World } from '../support/world.ts';

const never = new AbortController().signal;

describe.each(['vault', 's3'])('the archive on %s', (backend) => {
  let world: World;
  let gas: Gas;
  let expeditedCapacity = true;

  beforeAll(async () => {
    world = await startWorld(
      { GAS_ARCHIVE_GRACE_SECONDS: '3600', GAS_LEASE_SECONDS: '30', GAS_ARCHIVE_BACKEND: backend },
      {
        settings: {
          retrievalMs: { Expedited: 50, Standard: 100, Bulk: 150 },
          expeditedCapacity: () => expeditedCapacity,
        },
      },
    );
    gas = world.gas;
  });
  afterAll(() => world.stop());

  const bytesOf = (size: number) => new Uint8Array(size).map((_, i) => (i * 7 + (i >> 8)) & 255);

  /** A free user's finished job whose countdown has been started. */
  async function scheduled(size = 5000): Promise<{ user: User; job: Job }> {
    const user = await someone(gas);
    const made = await finishedJob(gas, user, bytesOf(size));
    await onJobResult(gas, JSON.stringify({ kind: 'job result', job_id: made.job_id }));
    return { user, job: await now(made) };
  }

  async function now({ job_id }: Job): Promise<Job> {
    return (await getJob(gas, job_id)) as Job;
  }

  const archiveNow = (job: Job, on: Gas = gas) =>
    onArchiveRequest(
      on,
      JSON.stringify({ kind: 'archive request', job_id: job.job_id, archive_time: job.archive_time }),
      never,
    );

  const thaw = (job: Job) => onThawRequest(gas, JSON.stringify({ kind: 'thaw job', job_id: job.job_id }));

  async function is(job: Job, status: ArchiveStatus): Promise<Job> {
    return eventually(`job is ${status}`, async () => {
      const found = await now(job);
      return found.archive_status === status && found;
    });
  }

  async function bytesAtHand(job: Job): Promise<Uint8Array> {
    const reply = await fetch(await downloadUrl(gas, job, 'result'));
    expect(reply.status).toBe(200);
    return new Uint8Array(await reply.arrayBuffer());
  }

  describe('archiving', () => {
    test('a free result is scheduled, archived, and gone from S3 only then', async () => {
      const { job } = await scheduled();
      expect(job).toMatchObject({ archive_status: 'ARCHIVE_SCHEDULED', attention: 'ARCHIVE_SCHEDULED' });
      await archiveNow(job);
      const archived = await now(job);
      expect(archived.archive_status).toBe('ARCHIVED');
      expect(archived.results_file_archive_id).toBeString();
      expect(archived.attention).toBeUndefined();
      expect(await headObject(gas.aws, resultObject(gas, job))).toBeNull();
      expect(downloadUrl(gas, archived, 'result')).rejects.toThrow('in the archive');
    });

    test('a result of several parts is archived and comes back the same', async () => {
      const { user, job } = await scheduled(40 * 2 ** 20 + 17);
      await archiveNow(job);
      await subscribe(gas, user);
      await thaw(job);
      expect(Bun.hash(await bytesAtHand(await is(job, 'AVAILABLE')))).toBe(Bun.hash(bytesOf(40 * 2 ** 20 + 17)));
    });

    test('a table comes back under its own name', async () => {
      const user = await someone(gas);
      const made = await finishedJob(gas, user, bytesOf(100), 'tsv');
      await onJobResult(gas, JSON.stringify({ kind: 'job result', job_id: made.job_id }));
      await archiveNow(await now(made));
      await subscribe(gas, user);
      await thaw(made);
      const restored = await is(made, 'AVAILABLE');
      expect(restored.s3_key_result_file).toMatch(/\/restored-\d+\/made\.annot\.tsv\.gz$/);
      const reply = await fetch(await downloadUrl(gas, restored, 'result'));
      expect(reply.headers.get('content-disposition')).toContain('"made.annot.tsv.gz"');
    });

    test('the same request twice, at once and again later, archives once', async () => {
      const { job } = await scheduled();
      await Promise.all([archiveNow(job), archiveNow(job)]);
      const first = await now(job);
      await archiveNow(job);
      expect((await now(job)).results_file_archive_id).toBe(first.results_file_archive_id as string);
    });

    test('a countdown that is not the present one is no order', async () => {
      const { job } = await scheduled();
      await archiveNow({ ...job, archive_time: '2020-01-01T00:00:00.000Z' });
      expect((await now(job)).archive_status).toBe('ARCHIVE_SCHEDULED');
    });

    test('a result whose bytes are not the ones annotated is not archived and stays', async () => {
      const { job } = await scheduled();
      await note(gas, job.job_id, { result_sha256: '0'.repeat(64) }, { job_status: 'COMPLETED' });
      expect(archiveNow(await now(job))).rejects.toThrow('SHA-256');
      await Bun.sleep(50);
      expect(await headObject(gas.aws, resultObject(gas, job))).not.toBeNull();
      expect((await now(job)).archive_status).toBe('ARCHIVING');
    });

    test('an archiver that dies in the middle is followed by another when its lease is over', async () => {
      const { job } = await scheduled();
      const dying: Gas = { ...gas, archive: { ...gas.archive, store: () => new Promise(() => undefined) } };
      void archiveNow(job, dying);
      await is(job, 'ARCHIVING');
      expect(await archiveNow(job)).toMatchObject({ againAfterSeconds: expect.any(Number) });
      await note(gas, job.job_id, { lease_until: '2020-01-01T00:00:00.000Z' }, { job_status: 'COMPLETED' });
      await archiveNow(job);
      expect((await now(job)).archive_status).toBe('ARCHIVED');
    });
  });

  describe('upgrading', () => {
    test('before the grace is over keeps the result', async () => {
      const { user, job } = await scheduled();
      await subscribe(gas, user);
      await archiveNow(job);
      expect(await now(job)).toMatchObject({ archive_status: 'AVAILABLE' });
      expect(await bytesAtHand(await now(job))).toEqual(bytesOf(5000));
    });

    test('while the archive is being written keeps the result, and leaves no archive behind', async () => {
      const { user, job } = await scheduled();
      const deleted: string[] = [];
      const interleaved: Gas = {
        ...gas,
        archive: {
          ...gas.archive,
          store: async (...args) => {
            const archiveId = await gas.archive.store(...args);
            await subscribe(gas, user);
            return archiveId;
          },
          delete: async (archiveId) => {
            deleted.push(archiveId);
            await gas.archive.delete(archiveId);
          },
        },
      };
      await archiveNow(job, interleaved);
      const kept = await now(job);
      expect(kept.archive_status).toBe('AVAILABLE');
      expect(kept.results_file_archive_id).toBeUndefined();
      expect(deleted).toHaveLength(1);
      expect(await bytesAtHand(kept)).toEqual(bytesOf(5000));
    });

    test('right after the commit, before the object is removed, still brings it back', async () => {
      const { user, job } = await scheduled();
      const interleaved: Gas = {
        ...gas,
        archive: {
          ...gas.archive,
          release: async (place) => {
            await subscribe(gas, user);
            await thaw(job);
            await is(job, 'AVAILABLE');
            await gas.archive.release(place);
          },
        },
      };
      await archiveNow(job, interleaved);
      expect(await bytesAtHand(await now(job))).toEqual(bytesOf(5000));
    });

    test('asks back every archived result of the user', async () => {
      const user = await someone(gas);
      const jobs: Job[] = [];
      for (const size of [10, 20, 30]) {
        const made = await finishedJob(gas, user, bytesOf(size));
        await onJobResult(gas, JSON.stringify({ kind: 'job result', job_id: made.job_id }));
        await archiveNow(await now(made));
        jobs.push(made);
      }
      await subscribe(gas, user);
      await onThawRequest(gas, JSON.stringify({ kind: 'thaw user', user_id: user.user_id }));
      for (const job of jobs) await thaw(job);
      for (const job of jobs) await is(job, 'AVAILABLE');
    });
  });

  describe('retrieval', () => {
    test('falls back from Expedited to Standard when there is no capacity, and says so', async () => {
      const { user, job } = await scheduled();
      await archiveNow(job);
      await subscribe(gas, user);
      expeditedCapacity = false;
      try {
        await thaw(job);
      } finally {
        expeditedCapacity = true;
      }
      const thawing = await now(job);
      expect(thawing.restore_tier).toBe('Standard');
      expect(thawing.restore_message).toContain('no capacity');
      await is(job, 'AVAILABLE');
    });

    test('an expired retrieval is asked for again', async () => {
      const { user, job } = await scheduled();
      await archiveNow(job);
      await subscribe(gas, user);
      await thaw(job);
      await is(job, 'AVAILABLE');
      const second = await scheduled();
      await archiveNow(second.job);
      await subscribe(gas, second.user);
      const lost: Gas = {
        ...gas,
        archive: { ...gas.archive, askBack: async () => ({ retrievalId: 'gone', tier: 'Expedited' }) },
      };
      await onThawRequest(lost, JSON.stringify({ kind: 'thaw job', job_id: second.job.job_id }));
      expect((await now(second.job)).restore_job_id).toBe('gone');
      await thaw(second.job);
      await is(second.job, 'AVAILABLE');
    });

    test('a lost notification only costs time: the thaw request restores by itself', async () => {
      const { user, job } = await scheduled();
      await archiveNow(job);
      await subscribe(gas, user);
      world.restores = false;
      await thaw(job);
      await Bun.sleep(200);
      expect((await now(job)).archive_status).toBe('THAWING');
      await thaw(job);
      expect((await now(job)).archive_status).toBe('AVAILABLE');
      world.restores = true;
    });

    test('bytes that changed in the archive never become the result', async () => {
      const { user, job } = await scheduled();
      await archiveNow(job);
      await note(gas, job.job_id, { result_sha256: 'f'.repeat(64) }, { job_status: 'COMPLETED' });
      await subscribe(gas, user);
      await thaw(job);
      await eventually('restore refused', async () => (await now(job)).archive_status === 'RESTORING');
      await Bun.sleep(300);
      const refused = await now(job);
      expect(refused.archive_status).toBe('RESTORING');
      expect(refused.results_file_archive_id).toBeString();
    });
  });

  describe('leaving premium', () => {
    test('starts the longer grace of every result, and its time is shown', async () => {
      const user = await someone(gas, 'premium');
      const made = await finishedJob(gas, user, bytesOf(100));
      await onJobResult(gas, JSON.stringify({ kind: 'job result', job_id: made.job_id }));
      expect(await now(made)).toMatchObject({ archive_status: 'AVAILABLE' });
      expect((await now(made)).archive_time).toBeUndefined();
      await unsubscribe(gas, user);
      await onJobResult(gas, JSON.stringify({ kind: 'user downgraded', user_id: user.user_id }));
      const job = await now(made);
      expect(job.archive_status).toBe('ARCHIVE_SCHEDULED');
      const days = (Date.parse(job.archive_time as string) - Date.now()) / 86_400_000;
      expect(days).toBeWithin(6.9, 7.1);
      expect((await findUser(gas, user.user_id))?.downgraded_time).toBeString();
    });
  });

  describe('erasing', () => {
    test('an archived job reaches archive, S3 and table, and leaves a receipt', async () => {
      const { user, job } = await scheduled();
      await archiveNow(job);
      const archived = await now(job);
      await eraseJob(gas, user, job.job_id);
      expect(await getJob(gas, job.job_id)).toBeNull();
      expect(gas.archive.askBack(archived.results_file_archive_id as string, 'Standard', '')).rejects.toThrow();
      expect(openObject(gas.aws, { bucket: job.s3_inputs_bucket, key: job.s3_key_input_file })).rejects.toThrow();
      await eraseJob(gas, user, job.job_id);
    });
  });

  describe('the reconciler', () => {
    test('sets going what is late, and leaves alone what is not', async () => {
      const { user, job } = await scheduled();
      const late: Gas = { ...gas, now: () => Date.now() + 3 * 3_600_000 };
      await reconcile(gas);
      expect((await now(job)).nudge_time).toBeUndefined();
      await reconcile(late);
      expect((await now(job)).nudge_time).toBeString();
      await subscribe(gas, user);
    });
  });

  describe('orphan archives', () => {
    test('left by an archiver that died after storing are found by the inventory and deleted; others stay', async () => {
      const { job } = await scheduled();
      await archiveNow(job);
      const kept = (await now(job)).results_file_archive_id as string;
      const { job: other } = await scheduled();
      const orphan = await gas.archive.store(resultObject(gas, other), `${other.job_id} 1 died`, never);

      const tomorrow: Gas = { ...gas, now: () => Date.now() + 2 * 86_400_000 };
      const removed = await eventually('an inventory', async () => (await removeOrphans(tomorrow)) ?? false);
      expect(removed).toBeGreaterThanOrEqual(1);
      expect(gas.archive.askBack(orphan, 'Standard', '')).rejects.toThrow();
      expect(await gas.archive.askBack(kept, 'Standard', '')).toMatchObject({ tier: 'Standard' });
    });
  });
});
