/** Executions outlive the cloud: restarts with a turned clock, and kill -9 of a cloud in a process of its own. */
import { SFN } from '@aws-sdk/client-sfn';
import { SQS } from '@aws-sdk/client-sqs';
import { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestClock } from '../../../cloud/clock.ts';
import { expect, test } from 'bun:test';
import { startTestCloud } from '../../support/cloud.ts';
import { machine, Machines, roleArn } from './support.ts';

/** Waits, divides, waits in the parts, joins, and sends one message for each part and one at the end. */
const busy = (url: string, seconds: number) => {
  const send = (body: string) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage',
    Parameters: { QueueUrl: url, 'MessageBody.$': body },
    ResultPath: null,
  });
  const part = {
    StartAt: 'Pause',
    States: {
      Pause: { Type: 'Wait', Seconds: seconds, Next: 'Tell' },
      Tell: { ...send("States.Format('{} part {}', $$.Execution.Name, $)"), End: true },
    },
  };
  return machine({
    Wait: { Type: 'Wait', Seconds: seconds, Next: 'Divide' },
    Divide: { Type: 'Map', ItemsPath: '$.parts', ItemProcessor: part, ResultPath: '$.parts', Next: 'End' },
    End: { ...send("States.Format('{} end', $$.Execution.Name)"), End: true },
  });
};

async function drain(sqs: SQS, QueueUrl: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 });
    if (Messages.length === 0) return bodies.sort();
    bodies.push(...Messages.map((message) => message.Body ?? ''));
  }
}

const expected = (names: string[]) =>
  names.flatMap((name) => [`${name} part a`, `${name} part b`, `${name} end`]).sort();

test('waits, branches and their variables go on where they were after each restart', async () => {
  const clock = new TestClock();
  const cloud = await startTestCloud({ clock });
  const machines = new Machines(cloud);
  const sqs = new SQS(cloud.client);
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: 'q' });
  const arn = await machines.create(busy(QueueUrl, 60));
  const executions = await Promise.all(['x', 'y'].map((name) => machines.start(arn, { parts: ['a', 'b'] }, name)));
  const running = async () => {
    const { executions = [] } = await machines.sfn.listExecutions({ stateMachineArn: arn, statusFilter: 'RUNNING' });
    return executions.length;
  };
  for (let i = 0; i < 20 && (await running()) > 0; i++) {
    await Bun.sleep(20);
    await cloud.restart();
    await clock.advance(30_000);
  }
  for (const execution of executions) {
    expect(await machines.ended(execution)).toEqual({ status: 'SUCCEEDED', output: { parts: ['a', 'b'] } });
  }
  expect(await drain(sqs, QueueUrl)).toEqual(expected(['x', 'y']));
  expect(cloud.faults).toEqual([]);
  await cloud.stop();
});

test('a wait whose end passed while the cloud was down ends at its start', async () => {
  const clock = new TestClock();
  const cloud = await startTestCloud({ clock });
  const machines = new Machines(cloud);
  const execution = await machines.start(
    await machines.create(machine({ W: { Type: 'Wait', Seconds: 60, End: true } })),
  );
  const restarted = cloud.restart();
  await clock.advance(3_600_000);
  await restarted;
  expect((await machines.ended(execution)).status).toBe('SUCCEEDED');
  await cloud.stop();
});

/** Reads, and changes, what a cloud has written down about an execution's place. */
function rowOf(dataDir: string, execution: string) {
  const open = () => new Database(join(dataDir, 'cloud.sqlite'));
  return {
    read(): Record<string, unknown> {
      using db = open();
      const row = db
        .query<{ thread: string }, [string]>('SELECT thread FROM sfn_thread WHERE execution_arn = ?')
        .get(execution);
      return JSON.parse(row?.thread ?? '{}') as Record<string, unknown>;
    },
    write(changes: object): void {
      const thread = JSON.stringify({ ...this.read(), ...changes });
      using db = open();
      db.query('UPDATE sfn_thread SET thread = ? WHERE execution_arn = ?').run(thread, execution);
    },
  };
}

test('a time that was computed once is not computed again after a restart', async () => {
  const clock = new TestClock();
  const cloud = await startTestCloud({ clock });
  const machines = new Machines(cloud);
  const wait = { Type: 'Wait', Timestamp: '{% $fromMillis($millis() + 60000) %}', End: true };
  const execution = await machines.start(await machines.create(machine({ W: wait }, { QueryLanguage: 'JSONata' })));
  const row = rowOf(cloud.dataDir, execution);
  while (row.read()['wakeMs'] === null) await Bun.sleep(5);
  await clock.advance(30_000);
  await cloud.restart();
  await Bun.sleep(20);
  await clock.advance(30_000);
  expect((await machines.ended(execution)).status).toBe('SUCCEEDED');
  await cloud.stop();
});

test('a task killed after its answer was kept is not done again', async () => {
  const calls: unknown[] = [];
  const cloud = await startTestCloud({
    clock: new TestClock(),
    functions: { work: async (event) => calls.push(event) },
  });
  const machines = new Machines(cloud);
  const states = {
    Before: { Type: 'Wait', Seconds: 60, Next: 'Work' },
    Work: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:work', End: true },
  };
  const execution = await machines.start(await machines.create(machine(states)));
  // As the row is between the two commits of a task, where a kill is too rare to be waited for.
  rowOf(cloud.dataDir, execution).write({ state: 'Work', wakeMs: null, result: { value: 'kept' } });
  await cloud.restart();
  expect(await machines.ended(execution)).toEqual({ status: 'SUCCEEDED', output: 'kept' });
  expect(calls).toEqual([]);
  await cloud.stop();
});

test('kill -9 again and again loses no execution and sends no message twice', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gas-killed-'));
  const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test-secret' };
  const server = join(import.meta.dir, '../../../cloud/server.ts');
  const start = async (port: number) => {
    const options = { dataDir, port, credentials: { [credentials.accessKeyId]: credentials.secretAccessKey } };
    const program = `const { startCloud } = await import(${JSON.stringify(server)});
      console.log((await startCloud(${JSON.stringify(options)})).port);`;
    const child = Bun.spawn([process.execPath, '-e', program], { stdout: 'pipe', stderr: 'inherit' });
    for await (const line of child.stdout.pipeThrough(new TextDecoderStream())) return { child, port: Number(line) };
    throw new Error('The cloud did not start.');
  };
  let { child, port } = await start(0);
  try {
    const client = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials, maxAttempts: 1 };
    const [sfn, sqs] = [new SFN(client), new SQS(client)];
    const { QueueUrl = '' } = await sqs.createQueue({ QueueName: 'q' });
    const { stateMachineArn } = await sfn.createStateMachine({ name: 'm', roleArn, definition: busy(QueueUrl, 1) });
    const names = Array.from({ length: 10 }, (_, i) => `e${i}`);
    const input = JSON.stringify({ parts: ['a', 'b'] });
    for (const name of names) await sfn.startExecution({ stateMachineArn, name, input });
    const running = async () => {
      const { executions = [] } = await sfn.listExecutions({ stateMachineArn, statusFilter: 'RUNNING' });
      return executions.length;
    };
    expect(await running()).toBe(names.length);
    for (const lifeMs of [30, 700, 350, 10, 600]) {
      await Bun.sleep(lifeMs);
      child.kill('SIGKILL');
      await child.exited;
      ({ child } = await start(port));
    }
    for (let i = 0; i < 200 && (await running()) > 0; i++) await Bun.sleep(25);
    const { executions = [] } = await sfn.listExecutions({ stateMachineArn });
    expect(executions.map((each) => each.status)).toEqual(names.map(() => 'SUCCEEDED'));
    expect(await drain(sqs, QueueUrl)).toEqual(expected(names));
  } finally {
    child.kill('SIGKILL');
    await child.exited;
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 60_000);
