/** ListVaults, by name. */
import type { Glacier, GlacierRequest } from './glacier.ts';
import { page } from './glacier.ts';
import { allVaults, describe } from './vaults.ts';

export function listVaults(glacier: Glacier, request: GlacierRequest): Response {
  const { items, Marker } = page(allVaults(glacier), request, 10, ({ name }) => name);
  return Response.json({ VaultList: items.map((vault) => describe(glacier, vault)), Marker });
}
