/** ListMultipartUploads: those in progress. */
import type { Glacier, GlacierRequest } from './glacier.ts';
import { page } from './glacier.ts';
import { describeUpload, uploadsOf } from './uploads.ts';
import { getVault } from './vaults.ts';

export function listMultipartUploads(glacier: Glacier, request: GlacierRequest): Response {
  getVault(glacier, request.vault);
  const { items, Marker } = page(uploadsOf(glacier, request.vault), request, 50, ({ id }) => id);
  return Response.json({ UploadsList: items.map((upload) => describeUpload(glacier, upload)), Marker });
}
