/** What machines that watch are told: the site lives, it can do its work, how much it does; and to whom. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { sendMessage } from '../../aws/queue.ts';
import { createGas, type Gas } from '../../jobs/gas.ts';
import type { Readiness } from '../../jobs/health.ts';
import { createApp } from '../../web/app.ts';
import { someone } from '../support/people.ts';
import { startWorld, type World } from '../support/world.ts';
import { submitSample } from '../../jobs/submit.ts';
import { Client } from './support/client.ts';

setDefaultTimeout(30_000);

const token = 'a token nobody guesses';
let world: World;
let app: ReturnType<typeof createApp>;
let url: string;

beforeAll(async () => {
  world = await startWorld({ GAS_METRICS_TOKEN: token });
  app = createApp(world.gas).listen({ port: 0 });
  url = `http://127.0.0.1:${app.server?.port}`;
});
afterAll(async () => {
  await app.stop();
  await world.stop();
});

const readyOf = async (gas: Gas) => {
  const reply = await createApp(gas).handle(new Request('http://localhost:8080/ready'));
  return { status: reply.status, ...((await reply.json()) as Readiness) };
};

test('the site lives, and its dependencies answer', async () => {
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ ok: true, version: 'test' });
  expect(await readyOf(world.gas)).toEqual({
    status: 200,
    ready: true,
    checks: { table: 'ok', queue: 'ok', bucket: 'ok' },
  });
});

test('not ready says which dependency fails, and the log says why', async () => {
  const { gas } = world;
  const jobRequests = `${gas.config.queueUrls.jobRequests}_gone`;
  const broken = { ...gas, config: { ...gas.config, queueUrls: { ...gas.config.queueUrls, jobRequests } } };
  expect(await readyOf(broken)).toEqual({
    status: 503,
    ready: false,
    checks: { table: 'ok', queue: 'failed', bucket: 'ok' },
  });
  expect(world.logged.at(-1)).toMatchObject({ level: 'fault', dependency: 'queue' });
});

test('dependencies that do not answer at all are waited for two seconds, however many ask', async () => {
  let asked = 0;
  const silent = Bun.serve({
    port: 0,
    idleTimeout: 60,
    fetch: () => {
      asked++;
      return new Promise<Response>(() => {});
    },
  });
  const gas = createGas({ ...world.gas.config, endpoint: `http://127.0.0.1:${silent.port}` }, world.gas.log);
  const startMs = performance.now();
  const site = createApp(gas);
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => site.handle(new Request('http://localhost:8080/ready'))),
  );
  expect(performance.now() - startMs).toBeLessThan(20_000);
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([503]));
  expect(await replies[0]?.json()).toMatchObject({
    checks: { table: 'no answer in time', bucket: 'no answer in time' },
  });
  // Asked again later, what hangs is waited for, not asked once more.
  await Bun.sleep(2_100);
  expect((await site.handle(new Request('http://localhost:8080/ready'))).status).toBe(503);
  expect(asked).toBeLessThanOrEqual(3);
  gas.aws.close();
  await silent.stop(true);
});

test.each<[string, Record<string, string>, number]>([
  ['this machine', {}, 200],
  ['a proxy on this machine', { 'x-forwarded-for': '203.0.113.7' }, 401],
  ['a proxy with the token', { 'x-forwarded-for': '203.0.113.7', authorization: `Bearer ${token}` }, 200],
  ['a proxy with a wrong token', { 'x-forwarded-for': '203.0.113.7', authorization: 'Bearer a token' }, 401],
])('metrics are asked for by %s', async (_who, headers, status) => {
  const reply = await fetch(`${url}/metrics`, { headers });
  expect(reply.status).toBe(status);
  expect((await reply.text()).includes('gas_http_request_seconds')).toBe(status === 200);
});

test('without a token set, none is right', async () => {
  const { metricsToken: _, ...config } = world.gas.config;
  const site = createApp({ ...world.gas, config });
  for (const authorization of ['Bearer ', 'Bearer undefined', 'Basic x']) {
    const reply = await site.handle(new Request('http://localhost:8080/metrics', { headers: { authorization } }));
    expect(reply.status).toBe(401);
  }
});

test('metrics tell requests by route, jobs by what they wait for, and messages, the dead among them', async () => {
  const user = await someone(world.gas);
  await submitSample(world.gas, user);
  await submitSample(world.gas, user);
  const { thawRequests } = world.gas.config.queueUrls;
  await sendMessage(world.gas.aws, `${thawRequests}_dlq`, 'dead');
  await fetch(`${url}/annotations/nobody`, { redirect: 'manual' });
  await fetch(`${url}/no/such/page`);
  await Bun.sleep(20);

  const site = createApp(world.gas);
  const reply = await site.handle(
    new Request('http://localhost:8080/metrics', { headers: { authorization: `Bearer ${token}` } }),
  );
  expect(reply.headers.get('content-type')).toStartWith('text/plain; version=0.0.4');
  const text = await reply.text();
  for (const line of [
    'gas_service_up 1',
    'gas_jobs{attention="PENDING"} 2',
    'gas_jobs{attention="RUNNING"} 0',
    'gas_queue_messages{queue="gas_job_requests",state="visible"} 2',
    'gas_queue_messages{queue="gas_thaw_requests_dlq",state="visible"} 1',
    'gas_http_request_seconds_count{method="GET",route="/annotations/:id",status="303"} 1',
    'gas_http_request_seconds_count{method="GET",route="none",status="404"} 1',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
  expect(Number(/gas_jobs_oldest_seconds\{attention="PENDING"\} (\S+)/.exec(text)?.[1])).toBeGreaterThan(0);
});

test('work that cannot be counted is said, and does not hide the rest', async () => {
  const { gas } = world;
  const queueUrls = { ...gas.config.queueUrls, jobResults: `${gas.config.queueUrls.jobResults}_gone` };
  const site = createApp({ ...gas, config: { ...gas.config, queueUrls } });
  const headers = { authorization: `Bearer ${token}` };
  const text = await (await site.handle(new Request('http://localhost:8080/metrics', { headers }))).text();
  expect(text).toContain('gas_service_up 0\n');
  expect(text).toContain('process_resident_memory_bytes');
});

test('each answer carries the id of its request, and a fault is logged under it', async () => {
  const first = await fetch(`${url}/health`);
  const second = await fetch(`${url}/health`);
  const ids = [first, second].map((reply) => reply.headers.get('x-request-id') ?? '');
  expect(ids[0]).toMatch(/^[0-9a-z]{26}$/);
  expect(ids[0]).not.toBe(ids[1] ?? '');

  const client = new Client(app);
  await client.signUp();
  const { users } = world.gas.config.topology.tables;
  const { name } = users;
  users.name = 'no_such_table';
  try {
    const reply = await client.get('/profile');
    expect(reply.status).toBe(500);
    const fault = world.logged.findLast(({ event }) => event === 'request failed');
    expect(fault).toMatchObject({ request_id: reply.headers.get('x-request-id'), path: '/profile' });
    expect(fault?.['trace_id']).toMatch(/^[0-9a-f]{32}$/);
  } finally {
    users.name = name;
  }
});

test('a slow answer is a line of the log, under its route and id', async () => {
  const { gas } = world;
  const aws = { ...gas.aws, table: new Proxy(gas.aws.table, slowly(1_100)) };
  const reply = await createApp({ ...gas, aws }).handle(new Request('http://localhost:8080/ready'));
  await Bun.sleep(50);
  expect(world.logged.findLast(({ event }) => event === 'request was slow')).toMatchObject({
    request_id: reply.headers.get('x-request-id'),
    route: '/ready',
    status: 200,
  });
});

/** A client of AWS whose every call takes so much longer. */
function slowly(ms: number): ProxyHandler<Gas['aws']['table']> {
  return {
    get: (target, name) => {
      if (name !== 'send') return Reflect.get(target, name) as unknown;
      return async (...words: unknown[]) => {
        await Bun.sleep(ms);
        return (target.send as (...all: unknown[]) => unknown).apply(target, words);
      };
    },
  };
}
