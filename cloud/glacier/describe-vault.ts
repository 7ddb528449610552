/** DescribeVault. */
import type { Glacier, GlacierRequest } from './glacier.ts';
import { describe, getVault } from './vaults.ts';

export function describeVault(glacier: Glacier, { vault }: GlacierRequest): Response {
  return Response.json(describe(glacier, getVault(glacier, vault)));
}
