/** What is said about a chosen file before it is uploaded. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { gzipSync } from 'node:zlib';
import { openSession } from '../../jobs/sessions.ts';
import { createApp } from '../../web/app.ts';
import { someone } from '../support/people.ts';
import { installStarter, startWorld, type World } from '../support/world.ts';

let world: World;
let cookie: string;

beforeAll(async () => {
  world = await startWorld();
  await installStarter(world.gas);
  const { token } = await openSession(world.gas, await someone(world.gas));
  cookie = `gas_session=${token}`;
}, 60_000);
afterAll(() => world.stop());

async function inspect(beginning: Uint8Array | string): Promise<string> {
  const body = new URLSearchParams({ head: Buffer.from(beginning).toString('base64url') });
  const request = new Request('http://localhost:8080/uploads/inspection', {
    method: 'POST',
    body,
    headers: { cookie },
  });
  const reply = await createApp(world.gas).handle(request);
  expect(reply.status).toBe(200);
  return reply.text();
}

const vcf = (length: number) =>
  `##fileformat=VCFv4.2\n##contig=<ID=chr1,length=${length}>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t12345\t.\tA\tG\t.\t.\t.\n`;

test('a GRCh38 file is named, and the reference that fits is chosen', async () => {
  const html = await inspect(vcf(248956422));
  expect(html).toContain('This file is GRCh38');
  expect(html).toMatch(/<option value="grch38-starter" selected[^>]*>GRCh38, starter</);
  expect(html).not.toContain('No reference for');
});

test('a compressed file is looked into, cut off anywhere', async () => {
  const packed = gzipSync(vcf(248956422) + 'chr1\t20000\t.\tA\tG\t.\t.\t.\n'.repeat(50_000));
  expect(await inspect(packed.subarray(0, 600))).toContain('This file is GRCh38');
});

test('a file of another assembly is told so, before anything runs', async () => {
  const html = await inspect(vcf(249250621));
  expect(html).toContain('This file is GRCh37');
  expect(html).toContain('No reference for <b>GRCh37</b> is installed here');
  expect(html).toContain('not the file&#x27;s GRCh37');
});

test.each([
  ['nothing', ''],
  ['junk', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3])],
  ['no VCF', 'Two roads diverged in a yellow wood'],
])('%s is no fault, only no answer', async (_what, beginning) => {
  expect(await inspect(beginning)).toContain('<select id="reference"');
});
