/** Multipart uploads as they are stored. */
import { notFound } from './errors.ts';
import type { Glacier } from './glacier.ts';
import { vaultArn } from './glacier.ts';

/** An upload; the parts that have come are the bodies of its content. */
export interface Upload {
  number: number;
  id: string;
  vault: string;
  content: number;
  partSize: number;
  description: string;
  createdAt: number;
}

const columns = 'number, id, vault, content, part_size AS partSize, description, created_at AS createdAt';

/** An upload that is not complete. Throws ResourceNotFoundException. */
export function getUpload({ parts }: Glacier, vault: string, id: string): Upload {
  const found = parts.store.db
    .query<Upload, [string, string]>(
      `SELECT ${columns} FROM glacier_uploads WHERE vault = ? AND id = ? AND archive IS NULL`,
    )
    .get(vault, id);
  if (!found) throw notFound(`The upload ID was not found: ${id}`);
  return found;
}

/** The uploads of a vault that are not complete, in the order they began. */
export function uploadsOf({ parts }: Glacier, vault: string): Upload[] {
  return parts.store.db
    .query<Upload, [string]>(
      `SELECT ${columns} FROM glacier_uploads WHERE vault = ? AND archive IS NULL ORDER BY number`,
    )
    .all(vault);
}

/** What lists show of an upload. */
export function describeUpload({ parts }: Glacier, upload: Upload): Record<string, unknown> {
  return {
    ArchiveDescription: upload.description,
    CreationDate: new Date(upload.createdAt).toISOString(),
    MultipartUploadId: upload.id,
    PartSizeInBytes: upload.partSize,
    VaultARN: vaultArn(parts, upload.vault),
  };
}
