/** InitiateMultipartUpload. */
import { createContent } from './contents.ts';
import { invalidParameter } from './errors.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { location, randomId, readDescription, requiredHeader, transaction } from './glacier.ts';
import { mebibyte } from './tree-hash.ts';
import { getVault } from './vaults.ts';

export function initiateMultipartUpload(glacier: Glacier, request: GlacierRequest): Response {
  const { vault } = request;
  const { store, clock } = glacier.parts;
  getVault(glacier, vault);
  const description = readDescription(request.headers.get('x-amz-archive-description'));
  const partSize = Number(requiredHeader(request, 'x-amz-part-size'));
  const mebibytes = partSize / mebibyte;
  if (!Number.isInteger(Math.log2(mebibytes)) || mebibytes < 1 || mebibytes > 4096) {
    throw invalidParameter('Invalid part size: it must be one mebibyte multiplied by a power of 2, and at most 4 GiB.');
  }
  const id = randomId(92);
  transaction(glacier, () =>
    store.db
      .query(
        `INSERT INTO glacier_uploads (id, vault, content, part_size, description, created_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(id, vault, createContent(glacier), partSize, description, clock.now()),
  );
  return new Response(null, {
    status: 201,
    headers: { location: location(vault, 'multipart-uploads', id), 'x-amz-multipart-upload-id': id },
  });
}
