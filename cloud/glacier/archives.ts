/** Archives as they are stored. */
import { addBody, createContent, type Received } from './contents.ts';
import type { Glacier } from './glacier.ts';
import { location, randomId } from './glacier.ts';

/** An archive. */
export interface Archive {
  /** In the order of creation. */
  number: number;
  id: string;
  vault: string;
  content: number;
  size: number;
  treeHash: string;
  description: string;
  createdAt: number;
}

const columns = 'number, id, vault, content, size, tree_hash AS treeHash, description, created_at AS createdAt';

/** The archive, if the vault has it. */
export function findArchive({ parts }: Glacier, vault: string, id: string): Archive | undefined {
  const found = parts.store.db
    .query<Archive, [string, string]>(`SELECT ${columns} FROM glacier_archives WHERE vault = ? AND id = ?`)
    .get(vault, id);
  return found ?? undefined;
}

/** The archives of a vault in the order of creation. */
export function archivesOf({ parts }: Glacier, vault: string): Archive[] {
  return parts.store.db
    .query<Archive, [string]>(`SELECT ${columns} FROM glacier_archives WHERE vault = ? ORDER BY number`)
    .all(vault);
}

/** Makes an archive of a content. For use inside a transaction. Returns its id. */
export function createArchive(
  { parts }: Glacier,
  archive: Pick<Archive, 'vault' | 'content' | 'size' | 'treeHash' | 'description'>,
): string {
  const id = randomId(138);
  parts.store.db
    .query(
      `INSERT INTO glacier_archives (id, vault, content, size, tree_hash, description, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(id, archive.vault, archive.content, archive.size, archive.treeHash, archive.description, parts.clock.now());
  return id;
}

/** Makes a content of one body. For use inside a transaction. */
export function contentOf(glacier: Glacier, body: Received): number {
  const content = createContent(glacier);
  addBody(glacier, content, 0, body);
  return content;
}

/** The answer to whoever made an archive. */
export function archiveCreated(vault: string, id: string, treeHash: string): Response {
  return new Response(null, {
    status: 201,
    headers: {
      location: location(vault, 'archives', id),
      'x-amz-archive-id': id,
      'x-amz-sha256-tree-hash': treeHash,
    },
  });
}
