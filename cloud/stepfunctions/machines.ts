/** State machines: created, changed, described, listed, tagged, deleted. */
import { AwsError, notImplemented } from '../errors.ts';
import {
  booleanMember,
  numberMember,
  objectListMember,
  objectMember,
  stringListMember,
  stringMember,
  type JsonObject as Members,
} from '../wire/json.ts';
import type { Engine } from './engine.ts';
import {
  executionOfRequest,
  findMachine,
  machineOfRequest,
  requiredString,
  revisionOf,
  seconds,
  statesArn,
  type ExecutionRow,
  type MachineRow,
  type Sfn,
} from './state.ts';
import { parseDefinition } from './validate.ts';

const PAGE_SIZE_MAX = 1000;

/** CreateStateMachine: the same machine asked for again is no error, another one of that name is. */
export function createStateMachine(sfn: Sfn, input: Members): Members {
  const name = requiredString(input, 'name');
  if (!isName(name)) throw new AwsError('InvalidName', 400, `Invalid Name: '${name}'`);
  const definition = requiredString(input, 'definition');
  const roleArn = requiredString(input, 'roleArn');
  if (!/^arn:aws:iam::\d{12}:role\//.test(roleArn))
    throw new AwsError('InvalidArn', 400, `Invalid Role Arn: '${roleArn}'`);
  const type = stringMember(input, 'type') ?? 'STANDARD';
  if (type !== 'STANDARD') {
    throw new AwsError('StateMachineTypeNotSupported', 400, 'The embedded cloud runs STANDARD state machines only.');
  }
  refuseUncarried(input);
  parseDefinition(definition);

  const arn = statesArn(sfn, 'stateMachine', name);
  const existing = findMachine(sfn, arn);
  if (existing) {
    if (existing.definition !== definition || existing.role_arn !== roleArn) {
      throw new AwsError('StateMachineAlreadyExists', 400, `State Machine Already Exists: '${arn}'`);
    }
    return { stateMachineArn: arn, creationDate: seconds(existing.created_ms) };
  }
  const nowMs = sfn.parts.clock.now();
  sfn.db.transaction(() => {
    sfn.db
      .query('INSERT INTO sfn_machine (arn, name, revision, tags, created_ms) VALUES (?, ?, ?, ?, ?)')
      .run(arn, name, '', JSON.stringify(tagsOf(input)), nowMs);
    addRevision(sfn, arn, definition, roleArn);
  })();
  return { stateMachineArn: arn, creationDate: seconds(nowMs) };
}

/** UpdateStateMachine: running executions keep to the definition they were started with. */
export function updateStateMachine(sfn: Sfn, input: Members): Members {
  const machine = machineOfRequest(sfn, input);
  const definition = stringMember(input, 'definition');
  const roleArn = stringMember(input, 'roleArn');
  if (definition === undefined && roleArn === undefined) {
    throw new AwsError('MissingRequiredParameter', 400, 'Either the definition or the roleArn must be specified');
  }
  refuseUncarried(input);
  if (definition !== undefined) parseDefinition(definition);
  const next = { definition: definition ?? machine.definition, roleArn: roleArn ?? machine.role_arn };
  const same = next.definition === machine.definition && next.roleArn === machine.role_arn;
  const revisionId = same
    ? machine.revision
    : sfn.db.transaction(() => addRevision(sfn, machine.arn, next.definition, next.roleArn))();
  return { updateDate: seconds(sfn.parts.clock.now()), revisionId };
}

/** DescribeStateMachine. */
export function describeStateMachine(sfn: Sfn, input: Members): Members {
  const machine = machineOfRequest(sfn, input);
  return { ...description(machine), status: 'ACTIVE', type: 'STANDARD', creationDate: seconds(machine.created_ms) };
}

/** DescribeStateMachineForExecution: the definition an execution follows. */
export function describeStateMachineForExecution(sfn: Sfn, input: Members): Members {
  const execution = executionOfRequest(sfn, input);
  const machine = findMachine(sfn, execution.machine_arn);
  if (!machine)
    throw new AwsError('StateMachineDoesNotExist', 400, `State Machine Does Not Exist: '${execution.machine_arn}'`);
  const revision = revisionOf(sfn, execution);
  const followed = { ...machine, ...revision, revision: execution.revision };
  return { ...description(followed), updateDate: seconds(revision.created_ms) };
}

/** ListStateMachines, by age. */
export function listStateMachines(sfn: Sfn, input: Members): Members {
  const rows = sfn.db
    .query<MachineRow, []>('SELECT * FROM sfn_machine ORDER BY created_ms DESC, name')
    .all()
    .map((row) => ({
      stateMachineArn: row.arn,
      name: row.name,
      type: 'STANDARD',
      creationDate: seconds(row.created_ms),
    }));
  const { items, nextToken } = page(rows, input);
  return { stateMachines: items, ...(nextToken && { nextToken }) };
}

/** DeleteStateMachine: its executions end and go with it. A machine that is not there is no error. */
export function deleteStateMachine(sfn: Sfn, engine: Engine, input: Members): void {
  const arn = requiredString(input, 'stateMachineArn');
  const running = sfn.db
    .query<ExecutionRow, [string]>("SELECT * FROM sfn_execution WHERE machine_arn = ? AND status = 'RUNNING'")
    .all(arn);
  for (const execution of running) engine.forget(execution.arn);
  sfn.db.query('DELETE FROM sfn_machine WHERE arn = ?').run(arn);
}

/** TagResource. */
export function tagResource(sfn: Sfn, input: Members): void {
  const machine = taggedMachine(sfn, input);
  storeTags(sfn, machine, { ...parseTags(machine), ...tagsOf(input) });
}

/** UntagResource. */
export function untagResource(sfn: Sfn, input: Members): void {
  const machine = taggedMachine(sfn, input);
  const gone = stringListMember(input, 'tagKeys');
  const kept = Object.entries(parseTags(machine)).filter(([key]) => !gone.includes(key));
  storeTags(sfn, machine, Object.fromEntries(kept));
}

/** ListTagsForResource. */
export function listTagsForResource(sfn: Sfn, input: Members): Members {
  return { tags: Object.entries(parseTags(taggedMachine(sfn, input))).map(([key, value]) => ({ key, value })) };
}

/** The items after nextToken, at most maxResults, and the next token. */
export function page<T>(all: T[], input: Members): { items: T[]; nextToken: string | undefined } {
  const pageSize = Math.min(numberMember(input, 'maxResults') || PAGE_SIZE_MAX, PAGE_SIZE_MAX);
  const from = Number(stringMember(input, 'nextToken') ?? 0);
  if (!Number.isInteger(from) || from < 0) throw new AwsError('InvalidToken', 400, 'Invalid Token');
  const end = from + pageSize;
  return { items: all.slice(from, end), nextToken: end < all.length ? String(end) : undefined };
}

/** Names of machines and executions. */
export function isName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return name.length <= 80 && !/[\s<>{}[\]?*"#%\\^|~`$&,;:/\0-\x1f\x7f-\x9f]/.test(name);
}

function description(machine: MachineRow): Members {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    definition: machine.definition,
    roleArn: machine.role_arn,
    revisionId: machine.revision,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
  };
}

function addRevision(sfn: Sfn, machineArn: string, definition: string, roleArn: string): string {
  const id = crypto.randomUUID();
  sfn.db
    .query('INSERT INTO sfn_revision VALUES (?, ?, ?, ?, ?)')
    .run(id, machineArn, definition, roleArn, sfn.parts.clock.now());
  sfn.db.query('UPDATE sfn_machine SET revision = ? WHERE arn = ?').run(id, machineArn);
  return id;
}

/** What would change how a machine works and is not carried must not be ignored silently. */
function refuseUncarried(input: Members): void {
  if (booleanMember(input, 'publish') === true) throw notImplemented('Step Functions', 'versions (publish)');
  const level = objectMember(input, 'loggingConfiguration')?.['level'] ?? 'OFF';
  if (level !== 'OFF') throw notImplemented('Step Functions', 'logging (loggingConfiguration)');
  if (objectMember(input, 'tracingConfiguration')?.['enabled'] === true) {
    throw notImplemented('Step Functions', 'tracing (tracingConfiguration)');
  }
}

function taggedMachine(sfn: Sfn, input: Members): MachineRow {
  const arn = requiredString(input, 'resourceArn');
  const machine = findMachine(sfn, arn);
  if (!machine) throw new AwsError('ResourceNotFound', 400, `Resource not found: '${arn}'`);
  return machine;
}

function tagsOf(input: Members): Record<string, string> {
  return Object.fromEntries(objectListMember(input, 'tags').map((tag) => [String(tag['key']), String(tag['value'])]));
}

function parseTags(machine: MachineRow): Record<string, string> {
  return JSON.parse(machine.tags) as Record<string, string>;
}

function storeTags(sfn: Sfn, machine: MachineRow, tags: Record<string, string>): void {
  sfn.db.query('UPDATE sfn_machine SET tags = ? WHERE arn = ?').run(JSON.stringify(tags), machine.arn);
}
