/**
 * Retrieval jobs: due when their tier's time has passed, told to their topics, gone with their output 24 hours later.
 * One timer waits for whatever is due next; what is due is read from the database, so a job that fell due while the
 * cloud was off completes at its start. A topic may be told twice when the cloud is killed in between, never not at all.
 */
import { findArchive } from './archives.ts';
import { change } from './contents.ts';
import { notFound } from './errors.ts';
import type { Glacier } from './glacier.ts';
import { location, vaultArn } from './glacier.ts';
import type { InventoryRequest } from './inventory.ts';
import { getVault } from './vaults.ts';
import type { VaultEvent } from './vault-notifications.ts';

/** How fast a retrieval is to be. */
export type Tier = 'Expedited' | 'Standard' | 'Bulk';

/** What a job was asked for, and what was known then. */
export type JobRequest = { description: string | null; snsTopic: string | null } & (
  | {
      type: 'archive-retrieval';
      tier: Tier;
      archive: string;
      archiveDescription: string;
      archiveSize: number;
      archiveTreeHash: string;
      start: number;
      /** The first byte after the range. */
      end: number;
      /** Of the range; null when it is not tree-hash aligned. */
      treeHash: string | null;
    }
  | { type: 'inventory-retrieval'; inventory: InventoryRequest; size: number; nextMarker: string | null }
);

/** A job. */
export interface Job {
  number: number;
  id: string;
  vault: string;
  request: JobRequest;
  status: 'InProgress' | 'Succeeded' | 'Failed';
  message: string | null;
  /** The output, once there is one. */
  content: number | null;
  createdAt: number;
  completedAt: number | null;
}

type JobRow = Omit<Job, 'request'> & { request: string };

const columns =
  'number, id, vault, request, status, message, content, created_at AS createdAt, completed_at AS completedAt';

/** "A job ID will not expire for at least 24 hours after Glacier completes the job" (API reference, GetJobOutput). */
const outputKeptMs = 24 * 3_600_000;

/** All jobs. */
export class Jobs {
  #cancelTimer: () => void = () => {};
  #running = false;

  constructor(private readonly glacier: () => Glacier) {}

  start(): void {
    this.#running = true;
    this.#doWhatIsDue();
  }

  stop(): void {
    this.#running = false;
    this.#cancelTimer();
  }

  /** A new job's row, due after `delayMs`. For use inside a transaction; call `wake` after it. */
  insert(job: { id: string; vault: string; request: JobRequest; content: number | null; delayMs: number }): void {
    const { store, clock } = this.glacier().parts;
    const now = clock.now();
    store.db
      .query(
        `INSERT INTO glacier_jobs (id, vault, request, status, content, created_at, due_at)
         VALUES (?, ?, ?, 'InProgress', ?, ?, ?)`,
      )
      .run(job.id, job.vault, JSON.stringify(job.request), job.content, now, now + job.delayMs);
  }

  /** Throws ResourceNotFoundException, also when the job has expired. */
  get(vault: string, id: string): Job {
    const found = this.#rows('vault = ? AND id = ?', vault, id)[0];
    if (!found) throw notFound(`The job ID was not found: ${id}`);
    return found;
  }

  /** The jobs of a vault that have not expired, in the order they began. */
  list(vault: string): Job[] {
    return this.#rows('vault = ?', vault);
  }

  /** Sets the timer for what is due next. */
  wake(): void {
    this.#cancelTimer();
    if (!this.#running) return;
    const { store, clock } = this.glacier().parts;
    const next = store.db.query<{ at: number | null }, []>('SELECT min(due_at) AS at FROM glacier_jobs').get()?.at;
    if (typeof next === 'number') this.#cancelTimer = clock.at(next, () => this.#doWhatIsDue());
  }

  #doWhatIsDue(): void {
    const glacier = this.glacier();
    for (const job of this.#due("status = 'InProgress'")) this.#complete(glacier, job);
    for (const job of this.#rows("status != 'InProgress' AND notified = 0")) this.#notify(glacier, job);
    for (const job of this.#due("status != 'InProgress'")) this.#expire(glacier, job);
    this.wake();
  }

  #complete(glacier: Glacier, { number, vault, request, content }: Job): void {
    const { store, clock } = glacier.parts;
    const output =
      request.type === 'archive-retrieval' ? findArchive(glacier, vault, request.archive)?.content : content;
    const now = clock.now();
    store.db
      .query(
        `UPDATE glacier_jobs SET status = ?, message = ?, content = ?, completed_at = ?, due_at = ? WHERE number = ?`,
      )
      .run(
        output === undefined ? 'Failed' : 'Succeeded',
        output === undefined ? 'The archive was deleted before it was retrieved.' : 'Succeeded',
        output ?? null,
        now,
        now + outputKeptMs,
        number,
      );
  }

  /** Tells the vault's topic and the job's own. */
  #notify(glacier: Glacier, job: Job): void {
    const { parts } = glacier;
    const { snsTopic, events } = getVault(glacier, job.vault);
    const event: VaultEvent =
      job.request.type === 'archive-retrieval' ? 'ArchiveRetrievalCompleted' : 'InventoryRetrievalCompleted';
    const wanted = (JSON.parse(events) as string[]).includes(event);
    const message = JSON.stringify(describeJob(glacier, job));
    for (const topic of [wanted ? snsTopic : null, job.request.snsTopic]) {
      if (topic === null) continue;
      try {
        parts.bus.publish(topic, message, 'Notification From Amazon Glacier Service');
      } catch (cause) {
        parts.report(`Glacier could not tell ${topic} of the job ${job.id}`, cause);
      }
    }
    parts.store.db.query('UPDATE glacier_jobs SET notified = 1 WHERE number = ?').run(job.number);
  }

  #expire(glacier: Glacier, { number, content }: Job): void {
    change(glacier, (release) => {
      glacier.parts.store.db.query('DELETE FROM glacier_jobs WHERE number = ?').run(number);
      if (content !== null) release(content);
    });
  }

  #due(condition: string): Job[] {
    return this.#rows(`${condition} AND due_at <= ?`, this.glacier().parts.clock.now());
  }

  #rows(condition: string, ...values: (string | number)[]): Job[] {
    return this.glacier()
      .parts.store.db.query<JobRow, (string | number)[]>(
        `SELECT ${columns} FROM glacier_jobs WHERE ${condition} ORDER BY number`,
      )
      .all(...values)
      .map((row) => ({ ...row, request: JSON.parse(row.request) as JobRequest }));
  }
}

/** What DescribeJob shows, ListJobs lists, and topics are told. */
export function describeJob({ parts }: Glacier, job: Job): Record<string, unknown> {
  const { request } = job;
  const isDone = job.status !== 'InProgress';
  const common = {
    Completed: isDone,
    CompletionDate: job.completedAt === null ? null : new Date(job.completedAt).toISOString(),
    CreationDate: new Date(job.createdAt).toISOString(),
    JobDescription: request.description,
    JobId: job.id,
    JobOutputPath: isDone ? `${location(job.vault, 'jobs', job.id)}/output` : null,
    SNSTopic: request.snsTopic,
    StatusCode: job.status,
    StatusMessage: job.message,
    VaultARN: vaultArn(parts, job.vault),
  };
  if (request.type === 'archive-retrieval') {
    return {
      Action: 'ArchiveRetrieval',
      ArchiveId: request.archive,
      ArchiveSHA256TreeHash: request.archiveTreeHash,
      ArchiveSizeInBytes: request.archiveSize,
      ...common,
      InventoryRetrievalParameters: null,
      InventorySizeInBytes: null,
      RetrievalByteRange: `${request.start}-${request.end - 1}`,
      SHA256TreeHash: request.treeHash,
      Tier: request.tier,
    };
  }
  const { format, start, end, limit } = request.inventory;
  return {
    Action: 'InventoryRetrieval',
    ArchiveId: null,
    ArchiveSHA256TreeHash: null,
    ArchiveSizeInBytes: null,
    ...common,
    InventoryRetrievalParameters: {
      EndDate: end === undefined ? null : new Date(end).toISOString(),
      Format: format,
      Limit: limit === undefined ? null : String(limit),
      Marker: request.nextMarker,
      StartDate: start === undefined ? null : new Date(start).toISOString(),
    },
    InventorySizeInBytes: isDone ? request.size : null,
    RetrievalByteRange: null,
    SHA256TreeHash: null,
    Tier: null,
  };
}
