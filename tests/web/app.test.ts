/** The site from outside, on a real embedded cloud: accounts, submitting, the list, downloads, what is not yours. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { createApp } from '../../web/app.ts';
import { findSession } from '../../jobs/sessions.ts';
import { getJob, move } from '../../jobs/records.ts';
import { finishedJob, postFile } from '../support/people.ts';
import { startWorld, type World } from '../support/world.ts';
import { Client } from './support/client.ts';

setDefaultTimeout(60_000);

const vcf =
  '##fileformat=VCFv4.2\n##reference=GRCh38\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t100\t.\tA\tC\t.\t.\t.\n';
let world: World;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  world = await startWorld();
  app = createApp(world.gas);
});
afterAll(() => world.stop());

const newClient = () => new Client(app);

async function signedUp(): Promise<Client> {
  const client = newClient();
  await client.signUp();
  return client;
}

/** Address and hidden fields of the upload form on a page. */
function uploadForm(html: string): { url: string; fields: Record<string, string> } {
  const unescape = (text: string) => text.replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  const form = /<form id="upload"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  const inputs = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return {
    url: unescape(/action="([^"]*)"/.exec(form)?.[1] ?? ''),
    fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescape(value)])),
  };
}

/** Uploads by the form of the page, as a browser without JavaScript; answers where S3 sends it. */
async function upload(client: Client, fileName = 'mine.vcf', content = vcf): Promise<URL> {
  const reply = await postFile(uploadForm(await client.read('/annotate')), fileName, content);
  expect(reply.status).toBe(303);
  return new URL(reply.headers.get('location') ?? '');
}

async function submit(client: Client, fileName?: string): Promise<string> {
  const key = (await upload(client, fileName)).searchParams.get('key') ?? '';
  const reply = await client.post('/annotations', { key, reference: 'auto' });
  expect(reply.status).toBe(303);
  return reply.headers.get('location') ?? '';
}

test('signing up opens a session, in a cookie no script can read', async () => {
  const client = newClient();
  const form = { name: 'Rosalind', email: 'rosalind@example.org', password: 'photograph 51' };
  const reply = await client.post('/sign-up', form);
  expect([reply.status, reply.headers.get('location')]).toEqual([303, '/annotations']);
  expect(reply.headers.get('set-cookie')).toMatch(/^gas_session=[\w-]{43}; .*HttpOnly/);
  expect(await client.read('/profile')).toContain('rosalind@example.org');

  const again = await newClient().post('/sign-up', { ...form, email: 'Rosalind@Example.org' });
  expect(again.status).toBe(409);
  const html = await again.text();
  expect(html).toContain('There is an account with this e-mail address already');
  expect(html).toContain('value="Rosalind@Example.org"');
  expect(html).not.toContain('photograph 51');
});

test.each([
  [{ name: '', email: 'a@b.example', password: 'long enough' }, 'name-wrong'],
  [{ name: 'A', email: 'no address', password: 'long enough' }, 'email-wrong'],
  [{ name: 'A', email: 'a@b.example', password: 'short' }, 'password-wrong'],
])('a form that is not right is shown again, with the reason at its field (%#)', async (form, id) => {
  const reply = await newClient().post('/sign-up', form);
  expect(reply.status).toBe(422);
  expect(await reply.text()).toContain(`id="${id}"`);
});

test('signing in leads where one wanted to go, if it is here', async () => {
  const email = await newClient().signUp();
  const form = { email, password: 'photograph 51' };
  const there = await newClient().post('/sign-in', { ...form, next: '/annotations/1?x=2' });
  expect(there.headers.get('location')).toBe('/annotations/1?x=2');
  const elsewhere = await newClient().post('/sign-in', { ...form, next: '//evil.example' });
  expect(elsewhere.headers.get('location')).toBe('/annotations');
});

test('a wrong password and an unknown address get the same answer, and not for ever', async () => {
  const email = await newClient().signUp();
  const wrong = await newClient().post('/sign-in', { email, password: 'wrong password' });
  const unknown = await newClient().post('/sign-in', { email: 'nobody@example.org', password: 'wrong password' });
  expect([wrong.status, unknown.status]).toEqual([422, 422]);
  const sentence = 'E-mail address or password is wrong.';
  expect([await wrong.text(), await unknown.text()]).toEqual([
    expect.stringContaining(sentence),
    expect.stringContaining(sentence),
  ]);
  let last = wrong;
  for (let i = 0; i < 10; i++) last = await newClient().post('/sign-in', { email, password: `guess ${i}` });
  expect(last.status).toBe(429);
  expect(await last.text()).toContain('Too many attempts');
});

test('signing out ends the session itself, not only the cookie', async () => {
  const client = await signedUp();
  const token = client.cookies.get('gas_session') ?? '';
  expect(await findSession(world.gas, token)).not.toBeNull();
  await client.post('/sign-out');
  expect(client.cookies.size).toBe(0);
  expect(await findSession(world.gas, token)).toBeNull();
});

test('a changed password signs out everyone else', async () => {
  const client = await signedUp();
  const before = client.cookies.get('gas_session') ?? '';
  const wrong = await client.post('/profile/password', { current: 'not it at all', next: 'the double helix' });
  expect(await wrong.text()).toContain('The current password is wrong');
  await client.post('/profile/password', { current: 'photograph 51', next: 'the double helix' });
  expect(await findSession(world.gas, before)).toBeNull();
  expect(await client.read('/profile?said=password')).toContain('Your password is changed');
});

test('a name is text wherever it is shown', async () => {
  const client = await signedUp();
  await client.post('/profile/name', { name: '"><script>alert("x")</script>' });
  // In an attribute only quotes end the text.
  expect(await client.read('/profile')).toContain('value="&#34;><script>alert(&#34;x&#34;)</script>"');
});

test('without JavaScript: upload, look at what arrived, submit; twice is once', async () => {
  const client = await signedUp();
  const next = await upload(client, 'of mine.vcf');
  expect(next.origin + next.pathname).toBe('http://localhost:8080/annotate/uploaded');
  const arrived = await client.read(next.pathname + next.search);
  expect(arrived).toContain('of mine.vcf');
  expect(arrived).toContain('GRCh38');
  expect(await client.read('/annotations')).toContain('Nothing here yet');

  const form = { key: next.searchParams.get('key') ?? '', reference: 'auto' };
  const first = await client.post('/annotations', form);
  const second = await client.post('/annotations', form);
  expect(first.headers.get('location')).toMatch(/^\/annotations\/\w+$/);
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  expect((await client.read('/annotations')).match(/<tr id="job-/g)).toHaveLength(1);
});

test('upload.js gets a fresh form, without a redirect', async () => {
  const client = await signedUp();
  const reply = await client.post('/uploads');
  const form = (await reply.json()) as { url: string; fields: Record<string, string>; bytesMax: number };
  expect(form.bytesMax).toBe(25 * 2 ** 20);
  expect(form.fields['key']).toEndWith('${filename}');
  expect(form.fields).not.toHaveProperty('success_action_redirect');
  expect((await postFile(form, 'x.vcf', vcf)).ok).toBe(true);
});

test.each([
  ['', 422, 'That upload does not belong to a job'],
  ['a/b/c', 403, 'That upload belongs to another account'],
])('submitting %p is refused with a sentence', async (key, status, sentence) => {
  const reply = await (await signedUp()).post('/annotations', { key });
  expect(reply.status).toBe(status);
  expect(await reply.text()).toContain(sentence);
});

test('an empty file and a reference that is not there are said', async () => {
  const client = await signedUp();
  const empty = (await upload(client, 'empty.vcf', '')).searchParams.get('key') ?? '';
  expect(await (await client.post('/annotations', { key: empty })).text()).toContain('is empty');
  const key = (await upload(client)).searchParams.get('key') ?? '';
  const reply = await client.post('/annotations', { key, reference: '<i>none</i>' });
  expect(reply.status).toBe(422);
  expect(await reply.text()).toContain('There is no reference &#x27;&lt;i&gt;none');
});

test('one click annotates the sample, also from the sign-up', async () => {
  const client = await signedUp();
  const job = (await client.post('/annotations/sample')).headers.get('location') ?? '';
  expect(await client.read(job)).toContain('gas-sample.GRCh38.vcf');

  const newcomer = newClient();
  const form = { name: 'A', email: `a.${crypto.randomUUID()}@b.example`, password: 'long enough', sample: 'yes' };
  const reply = await newcomer.post('/sign-up', form);
  expect(await newcomer.read(reply.headers.get('location') ?? '')).toContain('gas-sample.GRCh38.vcf');
});

test('a waiting job says its place, as a page, an article and a row', async () => {
  const client = await signedUp();
  const address = await submit(client);
  const html = await client.read(address);
  expect(html).toMatch(/Next to run|of \d+ waiting/);
  const article = await (await client.get(`${address}/article`, { 'HX-Request': 'true' })).text();
  expect(article).toStartWith('<article id="annotation" hx-get=');
  const row = await (await client.get(`${address}/row`, { 'HX-Request': 'true' })).text();
  expect(row).toStartWith('<tr id="job-');
  expect(html).toContain(article.slice(0, 100));
});

test("another one's job is not there: no page, no fragment, no file, nothing to cancel or delete", async () => {
  const address = await submit(await signedUp());
  const other = await signedUp();
  for (const part of ['', '/article', '/row', '/log', '/input', '/result', '/cancellation', '/deletion']) {
    expect([part, (await other.get(address + part)).status]).toEqual([part, 404]);
  }
  expect((await other.post(`${address}/cancellation`)).status).toBe(404);
  await other.post(`${address}/deletion`);
  const job = await getJob(world.gas, address.split('/').at(-1) ?? '');
  expect(job?.job_status).toBe('PENDING');
});

test('a fragment that is gone makes the page look for itself', async () => {
  const client = await signedUp();
  const reply = await client.get('/annotations/gone/row', { 'HX-Request': 'true' });
  expect([reply.status, reply.headers.get('hx-refresh')]).toEqual([404, 'true']);
});

test('files come by signed links with their own names', async () => {
  const client = await signedUp();
  const address = await submit(client, 'of <mine>.vcf');
  const reply = await client.get(`${address}/input`);
  expect(reply.status).toBe(303);
  const file = await fetch(reply.headers.get('location') ?? '');
  expect(await file.text()).toBe(vcf);
  expect(file.headers.get('content-disposition')).toContain('attachment');
  expect(file.headers.get('content-disposition')).toContain('of ');

  const result = await client.get(`${address}/result`);
  expect(result.status).toBe(409);
  expect(await result.text()).toContain('no result to download yet');
});

test('a finished result is downloaded as it was stored', async () => {
  const client = await signedUp();
  const user = await findSession(world.gas, client.cookies.get('gas_session') ?? '');
  if (!user) throw new Error('not signed in');
  const bytes = crypto.getRandomValues(new Uint8Array(5_000));
  const { job_id } = await finishedJob(world.gas, user, bytes);
  const html = await client.read(`/annotations/${job_id}`);
  expect(html).toContain(createHash('sha256').update(bytes).digest('hex'));
  const link = (await client.get(`/annotations/${job_id}/result`)).headers.get('location') ?? '';
  const file = await fetch(link);
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
  expect(file.headers.get('content-disposition')).toContain('made.annot.vcf.gz');
});

test('a job is cancelled once, after a question', async () => {
  const client = await signedUp();
  const address = await submit(client);
  expect(await client.read(`${address}/cancellation`)).toContain('Cancel the annotation of mine.vcf?');
  expect((await client.post(`${address}/cancellation`)).headers.get('location')).toBe(address);
  expect(await client.read(address)).toContain('This annotation was cancelled');
  expect((await client.post(`${address}/cancellation`)).status).toBe(409);
});

test('a deleted annotation is gone from every page', async () => {
  const client = await signedUp();
  const address = await submit(client);
  expect(await client.read(`${address}/deletion`)).toContain('it is cancelled first');
  const reply = await client.post(`${address}/deletion`);
  expect(await client.read(reply.headers.get('location') ?? '')).toContain('all its files are deleted');
  expect((await client.get(address)).status).toBe(404);
  expect(await client.read('/annotations')).not.toContain('mine.vcf');
});

test('a failed job says what, where and what to do', async () => {
  const client = await signedUp();
  const address = await submit(client);
  const id = address.split('/').at(-1) ?? '';
  await move(world.gas, id, 'fail', {
    set: { error: { code: 'NOT_VCF', message: 'This is a picture. Please submit a VCF.', line: 1 } },
  });
  const html = await client.read(address);
  for (const part of ['Failed', 'This is a picture. Please submit a VCF.', 'NOT_VCF', 'Submit a corrected file']) {
    expect(html).toContain(part);
  }
  expect(html).not.toContain('hx-get');
});

test('premium and back, and no word of money', async () => {
  const client = await signedUp();
  expect(await client.read('/subscribe')).toContain('There is no payment on this site yet');
  const reply = await client.post('/subscribe');
  expect(await client.read(reply.headers.get('location') ?? '')).toContain('You are on premium');
  const form = (await (await client.post('/uploads')).json()) as { bytesMax: number };
  expect(form.bytesMax).toBe(5 * 2 ** 30);
  expect(await client.read('/unsubscribe')).toContain('7 days');
  await client.post('/unsubscribe');
  expect(await client.read('/profile')).toContain('Upgrade to premium');
});

test('the list is read a page at a time, newest first', async () => {
  const client = await signedUp();
  for (let i = 0; i < 52; i++) await client.post('/annotations/sample');
  const first = await client.read('/annotations');
  expect(first.match(/<tr id="job-/g)).toHaveLength(50);
  const next = /href="(\/annotations\?from=[^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const second = await client.read(next);
  expect(second.match(/<tr id="job-/g)).toHaveLength(2);
  expect(second).toContain('Newest annotations');
  expect((await client.get('/annotations?from=made-up')).status).toBeLessThan(500);
});

test('an account is erased with everything in it, after its password', async () => {
  const client = await signedUp();
  const address = await submit(client);
  const wrong = await client.post('/profile/deletion', { password: 'not it at all' });
  expect(wrong.status).toBe(422);
  const reply = await client.post('/profile/deletion', { password: 'photograph 51' });
  expect(reply.headers.get('location')).toBe('/');
  expect(client.cookies.size).toBe(0);
  expect(await getJob(world.gas, address.split('/').at(-1) ?? '')).toBeNull();
});

test('nothing here was a fault', () => {
  expect(world.logged.filter(({ level }) => level === 'fault')).toEqual([]);
});

test('what is installed is shown to whom the operator named, and to nobody else', async () => {
  const admin = new Client(createApp({ ...world.gas, config: { ...world.gas.config, admins: ['op@example.org'] } }));
  await admin.signUp('Op@Example.org');
  const html = await admin.read('/admin');
  expect(html).toContain('gas_job_requests_dlq');
  expect(html).toContain('href="/admin" aria-current="page"');
  const other = await signedUp();
  for (const client of [other, newClient(), new Client(admin.app)]) {
    expect((await client.get('/admin')).status).toBe(404);
  }
  expect(await other.read('/annotations')).not.toContain('/admin');
});
