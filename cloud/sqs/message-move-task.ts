/**
 * StartMessageMoveTask, ListMessageMoveTasks, CancelMessageMoveTask: dead letters go back to where they came from. A task
 * is a row and moves a batch each second (or batch after batch, when no rate was asked for), so it goes on after a restart.
 */
import { AwsError } from '../errors.ts';
import { stringMember, type JsonObject } from '../wire/json.ts';
import { deadLetterSources } from './attributes.ts';
import { invalidValue, optionalInteger, requiredString } from './input.ts';
import { dropExpired, visibleMessages } from './receive-message.ts';
import { queueByArn, type MessageRow, type Queue, type Sqs } from './state.ts';

const PER_SECOND_MAX = 500;
const RESULTS_MAX = 10;

interface TaskRow {
  id: string;
  source_arn: string;
  destination_arn: string | null;
  per_second: number | null;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  moved: number;
  to_move: number;
  started_ms: number;
  next_ms: number;
  failure: string | null;
}

/** Starts to move all visible messages of a dead-letter queue to DestinationArn, or back to where each came from. */
export function startMessageMoveTask(sqs: Sqs, input: JsonObject): JsonObject {
  const sourceArn = requiredString(input, 'SourceArn');
  const destinationArn = stringMember(input, 'DestinationArn');
  const perSecond = optionalInteger(input, 'MaxNumberOfMessagesPerSecond', 1, PER_SECOND_MAX);
  const source = taskQueue(sqs, sourceArn);
  if (destinationArn !== undefined) taskQueue(sqs, destinationArn);
  if (deadLetterSources(sqs, sourceArn).length === 0) {
    throw invalidValue(sourceArn, 'SourceArn', 'Source queue must be configured as a Dead Letter Queue.');
  }
  if (tasksOf(sqs, sourceArn).some((task) => task.status === 'RUNNING')) {
    const message =
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.';
    throw new AwsError('UnsupportedOperation', 400, message);
  }
  const id = crypto.randomUUID();
  dropExpired(sqs, source);
  sqs.db
    .query(
      `INSERT INTO sqs_move_task
       SELECT ?1, ?2, ?3, ?4, 'RUNNING', 0, count(*), ?5, ?5, NULL FROM sqs_message WHERE queue = ?6 AND visible_ms <= ?5`,
    )
    .run(id, sourceArn, destinationArn ?? null, perSecond ?? null, sqs.parts.clock.now(), source.name);
  return { TaskHandle: taskHandle(id, sourceArn) };
}

/** The newest tasks of a dead-letter queue first. */
export function listMessageMoveTasks(sqs: Sqs, input: JsonObject): JsonObject {
  const sourceArn = requiredString(input, 'SourceArn');
  taskQueue(sqs, sourceArn);
  const countMax = optionalInteger(input, 'MaxResults', 1, RESULTS_MAX) ?? 1;
  const Results = tasksOf(sqs, sourceArn)
    .slice(0, countMax)
    .map((task) => ({
      ...(task.status === 'RUNNING' && { TaskHandle: taskHandle(task.id, sourceArn) }),
      Status: task.status,
      SourceArn: sourceArn,
      ...(task.destination_arn !== null && { DestinationArn: task.destination_arn }),
      ...(task.per_second !== null && { MaxNumberOfMessagesPerSecond: task.per_second }),
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.to_move,
      ...(task.failure !== null && { FailureReason: task.failure }),
      StartedTimestamp: task.started_ms,
    }));
  return { Results };
}

/** Messages already moved stay moved. */
export function cancelMessageMoveTask(sqs: Sqs, input: JsonObject): JsonObject {
  const handle = requiredString(input, 'TaskHandle');
  const id = /^\{"taskId":"([^"]+)"/.exec(Buffer.from(handle, 'base64').toString())?.[1];
  const task = id === undefined ? undefined : taskById(sqs, id);
  if (!task) throw new AwsError('ResourceNotFoundException', 404, 'Task does not exist.');
  if (task.status !== 'RUNNING') {
    throw new AwsError('UnsupportedOperation', 400, `The task is ${task.status} and cannot be cancelled.`);
  }
  setStatus(sqs, task.id, 'CANCELLED', null);
  return { ApproximateNumberOfMessagesMoved: task.moved };
}

/** Runs the tasks that are due, and those of the future when their time comes. */
export function moveTaskRunner(sqs: Sqs): { run(): void; stop(): void } {
  let cancelAlarm = () => {};
  const run = () => {
    cancelAlarm();
    const nowMs = sqs.parts.clock.now();
    for (const task of runningTasks(sqs)) if (task.next_ms <= nowMs) moveBatch(sqs, task);
    const nextMs = runningTasks(sqs)[0]?.next_ms;
    if (nextMs !== undefined) cancelAlarm = sqs.parts.clock.at(nextMs, run);
  };
  return { run, stop: () => cancelAlarm() };
}

/** Moves one batch, in one transaction with the task's own progress. */
function moveBatch(sqs: Sqs, task: TaskRow): void {
  sqs.db.transaction(() => {
    try {
      const source = queueByArn(sqs, task.source_arn);
      const fixed = task.destination_arn === null ? undefined : queueByArn(sqs, task.destination_arn);
      const messages = visibleMessages(sqs, source.name, task.per_second ?? PER_SECOND_MAX);
      for (const message of messages) {
        const destinationArn = message.dead_letter_source;
        if (!fixed && destinationArn === null)
          return setStatus(sqs, task.id, 'FAILED', 'CouldNotDetermineMessageSource');
        moveBack(sqs, message, fixed ?? queueByArn(sqs, destinationArn ?? ''));
        sqs.db.query('UPDATE sqs_move_task SET moved = moved + 1 WHERE id = ?').run(task.id);
      }
      if (visibleMessages(sqs, source.name, 1).length === 0) return setStatus(sqs, task.id, 'COMPLETED', null);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return setStatus(sqs, task.id, 'FAILED', 'AWS.SimpleQueueService.NonExistentQueue');
    }
    const nextMs = sqs.parts.clock.now() + (task.per_second === null ? 0 : 1000);
    sqs.db.query('UPDATE sqs_move_task SET next_ms = ? WHERE id = ?').run(nextMs, task.id);
  })();
}

/** A message moved back counts as new: another id, another age (API reference of StartMessageMoveTask). */
function moveBack(sqs: Sqs, message: MessageRow, destination: Queue): void {
  const nowMs = sqs.parts.clock.now();
  sqs.db
    .query(
      `UPDATE sqs_message SET queue = ?, message_id = ?, sent_ms = ?, visible_ms = ?, receive_count = 0,
         arrival_count = 0, first_receive_ms = NULL, last_receive_ms = NULL, dead_letter_source = NULL WHERE id = ?`,
    )
    .run(destination.name, crypto.randomUUID(), nowMs, nowMs, message.id);
  sqs.arrivals.announce(destination.name);
}

function tasksOf(sqs: Sqs, sourceArn: string): TaskRow[] {
  return sqs.db
    .query<TaskRow, [string]>('SELECT * FROM sqs_move_task WHERE source_arn = ? ORDER BY started_ms DESC, rowid DESC')
    .all(sourceArn);
}

function runningTasks(sqs: Sqs): TaskRow[] {
  return sqs.db.query<TaskRow, []>("SELECT * FROM sqs_move_task WHERE status = 'RUNNING' ORDER BY next_ms").all();
}

function taskById(sqs: Sqs, id: string): TaskRow | undefined {
  return sqs.db.query<TaskRow, [string]>('SELECT * FROM sqs_move_task WHERE id = ?').get(id) ?? undefined;
}

function setStatus(sqs: Sqs, id: string, status: TaskRow['status'], failure: string | null): void {
  sqs.db.query('UPDATE sqs_move_task SET status = ?, failure = ? WHERE id = ?').run(status, failure, id);
}

function taskHandle(taskId: string, sourceArn: string): string {
  return Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64');
}

function taskQueue(sqs: Sqs, arn: string): Queue {
  try {
    return queueByArn(sqs, arn);
  } catch {
    const message = 'The resource that you specified for the SourceArn or DestinationArn parameter does not exist.';
    throw new AwsError('ResourceNotFoundException', 404, message);
  }
}
