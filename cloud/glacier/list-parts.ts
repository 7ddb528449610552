/** ListParts, in order. */
import { bodiesOf } from './contents.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { page } from './glacier.ts';
import { describeUpload, getUpload } from './uploads.ts';

export function listParts(glacier: Glacier, request: GlacierRequest): Response {
  const upload = getUpload(glacier, request.vault, request.id);
  const { items, Marker } = page(bodiesOf(glacier, upload.content), request, 50, ({ start }) => String(start));
  return Response.json({
    ...describeUpload(glacier, upload),
    Parts: items.map(({ start, size, treeHash }) => ({
      RangeInBytes: `${start}-${start + size - 1}`,
      SHA256TreeHash: treeHash,
    })),
    Marker,
  });
}
