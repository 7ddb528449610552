/**
 * The same story as in the browser, told by programs that were compiled one by one and started one by one, as systemd
 * does on an instance: site, annotator, archiver and thaw know each other only by the cloud they are pointed at. What
 * they send to an OpenTelemetry collector, each on its own, is one trace for each request of the visitor.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { cloudEnvironment } from '../../bin/cloud.ts';
import { build } from '../../deploy/build.ts';
import { dataLines, manyVariants } from '../support/made-vcf.ts';
import { Visitor } from '../support/visitor.ts';
import { eventually } from '../support/world.ts';
import { freePort } from '../support/free-port.ts';

const target = process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64';
const programs = ['gas-cloud', 'gas-web', 'gas-annotator', 'gas-archiver', 'gas-thaw'] as const;
type Name = (typeof programs)[number];

let folder: string;
let running: { name: Name; child: ReturnType<typeof Bun.spawn> }[] = [];
let output = '';

/** A span as a collector gets it, with the program that sent it. */
interface Told {
  program: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
}
const told: Told[] = [];
const collector = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  async fetch(request) {
    const { resourceSpans } = (await request.json()) as {
      resourceSpans: {
        resource: { attributes: { key: string; value: { stringValue: string } }[] };
        scopeSpans: { spans: Omit<Told, 'program'>[] }[];
      }[];
    };
    for (const { resource, scopeSpans } of resourceSpans) {
      const program = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      for (const { spans } of scopeSpans) told.push(...spans.map((span) => ({ ...span, program })));
    }
    return Response.json({});
  },
});

/** The steps that followed from a request of the visitor, each caused by the one before: program and name. */
function story(request: string): string[] {
  const steps: string[] = [];
  let span = told.findLast(({ name }) => name === request);
  while (span) {
    const { spanId, traceId, program, name } = span;
    steps.push(`${program}: ${name}`);
    span = told.find((next) => next.parentSpanId === spanId && next.traceId === traceId);
  }
  return steps;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gas-executables-'));
  await build({ programs, targets: [target], outdir: folder, commit: 'test' });
}, 120_000);
afterAll(async () => {
  await collector.stop(true);
  for (const { child } of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start(name: Name, env: Record<string, string>): void {
  const child = Bun.spawn([join(folder, target, name)], {
    // Nothing of the checkout is in reach: what a program needs is inside it.
    cwd: folder,
    env,
    stdout: 'pipe',
    stderr: 'pipe',
  });
  running.push({ name, child });
  for (const stream of [child.stdout, child.stderr]) {
    void (async () => {
      const decoder = new TextDecoder();
      for await (const piece of stream) output += decoder.decode(piece, { stream: true });
    })();
  }
}

test('compiled programs, started one by one, live the whole story and stop in peace', async () => {
  const [cloudPort, webPort] = [freePort(), freePort()];
  const env = {
    ...cloudEnvironment({}, `http://127.0.0.1:${cloudPort}`),
    PATH: process.env['PATH'] ?? '',
    GAS_DATA_DIR: join(folder, 'data'),
    GAS_PORT: String(webPort),
    GAS_CLOUD_PORT: String(cloudPort),
    GAS_ARCHIVE_GRACE_SECONDS: '8',
    GAS_RETRIEVAL_SECONDS: '1',
    GAS_RETRIEVAL_CHECK_SECONDS: '1',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.href,
  };
  start('gas-cloud', env);
  await eventually('the cloud is ready', async () => output.includes('"event":"ready"'));
  for (const name of programs.slice(1)) start(name, env);
  await eventually('the annotator has its references', async () => output.includes('"event":"listening"'));

  const visitor = new Visitor(`http://localhost:${webPort}`);
  await visitor.signUp();
  const id = await visitor.submit('story.vcf', manyVariants(3000));
  const page = async () => (await visitor.go(`/annotations/${id}`)).text;
  const result = async () => {
    const reply = await visitor.go(`/annotations/${id}`);
    if (!reply.text.includes(`/annotations/${id}/result`)) return null;
    return visitor.download(`/annotations/${id}/result`);
  };
  const first = await eventually('the result is there', result, 60);
  expect(dataLines(gunzipSync(first).toString())).toHaveLength(3000);
  await eventually('the result is archived', async () => (await page()).includes('The result is archived'), 60);
  await visitor.go('/subscribe', {});
  const restored = await eventually('the result is back', result, 60);
  expect(Bun.hash(restored)).toBe(Bun.hash(first));

  const codes: Record<string, number> = {};
  for (const { name, child } of running.toReversed()) {
    child.kill('SIGTERM');
    codes[name] = await child.exited;
  }
  running = [];
  expect(codes).toEqual({ 'gas-cloud': 0, 'gas-web': 0, 'gas-annotator': 0, 'gas-archiver': 0, 'gas-thaw': 0 });
  expect(output).not.toContain('"level":"fault"');
  expect(story('POST /annotations')).toEqual([
    'gas-web: POST /annotations',
    'gas-annotator: job request',
    'gas-archiver: job result',
    'gas-archiver: archive request',
  ]);
  expect(story('POST /subscribe').slice(0, 2)).toEqual(['gas-web: POST /subscribe', 'gas-thaw: thaw user']);
}, 180_000);

test('a wrong variable ends a program at once, with one sentence and code 2', async () => {
  const child = Bun.spawn([join(folder, target, 'gas-web')], {
    cwd: folder,
    env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', GAS_PORT: 'eighty' },
    stderr: 'pipe',
    stdout: 'pipe',
  });
  expect(await child.exited).toBe(2);
  expect(await new Response(child.stderr).text()).toBe(
    "GAS_PORT is 'eighty'; it must be a whole number from 0 to 65535.\n",
  );
});
