/** One trace from the browser's request to the archive, across the outbox, SNS, SQS and the countdown. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { startExport } from '../../bin/otlp.ts';
import { startTelemetry } from '../../bin/telemetry.ts';
import { runAnnotator } from '../../jobs/annotator.ts';
import { archiveStatuses } from '../../jobs/job.ts';
import { getJob } from '../../jobs/records.ts';
import { parseTraceparent, type Span } from '../../jobs/trace.ts';
import { runArchiver } from '../../jobs/workers.ts';
import { createApp } from '../../web/app.ts';
import { freePort } from '../support/free-port.ts';
import { eventually, installStarter, startWorld, type World } from '../support/world.ts';
import { Client } from '../web/support/client.ts';

setDefaultTimeout(60_000);

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callerId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${callerId}-01`;

test.each<[string | undefined, boolean]>([
  [traceparent, true],
  [`01-${traceId}-${callerId}-01-more`, true],
  [`00-${traceId}-${callerId}-01-more`, false],
  [`ff-${traceId}-${callerId}-01`, false],
  [`00-${'0'.repeat(32)}-${callerId}-01`, false],
  [`00-${traceId}-${'0'.repeat(16)}-01`, false],
  [traceparent.toUpperCase(), false],
  ['', false],
  [undefined, false],
])('traceparent %p is read: %p', (text, isRead) => {
  expect(parseTraceparent(text)).toEqual(isRead ? { traceId, spanId: callerId } : undefined);
});

let world: World;
beforeAll(async () => {
  world = await startWorld({ GAS_ARCHIVE_GRACE_SECONDS: '1' });
});
afterAll(() => world.stop());

test('every line about a job, in every program, is of the trace that asked for it', async () => {
  const { gas, logged } = world;
  const spans: Span[] = [];
  gas.spanEnded = (span) => spans.push(span);
  await installStarter(gas);
  const app = createApp(gas);
  const client = new Client(app);
  await client.signUp();
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const request = new Request('http://localhost:8080/annotations/sample', {
    method: 'POST',
    body: new URLSearchParams(),
    headers: { origin: 'http://localhost:8080', cookie, traceparent },
  });
  const jobId = (await app.handle(request)).headers.get('location')?.split('/').at(-1) ?? '';

  const stop = new AbortController();
  const workerUrl = new URL('../../bin/annotator.ts', import.meta.url).href;
  const programs = Promise.all([
    runAnnotator(gas, stop.signal, { workerUrl, onReady: () => {} }),
    runArchiver(gas, stop.signal),
  ]);
  await eventually('the result is archived', async () => {
    const status = (await getJob(gas, jobId))?.archive_status;
    return status !== undefined && archiveStatuses.indexOf(status) >= archiveStatuses.indexOf('ARCHIVED');
  });
  await eventually('the last step is over', async () => spans.some(({ name }) => name === 'archive request'));
  stop.abort();
  await programs;
  delete gas.spanEnded;

  const lines = logged.filter(({ job_id }) => job_id === jobId);
  const events = ['job submitted', 'job claimed', 'job completed', 'countdown started', 'result archived'];
  expect(lines.map(({ event }) => event)).toEqual(expect.arrayContaining(events));
  expect(new Set(lines.map(({ trace_id }) => trace_id))).toEqual(new Set([traceId]));
  expect(lines.every(({ span_id }) => /^[0-9a-f]{16}$/.test(String(span_id)))).toBe(true);
  expect(logged.find(({ event }) => event === 'job submitted')?.['request_id']).toBeString();

  const steps = spans.filter((span) => span.traceId === traceId);
  expect(steps.map(({ name }) => name)).toEqual([
    'POST /annotations/sample',
    'job request',
    'job result',
    'archive request',
  ]);
  const callers = [callerId, ...steps.map(({ spanId }) => spanId)];
  expect(steps.map(({ parentId }) => parentId)).toEqual(callers.slice(0, 4));
});

test('spans go to a collector as OTLP; a collector that is away is said once and costs nothing', async () => {
  const { gas, logged } = world;
  const received: { resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] }[] = [];
  let status = 200;
  const collector = Bun.serve({
    port: 0,
    fetch: async (request) => {
      expect(new URL(request.url).pathname).toBe('/v1/traces');
      received.push((await request.json()) as (typeof received)[number]);
      return new Response('{}', { status });
    },
  });
  const exported = { ...gas };
  const exporter = startExport(exported, {
    endpoint: new URL(`http://127.0.0.1:${collector.port}`),
    program: 'gas-web',
  });
  const app = createApp(exported);
  await app.handle(new Request('http://localhost:8080/health', { headers: { traceparent } }));
  await Bun.sleep(20);
  await exporter.stop();
  expect(received).toHaveLength(1);
  const [span] = received[0]?.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
  expect(span).toMatchObject({ traceId, parentSpanId: callerId, name: 'GET /health', kind: 2, status: {} });
  expect(String(span?.['startTimeUnixNano'])).toMatch(/^\d{19}$/);
  expect(span?.['attributes']).toContainEqual({ key: 'status', value: { intValue: '200' } });

  status = 503;
  for (let i = 0; i < 2; i++) {
    await app.handle(new Request('http://localhost:8080/health'));
    await Bun.sleep(20);
    await exporter.stop();
  }
  await collector.stop(true);
  const said = logged.filter(({ event }) => event === 'spans cannot be sent and are dropped');
  expect(said).toHaveLength(1);
});

test('a worker shows its own metrics on its own port, and says so when it cannot', async () => {
  const port = freePort();
  const gas = { ...world.gas, config: { ...world.gas.config, metricsPort: port } };
  const telemetry = startTelemetry(gas, 'gas-thaw', 'abc');
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(text).toContain('gas_build_info{program="gas-thaw",version="test",commit="abc"} 1\n');
  expect(text).toContain('gas_message_seconds_count{queue="gas_job_requests",outcome="done"}');
  expect(text).not.toContain('gas_queue_messages');
  expect(await (await fetch(`http://127.0.0.1:${port}/health`)).json()).toMatchObject({ ok: true });
  expect(() => startTelemetry(gas, 'gas-thaw', '')).toThrow(/GAS_METRICS_PORT is \d+ on 127\.0\.0\.1/);
  await telemetry.stop();
});
