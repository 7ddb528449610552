/** Guarantee 4: what cannot be handled is out of the way, seen by an operator, sent back or ended. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import { consume, queueDepth, sendMessage, type Verdict } from '../../aws/queue.ts';
import { queue } from '../../jobs/consuming.ts';
import { deadLetterQueues, dropDeadLetter, failDeadJob, listDeadLetters, redrive } from '../../jobs/dead-letters.ts';
import { newId, type Gas } from '../../jobs/gas.ts';
import { parseMessage } from '../../jobs/messages.ts';
import { getJob, move } from '../../jobs/records.ts';
import { submitSample } from '../../jobs/submit.ts';
import { finishedJob, someone } from '../support/people.ts';
import { eventually, startWorld, type World } from '../support/world.ts';

setDefaultTimeout(30_000);

let world: World;
let gas: Gas;
beforeAll(async () => {
  world = await startWorld();
  gas = world.gas;
});
afterAll(() => world.stop());

const deadRequests = () => deadLetterQueues(gas).find(({ source }) => source === 'gas_job_requests')?.url ?? '';

const letters = async () => {
  const queues = await listDeadLetters(gas);
  return queues.find((one) => one.queue === 'gas_job_requests_dlq')?.letters ?? [];
};

/** An annotator with this handler, until `until` is true. */
async function consuming(handle: (body: string) => Promise<Verdict>, until: () => Promise<boolean>): Promise<void> {
  const stop = new AbortController();
  const annotator = consume(gas.aws, {
    ...queue(gas, 'jobRequests'),
    concurrency: 1,
    handle: ({ body }) => handle(body),
    signal: stop.signal,
  });
  await eventually('what was waited for', until);
  stop.abort();
  await annotator;
}

/** Never done; asked again at once, so that nobody has to wait out the pauses between attempts. */
const broken = async (): Promise<Verdict> => ({ againAfterSeconds: 0 });

/** Handles everything badly until so many are dead. */
const untilDead = (count: number) =>
  consuming(broken, async () => (await queueDepth(gas.aws, deadRequests())).visible >= count);

test('a poison message does not block the queue, is listed, and goes back to be done when the cause is mended', async () => {
  const user = await someone(gas);
  const { job_id } = await submitSample(gas, user);
  await untilDead(1);

  const [letter, ...others] = await letters();
  expect(others).toEqual([]);
  expect(letter).toMatchObject({ job_id, kind: 'job request' });
  expect(letter?.receive_count).toBeGreaterThanOrEqual(5);
  expect(Math.abs(Date.parse(letter?.sent_time ?? '') - Date.now())).toBeLessThan(600_000);
  expect(await letters()).toHaveLength(1);
  expect((await getJob(gas, job_id))?.job_status).toBe('PENDING');

  expect(await redrive(gas, 'gas_job_requests')).toEqual({ queue: 'gas_job_requests_dlq', moved: 1, finished: true });
  expect(await letters()).toEqual([]);
  const done: string[] = [];
  await consuming(
    async (body) => void done.push(parseMessage(body, 'job request').job_id),
    async () => done.length > 0,
  );
  expect(done).toEqual([job_id]);
});

test('a dead job is marked failed with an honest sentence, and its message is gone; others stay', async () => {
  const user = await someone(gas);
  const first = await submitSample(gas, user);
  const second = await submitSample(gas, user);
  await untilDead(2);

  const { job, removed } = await failDeadJob(gas, first.job_id);
  expect(removed).toBe(1);
  expect(job).toMatchObject({ job_status: 'FAILED', error: { code: 'FAULT' } });
  expect(job.error?.message).toContain('not because of your file');
  expect(job.attention).toBeUndefined();
  expect((await letters()).map(({ job_id }) => job_id)).toEqual([second.job_id]);
  expect(await failDeadJob(gas, first.job_id)).toMatchObject({ removed: 0 });

  await failDeadJob(gas, second.job_id);
  expect(await letters()).toEqual([]);
});

test('what is no message of ours can only be removed', async () => {
  await sendMessage(gas.aws, gas.config.queueUrls.jobRequests, 'knock knock');
  await untilDead(1);
  const [letter] = await letters();
  expect(letter).toMatchObject({ body: 'knock knock' });
  expect(letter).not.toHaveProperty('job_id');
  await dropDeadLetter(gas, 'gas_job_requests_dlq', letter?.message_id ?? '');
  expect(await letters()).toEqual([]);
  const again = dropDeadLetter(gas, 'gas_job_requests_dlq', letter?.message_id ?? '');
  expect(again).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a job is not failed under the hands of an annotator, nor when it has a result', async () => {
  const user = await someone(gas);
  const running = await submitSample(gas, user);
  const lease = { lease_owner: 'somebody', lease_until: '2999-01-01T00:00:00.000Z' };
  await move(gas, running.job_id, 'claim', { set: lease });
  expect(failDeadJob(gas, running.job_id)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  expect((await getJob(gas, running.job_id))?.job_status).toBe('RUNNING');

  const { job_id } = await finishedJob(gas, user, new Uint8Array(10));
  expect(failDeadJob(gas, job_id)).rejects.toThrow(/COMPLETED/);
  expect(failDeadJob(gas, newId(gas))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(redrive(gas, 'no_such_queue')).rejects.toThrow(/there are gas_job_requests_dlq/);
});

test.each([
  [['dead-letters', 'list'], 0, /gas_job_requests_dlq: nothing/],
  [['dead-letters', 'redrive', 'gas_thaw_requests'], 0, /0 messages have been sent back from gas_thaw_requests_dlq\./],
  [['dead-letters', 'fail', 'nobody'], 1, /There is no job nobody\./],
  [['jobs', 'show', 'nobody'], 1, /There is no job nobody\./],
  [['jobs', 'show'], 2, /Usage: gas-operate/],
  [['--help'], 0, /Usage: gas-operate/],
  [['--version'], 0, /^gas-operate \d/],
])('gas-operate %p ends with %i', async (words, code, says) => {
  const operate = join(import.meta.dir, '../../bin/operate.ts');
  const child = Bun.spawn([process.execPath, operate, ...words], {
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: world.cloud.url,
      AWS_ACCESS_KEY_ID: world.cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: world.cloud.credentials.secretAccessKey,
    },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text());
  expect({ said, code: await child.exited }).toEqual({ said: expect.stringMatching(says), code });
});
