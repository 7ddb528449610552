/** DeleteVault: only a vault without archives. AWS asks the last inventory, this cloud the archives there are. */
import { change } from './contents.ts';
import { invalidParameter } from './errors.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { vaultArn } from './glacier.ts';

export function deleteVault(glacier: Glacier, { vault }: GlacierRequest): Response {
  const { db } = glacier.parts.store;
  change(glacier, (release) => {
    if (db.query('SELECT 1 FROM glacier_archives WHERE vault = ? LIMIT 1').get(vault)) {
      throw invalidParameter(`Vault not empty or recently written to: ${vaultArn(glacier.parts, vault)}`);
    }
    for (const table of ['glacier_uploads', 'glacier_jobs']) {
      const gone = db
        .query<{ content: number | null }, [string]>(`DELETE FROM ${table} WHERE vault = ? RETURNING content`)
        .all(vault);
      for (const { content } of gone) if (content !== null) release(content);
    }
    db.query('DELETE FROM glacier_vaults WHERE name = ?').run(vault);
  });
  return new Response(null, { status: 204 });
}
