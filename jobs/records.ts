/**
 * Jobs in DynamoDB: find, list, and move. A move is one conditional write made from the table of moves
 * (`lifecycle.ts`): it states the state it expects and, where it matters, the lease or attempt it belongs to.
 */
import {
  countItems,
  getItem,
  NotAsExpected,
  queryAll,
  queryItems,
  updateItem,
  type Condition,
  type Conditions,
  type Item,
  type Update,
  type Write,
} from '../aws/table.ts';
import { UserError } from './errors.ts';
import type { Gas } from './gas.ts';
import type { Job, User } from './job.ts';
import { moves, type Move, type MoveName } from './lifecycle.ts';

export interface MoveDetails {
  set?: Partial<Job>;
  remove?: readonly (keyof Job)[];
  /** Further conditions; a list passes when one of them does. */
  expect?: Conditions;
}

/** The job, or null. Consistent. */
export async function getJob(gas: Gas, jobId: string): Promise<Job | null> {
  const job = await getItem<Job>(gas.aws, tableName(gas), { job_id: jobId });
  return job?.user_id ? job : null;
}

/** The job of this user. @throws UserError NOT_FOUND, also for another user's job: ids are not to be guessed */
export async function findJob(gas: Gas, user: User, jobId: string): Promise<Job> {
  const job = await getJob(gas, jobId);
  if (!job || job.user_id !== user.user_id || job.archive_status === 'DELETING') {
    throw new UserError('NOT_FOUND', 'There is no such annotation. It may have been deleted.');
  }
  return job;
}

/** A user's jobs, newest first, a page at a time. */
export async function listJobs(
  gas: Gas,
  user: User,
  { cursor, limit = 50 }: { cursor?: string; limit?: number } = {},
): Promise<{ jobs: Job[]; cursor?: string }> {
  const page = await queryItems<Job>(gas.aws, {
    table: tableName(gas),
    index: 'user_id_index',
    hash: ['user_id', user.user_id],
    descending: true,
    limit,
    ...(cursor ? { cursor } : {}),
  });
  const jobs = page.items.filter((job) => job.archive_status !== 'DELETING');
  return { jobs, ...(page.cursor ? { cursor: page.cursor } : {}) };
}

/** Every job of a user, oldest first; each read again by key, since an index may lag behind. */
export async function* jobsOfUser(gas: Gas, userId: string): AsyncGenerator<Job> {
  const query = { table: tableName(gas), index: 'user_id_index', hash: ['user_id', userId] as const };
  for await (const { job_id } of queryAll<Job>(gas.aws, query)) {
    const job = await getJob(gas, job_id);
    if (job) yield job;
  }
}

/** Every job that waits for `attention`, oldest first. */
export function jobsNeeding(gas: Gas, attention: string): AsyncGenerator<Job> {
  return queryAll<Job>(gas.aws, {
    table: tableName(gas),
    index: 'attention_index',
    hash: ['attention', attention],
  });
}

/** How many jobs wait for `attention`, up to `countMax`, and since when the oldest was submitted. */
export async function countNeeding(
  gas: Gas,
  attention: string,
  countMax: number,
): Promise<{ count: number; oldestTime?: string }> {
  const query = { table: tableName(gas), index: 'attention_index', hash: ['attention', attention] as const };
  const count = await countItems(gas.aws, { ...query, countMax });
  if (count === 0) return { count };
  const { items } = await queryItems<Job>(gas.aws, { ...query, limit: 1 });
  return { count, ...(items[0] ? { oldestTime: items[0].submit_time } : {}) };
}

/** Its place among those waiting, from 1, and how many those are, up to a limit; null when it is not waiting. */
export async function queuePlace(
  gas: Gas,
  job: Job,
): Promise<{ place: number; waiting: number; more: boolean } | null> {
  if (job.job_status !== 'PENDING') return null;
  // Oldest first: a place further back is told as such, and a page that polls does not read ten thousand jobs.
  const { items, cursor } = await queryItems<Job>(gas.aws, {
    table: tableName(gas),
    index: 'attention_index',
    hash: ['attention', 'PENDING'],
    limit: QUEUE_LOOK_MAX,
  });
  const place = 1 + items.filter(({ submit_time }) => submit_time < job.submit_time).length;
  return { place, waiting: Math.max(items.length, place), more: cursor !== undefined };
}

/** How far into the queue a look for a place goes. */
const QUEUE_LOOK_MAX = 500;

/** Moves a job, if it is still as the move and `expect` say. Answers it as it is then. @throws NotAsExpected */
export async function move(gas: Gas, jobId: string, name: MoveName, details: MoveDetails = {}): Promise<Job> {
  const { update, expect } = moveParts(name, details);
  return updateItem<Job>(gas.aws, tableName(gas), { job_id: jobId }, update, expect);
}

/** Moves a job unless it is elsewhere already; null then. */
export async function moveIfStill(
  gas: Gas,
  jobId: string,
  name: MoveName,
  details: MoveDetails = {},
): Promise<Job | null> {
  try {
    return await move(gas, jobId, name, details);
  } catch (error) {
    if (error instanceof NotAsExpected) return null;
    throw error;
  }
}

/** The same move as part of a transaction. */
export function moveWrite(gas: Gas, jobId: string, name: MoveName, details: MoveDetails = {}): Write {
  const { update, expect } = moveParts(name, details);
  return { do: 'update', table: tableName(gas), key: { job_id: jobId }, ...update, expect };
}

/** Changes fields that are no status, e.g. progress. @throws NotAsExpected */
export async function note(gas: Gas, jobId: string, set: Partial<Job>, expect: Condition): Promise<void> {
  await updateItem(gas.aws, tableName(gas), { job_id: jobId }, { set: set as Item }, expect);
}

function moveParts(name: MoveName, { set = {}, remove = [], expect = {} }: MoveDetails) {
  const { status, archive, to }: Move = moves[name];
  const update: Update = {
    set: {
      ...set,
      ...(to.status ? { job_status: to.status } : {}),
      ...(to.archive ? { archive_status: to.archive } : {}),
      ...(to.attention ? { attention: to.attention } : {}),
    },
    remove: [...remove, ...(to.attention === null ? ['attention'] : [])],
    add: { version: 1 },
  };
  const places = archive.filter((one) => one !== 'none');
  const starts: Condition[] = [];
  const from = { job_status: { is: 'one of', values: status } } as const;
  if (archive.includes('none')) starts.push({ ...from, archive_status: { is: 'absent' } });
  if (places.length > 0) starts.push({ ...from, archive_status: { is: 'one of', values: places } });
  const further = (Array.isArray(expect) ? expect : [expect]) as readonly Condition[];
  return { update, expect: starts.flatMap((start) => further.map((more) => ({ ...start, ...more }))) };
}

function tableName(gas: Gas): string {
  return gas.config.topology.tables.annotations.name;
}
