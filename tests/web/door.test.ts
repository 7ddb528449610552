/** The site's door: what every answer carries and what never gets in. Nothing here needs a cloud. */
import { expect, test } from 'bun:test';
import { readConfig, type Environment } from '../../jobs/config.ts';
import { createGas, type Gas } from '../../jobs/gas.ts';
import { createLog } from '../../jobs/log.ts';
import { createApp } from '../../web/app.ts';

const logged: Record<string, unknown>[] = [];

function gasWith(env: Environment = {}): Gas {
  const log = createLog('test', Date.now, (line) => logged.push(JSON.parse(line) as Record<string, unknown>));
  return createGas(readConfig({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', ...env }, '1.2.3'), log);
}

const site = 'http://localhost:8080';
const app = createApp(gasWith());
const ask = (path: string, init?: RequestInit) => app.handle(new Request(site + path, init));

test('health is a word and a version', async () => {
  const reply = await ask('/health');
  expect(await reply.json()).toEqual({ ok: true, version: '1.2.3' });
});

test.each(['/', '/health', '/sign-in', '/static/favicon.svg', '/no-such-page', '/annotations'])(
  '%s carries the strict policy and its companions',
  async (path) => {
    const { headers } = await ask(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:9;");
    expect(policy).toContain("form-action 'self' http://127.0.0.1:9;");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('strict-transport-security')).toBeNull();
  },
);

test('HEAD is GET without the body', async () => {
  const reply = await ask('/', { method: 'HEAD' });
  expect([reply.status, await reply.text()]).toEqual([200, '']);
  expect(reply.headers.get('content-type')).toContain('text/html');
  expect((await ask('/annotations', { method: 'HEAD' })).status).toBe(303);
});

test('over https browsers are told to stay with it', async () => {
  const secure = createApp(gasWith({ GAS_PUBLIC_URL: 'https://gas.example' }));
  const { headers } = await secure.handle(new Request('https://gas.example/'));
  expect(headers.get('strict-transport-security')).toContain('max-age=');
});

test.each([
  '/annotations',
  '/annotations?from=x',
  '/annotate',
  '/annotations/1',
  '/annotations/1/log',
  '/profile',
  '/subscribe',
])('GET %s leads a stranger to the sign-in and back', async (path) => {
  const reply = await ask(path);
  expect(reply.status).toBe(303);
  expect(reply.headers.get('location')).toBe(`/sign-in?${new URLSearchParams({ next: path }).toString()}`);
});

test.each([
  '/annotations',
  '/uploads',
  '/annotations/1/cancellation',
  '/annotations/1/deletion',
  '/subscribe',
  '/unsubscribe',
  '/profile/name',
  '/profile/password',
  '/profile/deletion',
])('POST %s does nothing for a stranger', async (path) => {
  const reply = await ask(path, { method: 'POST', body: new URLSearchParams({ name: 'x' }) });
  expect(reply.status).toBe(303);
  expect(reply.headers.get('location')).toStartWith('/sign-in?');
});

test('a fragment asked for without a session sends the whole page to the sign-in', async () => {
  const reply = await ask('/annotations/1/row', { headers: { 'HX-Request': 'true' } });
  expect(reply.status).toBe(401);
  expect(reply.headers.get('hx-redirect')).toStartWith('/sign-in?');
});

test('the sample leads a visitor over the sign-up', async () => {
  const reply = await ask('/annotations/sample', { method: 'POST' });
  expect(reply.headers.get('location')).toBe('/sign-up?sample=yes');
  expect(await (await ask('/sign-up?sample=yes')).text()).toContain('name="sample" value="yes"');
});

test.each([{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }])(
  'a POST with %p is refused before anything is looked at',
  async (headers) => {
    const reply = await ask('/sign-out', { method: 'POST', headers });
    expect(reply.status).toBe(403);
    expect(await reply.text()).toContain('Another site sent this request');
  },
);

test('an unknown page says so, whatever was in its address', async () => {
  const reply = await ask('/%3Cscript%3Ealert(1)%3C/script%3E');
  expect(reply.status).toBe(404);
  const html = await reply.text();
  expect(html).toContain('There is no such page');
  expect(html).not.toContain('<script>alert');
});

test.each(['/static/nothing.css', '/static/__proto__', '/static/..%2fapp.ts'])('%s is not there', async (path) => {
  expect((await ask(path)).status).toBe(404);
});

test('a fault is logged with its cause and shown as a number', async () => {
  const gas = {
    ...gasWith(),
    now: () => {
      throw new Error('the password of the database is 12345');
    },
  };
  const form = new URLSearchParams({ email: 'a@b.c', password: 'x' });
  const reply = await createApp(gas).handle(new Request(`${site}/sign-in`, { method: 'POST', body: form }));
  expect(reply.status).toBe(500);
  const html = await reply.text();
  expect(html).toContain('Something went wrong');
  expect(html).not.toContain('12345');
  const line = logged.find(({ event }) => event === 'request failed');
  expect(JSON.stringify(line)).toContain('12345');
  expect(html).toContain(String(line?.['fault_id']));
});

test.each([
  ['a form that is too large', { body: `email=${'x'.repeat(70_000)}`, type: 'application/x-www-form-urlencoded' }, 413],
  ['JSON', { body: '{"email":1}', type: 'application/json' }, 422],
  ['JSON that is none', { body: '{"email', type: 'application/json' }, 422],
  ['a file', { body: '--x\r\n\r\n--x--', type: 'multipart/form-data; boundary=x' }, 422],
])('%s is refused with a sentence', async (_, { body, type }, status) => {
  const reply = await ask('/sign-in', { method: 'POST', body, headers: { 'content-type': type } });
  expect(reply.status).toBe(status);
  expect(reply.headers.get('content-type')).toContain('text/html');
});

test('static files are pinned by their content, compressed, and typed', async () => {
  const home = await (await ask('/')).text();
  const address = /href="(\/static\/style\.css\?[0-9a-f]+)"/.exec(home)?.[1] ?? '';
  const pinned = await ask(address, { headers: { 'accept-encoding': 'gzip, br' } });
  expect(pinned.headers.get('content-type')).toBe('text/css; charset=utf-8');
  expect(pinned.headers.get('cache-control')).toContain('immutable');
  expect(pinned.headers.get('content-encoding')).toBe('gzip');
  const style = new TextDecoder().decode(Bun.gunzipSync(await pinned.arrayBuffer()));
  expect(style).toMatch(/url\('plex-sans\.woff2\?[0-9a-f]+'\)/);
  expect(home).toContain(/plex-sans\.woff2\?[0-9a-f]+/.exec(style)?.[0] ?? 'nothing');

  const plain = await ask('/static/style.css');
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(plain.headers.get('cache-control')).not.toContain('immutable');
});

test('pages are not stored by browsers or proxies', async () => {
  expect((await ask('/')).headers.get('cache-control')).toBe('no-store');
  expect((await ask('/annotations')).headers.get('cache-control')).toBe('no-store');
});
