/** Executions: started (once by name), described, listed, stopped. */
import { AwsError } from '../errors.ts';
import { stringMember, type JsonObject as Members } from '../wire/json.ts';
import type { Engine } from './engine.ts';
import { StatesError } from './failure.ts';
import { isName, page } from './machines.ts';
import { executionOfRequest, findExecution, machineOfRequest, seconds, statesArn } from './state.ts';
import type { ExecutionRow, Sfn } from './state.ts';

const INPUT_SIZE_MAX = 262_144;
/** A name may be used again, and a history is kept, for 90 days after the end. */
const KEPT_MS = 90 * 24 * 3600 * 1000;

/**
 * StartExecution. The same name and input while that execution is running is the same execution; otherwise a used name
 * is ExecutionAlreadyExists.
 */
export function startExecution(sfn: Sfn, engine: Engine, input: Members): Members {
  const machine = machineOfRequest(sfn, input);
  const name = stringMember(input, 'name') ?? crypto.randomUUID();
  if (!isName(name)) throw new AwsError('InvalidName', 400, `Invalid Name: '${name}'`);
  const text = stringMember(input, 'input') ?? '{}';
  checkInput(text);
  const nowMs = sfn.parts.clock.now();
  sfn.db.query('DELETE FROM sfn_execution WHERE stop_ms < ?').run(nowMs - KEPT_MS);

  const arn = statesArn(sfn, 'execution', machine.name, name);
  const existing = findExecution(sfn, arn);
  if (existing) {
    if (existing.status !== 'RUNNING' || existing.input !== text) {
      throw new AwsError('ExecutionAlreadyExists', 400, `Execution Already Exists: '${arn}'`);
    }
    return { executionArn: arn, startDate: seconds(existing.start_ms) };
  }
  sfn.db
    .query(
      `INSERT INTO sfn_execution (arn, machine_arn, revision, name, status, input, start_ms)
       VALUES (?, ?, ?, ?, 'RUNNING', ?, ?)`,
    )
    .run(arn, machine.arn, machine.revision, name, text, nowMs);
  const execution = findExecution(sfn, arn);
  if (execution) engine.run(execution);
  return { executionArn: arn, startDate: seconds(nowMs) };
}

/** DescribeExecution. */
export function describeExecution(sfn: Sfn, input: Members): Members {
  const execution = executionOfRequest(sfn, input);
  return {
    ...summary(execution),
    input: execution.input,
    inputDetails: { included: true },
    ...(execution.output !== null && { output: execution.output, outputDetails: { included: true } }),
    ...(execution.error !== null && { error: execution.error }),
    ...(execution.cause !== null && { cause: execution.cause }),
  };
}

/** ListExecutions, the newest first. */
export function listExecutions(sfn: Sfn, input: Members): Members {
  const machine = machineOfRequest(sfn, input);
  const status = stringMember(input, 'statusFilter');
  const rows = sfn.db
    .query<ExecutionRow, [string, string | null]>(
      `SELECT * FROM sfn_execution WHERE machine_arn = ?1 AND (?2 IS NULL OR status = ?2)
       ORDER BY start_ms DESC, rowid DESC`,
    )
    .all(machine.arn, status ?? null);
  const { items, nextToken } = page(rows, input);
  return { executions: items.map(summary), ...(nextToken && { nextToken }) };
}

/** StopExecution. One that has ended already stays as it ended. */
export function stopExecution(sfn: Sfn, engine: Engine, input: Members): Members {
  const execution = executionOfRequest(sfn, input);
  const failure = new StatesError(stringMember(input, 'error'), stringMember(input, 'cause'));
  const stopped = engine.end(execution, { status: 'ABORTED', failure });
  return { stopDate: seconds(stopped ? sfn.parts.clock.now() : (execution.stop_ms ?? 0)) };
}

function summary(execution: ExecutionRow): Members {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machine_arn,
    name: execution.name,
    status: execution.status,
    startDate: seconds(execution.start_ms),
    ...(execution.stop_ms !== null && { stopDate: seconds(execution.stop_ms) }),
    redriveCount: 0,
  };
}

function checkInput(text: string): void {
  if (Buffer.byteLength(text) > INPUT_SIZE_MAX) {
    throw new AwsError('InvalidExecutionInput', 400, `The input is larger than ${INPUT_SIZE_MAX} bytes.`);
  }
  try {
    JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not JSON';
    throw new AwsError('InvalidExecutionInput', 400, `Invalid State Machine Execution Input: '${reason}'`);
  }
}
