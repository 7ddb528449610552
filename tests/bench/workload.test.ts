/** What is measured must not change unnoticed: the workload is the same bytes every time. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksum, hasData, workload } from '../../bench/workload.ts';

setDefaultTimeout(60_000);

const root = mkdtempSync(join(tmpdir(), 'workload-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const installed = ['bcftools', 'tabix'].every((program) => Bun.which(program) !== null);

test.skipIf(!hasData() || !installed)('the workload is the same every time (of ../shared/data)', async () => {
  const size = { name: 'quick', sites: 400, coding: 200, genotyped: 10, known: 600, few: 20, growing: [1] } as const;
  const sum = '410b36bd4102b61736c5f0f773a91857d3ab70c329bc496bba46ade7edaa8a09';
  expect(checksum(await workload(root, size))).toBe(sum);
});
