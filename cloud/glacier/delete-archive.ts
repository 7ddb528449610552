/**
 * DeleteArchive. Deleting what is gone already succeeds. A retrieval in progress fails; one that is done keeps its
 * output until it expires.
 */
import { change } from './contents.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { getVault } from './vaults.ts';

export function deleteArchive(glacier: Glacier, { vault, id }: GlacierRequest): Response {
  getVault(glacier, vault);
  change(glacier, (release) => {
    const gone = glacier.parts.store.db
      .query<{ content: number }, [string, string]>(
        'DELETE FROM glacier_archives WHERE vault = ? AND id = ? RETURNING content',
      )
      .get(vault, id);
    if (gone) release(gone.content);
  });
  return new Response(null, { status: 204 });
}
