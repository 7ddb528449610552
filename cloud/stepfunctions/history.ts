/** The history of an execution: events, each with the one before it in its thread. */
import type { Database } from 'bun:sqlite';
import { AwsError } from '../errors.ts';
import { booleanMember, numberMember, stringMember, type JsonObject as Members } from '../wire/json.ts';
import type { JsonObject } from './definition.ts';
import { runtimeFailure } from './failure.ts';
import { executionOfRequest, seconds, type Sfn } from './state.ts';

/** Quota of a standard workflow; it also ends loops that never wait. */
const EVENTS_MAX = 25_000;
const PAGE_SIZE_MAX = 1000;

/** Adds an event; answers its id. Throws States.Runtime when the history is full, unless the event ends it. */
export function record(
  db: Database,
  event: { executionArn: string; previousId: number; type: string; atMs: number; details: JsonObject },
): number {
  const last = db
    .query<{ id: number | null }, [string]>('SELECT max(id) AS id FROM sfn_event WHERE execution_arn = ?')
    .get(event.executionArn);
  const id = (last?.id ?? 0) + 1;
  if (id > EVENTS_MAX && !event.type.startsWith('Execution')) {
    throw runtimeFailure(`The execution reached the maximum number of history events (${EVENTS_MAX}).`);
  }
  db.query('INSERT INTO sfn_event VALUES (?, ?, ?, ?, ?, ?)').run(
    event.executionArn,
    id,
    event.previousId,
    event.type,
    event.atMs,
    JSON.stringify(event.details),
  );
  return id;
}

/** GetExecutionHistory. */
export function getExecutionHistory(sfn: Sfn, input: Members): Members {
  const execution = executionOfRequest(sfn, input);
  const pageSize = numberMember(input, 'maxResults') || PAGE_SIZE_MAX;
  const reverse = booleanMember(input, 'reverseOrder') ?? false;
  const after = Number(stringMember(input, 'nextToken') ?? (reverse ? Number.MAX_SAFE_INTEGER : 0));
  if (Number.isNaN(after)) throw new AwsError('InvalidToken', 400, 'Invalid Token');
  const rows = sfn.db
    .query<EventRow, [string, number, number]>(
      `SELECT * FROM sfn_event WHERE execution_arn = ? AND id ${reverse ? '<' : '>'} ?
       ORDER BY id ${reverse ? 'DESC' : 'ASC'} LIMIT ?`,
    )
    .all(execution.arn, after, Math.min(pageSize, PAGE_SIZE_MAX) + 1);
  const events = rows.slice(0, Math.min(pageSize, PAGE_SIZE_MAX));
  return {
    events: events.map((row) => ({
      id: row.id,
      previousEventId: row.previous_id,
      timestamp: seconds(row.at_ms),
      type: row.type,
      ...(JSON.parse(row.details) as JsonObject),
    })),
    ...(rows.length > events.length && { nextToken: String(events.at(-1)?.id) }),
  };
}

interface EventRow {
  id: number;
  previous_id: number;
  type: string;
  at_ms: number;
  details: string;
}
