/** CreateVault. Making a vault that is there already succeeds. */
import { invalidParameter } from './errors.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { location } from './glacier.ts';

export function createVault({ parts }: Glacier, { vault }: GlacierRequest): Response {
  if (!/^[\w.-]{1,255}$/.test(vault)) throw invalidParameter(`Invalid vault name: ${vault}`);
  parts.store.db
    .query('INSERT INTO glacier_vaults (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING')
    .run(vault, parts.clock.now());
  return new Response(null, { status: 201, headers: { location: location(vault) } });
}
