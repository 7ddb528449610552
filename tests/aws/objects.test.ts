/** Objects, against the embedded cloud: uploads that are given up. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uploadFile } from '../../aws/objects.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const upload = (path: string, signal: AbortSignal) => {
  const bucket = world.gas.config.topology.buckets.results.name;
  return uploadFile(world.gas.aws, { bucket, key: 'given-up' }, path, 'text/plain', signal);
};

test('an upload that is given up before it begins leaves nothing behind, though its file goes at once', async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => void unheard.push(error);
  process.on('uncaughtException', hear);
  const folder = mkdtempSync(join(tmpdir(), 'gas-upload-'));
  const path = join(folder, 'result.vcf.gz');
  writeFileSync(path, 'result');
  const given = upload(path, AbortSignal.abort(new Error('stopping')));
  rmSync(folder, { recursive: true });
  await expect(given).rejects.toThrow('stopping');
  await Bun.sleep(50);
  process.off('uncaughtException', hear);
  expect(unheard).toEqual([]);
});

test('a file that is not there fails the upload', async () => {
  await expect(upload('/nowhere/result.vcf.gz', new AbortController().signal)).rejects.toThrow('ENOENT');
});
