/** DescribeJob. */
import type { Glacier, GlacierRequest } from './glacier.ts';
import { describeJob as describe } from './jobs.ts';
import { getVault } from './vaults.ts';

export function describeJob(glacier: Glacier, { vault, id }: GlacierRequest): Response {
  getVault(glacier, vault);
  return Response.json(describe(glacier, glacier.jobs.get(vault, id)));
}
