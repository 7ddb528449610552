/**
 * What Step Functions keeps: machines, every revision an execution still follows, executions, and for each running
 * execution its threads, each one row that says in which state it is and how far.
 */
import type { Database } from 'bun:sqlite';
import { AwsError } from '../errors.ts';
import { ACCOUNT_ID, type Parts } from '../service.ts';
import { stringMember, type JsonObject as Members } from '../wire/json.ts';
import type { JsonObject } from './definition.ts';
import type { Json } from './failure.ts';

/** Everything an operation needs. */
export interface Sfn {
  parts: Parts;
  db: Database;
}

export interface MachineRow {
  arn: string;
  name: string;
  /** The current one. */
  revision: string;
  definition: string;
  role_arn: string;
  tags: string;
  created_ms: number;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface ExecutionRow {
  arn: string;
  machine_arn: string;
  revision: string;
  name: string;
  status: ExecutionStatus;
  /** JSON, as it was sent. */
  input: string;
  output: string | null;
  error: string | null;
  cause: string | null;
  start_ms: number;
  stop_ms: number | null;
}

/** One thread of an execution: the execution itself, a branch of a Parallel, an iteration of a Map. */
export interface Thread {
  executionArn: string;
  /** Empty for the execution itself; below that the number of each branch or iteration on the way, `/0/2`. */
  path: string;
  /** The state it is in, and what it found there. */
  state: string;
  input: Json;
  variables: JsonObject;
  enteredMs: number;
  /** End of the Wait or of the pause before a retry, once that has begun. */
  wakeMs: number | null;
  /** How often each Retry entry of the state has been used. */
  retries: number[];
  /** What the state's work answered, kept before it is processed, so that it is not done again. */
  result: { value: Json } | null;
  /** How many threads the state was divided into, once it has been. */
  forks: number | null;
  /** The item of a Map it works on. */
  item: { Index: number; Value: Json } | null;
  /** Its last event in the history. */
  lastEvent: number;
  /** Its output, once it has ended. */
  end: { output: Json } | null;
}

/** Makes the tables, once. */
export function createTables(db: Database): void {
  db.run(`CREATE TABLE IF NOT EXISTS sfn_machine (
    arn TEXT PRIMARY KEY, name TEXT NOT NULL, revision TEXT NOT NULL, tags TEXT NOT NULL,
    created_ms INTEGER NOT NULL) STRICT`);
  db.run(`CREATE TABLE IF NOT EXISTS sfn_revision (
    id TEXT PRIMARY KEY, machine_arn TEXT NOT NULL REFERENCES sfn_machine (arn) ON DELETE CASCADE,
    definition TEXT NOT NULL, role_arn TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT`);
  db.run('CREATE INDEX IF NOT EXISTS sfn_revision_machine ON sfn_revision (machine_arn)');
  db.run(`CREATE TABLE IF NOT EXISTS sfn_execution (
    arn TEXT PRIMARY KEY, machine_arn TEXT NOT NULL REFERENCES sfn_machine (arn) ON DELETE CASCADE,
    revision TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, input TEXT NOT NULL,
    output TEXT, error TEXT, cause TEXT, start_ms INTEGER NOT NULL, stop_ms INTEGER) STRICT`);
  db.run('CREATE INDEX IF NOT EXISTS sfn_execution_machine ON sfn_execution (machine_arn, start_ms)');
  db.run("CREATE INDEX IF NOT EXISTS sfn_execution_running ON sfn_execution (arn) WHERE status = 'RUNNING'");
  db.run('CREATE INDEX IF NOT EXISTS sfn_execution_stop ON sfn_execution (stop_ms) WHERE stop_ms IS NOT NULL');
  db.run(`CREATE TABLE IF NOT EXISTS sfn_thread (
    execution_arn TEXT NOT NULL REFERENCES sfn_execution (arn) ON DELETE CASCADE,
    path TEXT NOT NULL, thread TEXT NOT NULL, PRIMARY KEY (execution_arn, path)) STRICT, WITHOUT ROWID`);
  db.run(`CREATE TABLE IF NOT EXISTS sfn_event (
    execution_arn TEXT NOT NULL REFERENCES sfn_execution (arn) ON DELETE CASCADE,
    id INTEGER NOT NULL, previous_id INTEGER NOT NULL, type TEXT NOT NULL, at_ms INTEGER NOT NULL,
    details TEXT NOT NULL, PRIMARY KEY (execution_arn, id)) STRICT, WITHOUT ROWID`);
}

/** The machine a request names. Throws InvalidArn, StateMachineDoesNotExist. */
export function machineOfRequest(sfn: Sfn, input: Members): MachineRow {
  const arn = requiredString(input, 'stateMachineArn');
  if (!/^arn:aws:states:[\w-]+:\d{12}:stateMachine:[^:]+$/.test(arn)) throw invalidArn(arn);
  const machine = findMachine(sfn, arn);
  if (!machine) throw new AwsError('StateMachineDoesNotExist', 400, `State Machine Does Not Exist: '${arn}'`);
  return machine;
}

/** The machine with that ARN and its current revision, if there is one. */
export function findMachine(sfn: Sfn, arn: string): MachineRow | undefined {
  const row = sfn.db
    .query<MachineRow, [string]>(
      `SELECT m.*, r.definition, r.role_arn FROM sfn_machine m JOIN sfn_revision r ON r.id = m.revision WHERE m.arn = ?`,
    )
    .get(arn);
  return row ?? undefined;
}

/** The execution a request names. Throws InvalidArn, ExecutionDoesNotExist. */
export function executionOfRequest(sfn: Sfn, input: Members): ExecutionRow {
  const arn = requiredString(input, 'executionArn');
  if (!/^arn:aws:states:[\w-]+:\d{12}:execution:[^:]+:[^:]+$/.test(arn)) throw invalidArn(arn);
  const execution = findExecution(sfn, arn);
  if (!execution) throw new AwsError('ExecutionDoesNotExist', 400, `Execution Does Not Exist: '${arn}'`);
  return execution;
}

/** The execution with that ARN, if there is one. */
export function findExecution(sfn: Sfn, arn: string): ExecutionRow | undefined {
  return sfn.db.query<ExecutionRow, [string]>('SELECT * FROM sfn_execution WHERE arn = ?').get(arn) ?? undefined;
}

/** What a machine was when an execution of it began, and what that execution follows. */
export interface RevisionRow {
  definition: string;
  role_arn: string;
  created_ms: number;
}

/** The revision an execution follows, whatever the machine has become since. */
export function revisionOf(sfn: Sfn, execution: ExecutionRow): RevisionRow {
  const row = sfn.db.query<RevisionRow, [string]>('SELECT * FROM sfn_revision WHERE id = ?').get(execution.revision);
  if (!row) throw new Error(`The revision of ${execution.arn} is missing.`);
  return row;
}

/** Stores a thread as it is now. */
export function saveThread(db: Database, thread: Thread): void {
  db.query('INSERT OR REPLACE INTO sfn_thread (execution_arn, path, thread) VALUES (?, ?, ?)').run(
    thread.executionArn,
    thread.path,
    JSON.stringify(thread),
  );
}

/** A thread, if it exists. */
export function findThread(db: Database, executionArn: string, path: string): Thread | undefined {
  const row = db
    .query<{ thread: string }, [string, string]>('SELECT thread FROM sfn_thread WHERE execution_arn = ? AND path = ?')
    .get(executionArn, path);
  return row ? (JSON.parse(row.thread) as Thread) : undefined;
}

/** Forgets the threads below one. */
export function deleteThreadsBelow(db: Database, { executionArn, path }: Thread): void {
  // "0" is the character after "/": every path that starts with `path` and a slash lies between the two.
  db.query('DELETE FROM sfn_thread WHERE execution_arn = ? AND path >= ? AND path < ?').run(
    executionArn,
    `${path}/`,
    `${path}0`,
  );
}

/** `arn:aws:states:…` */
export function statesArn(sfn: Sfn, ...name: string[]): string {
  return `arn:aws:states:${sfn.parts.region}:${ACCOUNT_ID}:${name.join(':')}`;
}

/** Throws ValidationException when a member is absent or empty. */
export function requiredString(input: Members, name: string): string {
  const value = stringMember(input, name);
  if (value) return value;
  const message = `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must not be null`;
  throw new AwsError('ValidationException', 400, message);
}

/** Times on the wire are seconds. */
export function seconds(ms: number): number {
  return ms / 1000;
}

function invalidArn(arn: string): AwsError {
  return new AwsError('InvalidArn', 400, `Invalid Arn: '${arn}'`);
}
