/** UploadMultipartPart: in any order, several at a time; a part sent again takes the place of the first. */
import { addBody, receive } from './contents.ts';
import { invalidParameter } from './errors.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { requiredHeader, transaction } from './glacier.ts';
import { getUpload } from './uploads.ts';

const partsMax = 10_000;

export async function uploadMultipartPart(glacier: Glacier, request: GlacierRequest): Promise<Response> {
  const { vault, id } = request;
  const upload = getUpload(glacier, vault, id);
  const treeHash = requiredHeader(request, 'x-amz-sha256-tree-hash');
  requiredHeader(request, 'x-amz-content-sha256');
  const { start, size } = readContentRange(requiredHeader(request, 'content-range'), upload.partSize);
  const body = await receive(glacier, request.body, { treeHash, sizeMax: size });
  if (body.size !== size) {
    glacier.bodies.discard([body.name]);
    throw invalidParameter(`Content-Range says ${size} bytes, but ${body.size} were sent.`);
  }
  const replaced = transaction(glacier, () => {
    const { content } = getUpload(glacier, vault, id);
    const old = glacier.parts.store.db
      .query<{ name: string }, [number, number]>(
        'DELETE FROM glacier_bodies WHERE content = ? AND start = ? RETURNING name',
      )
      .all(content, start);
    addBody(glacier, content, start, body);
    return old.map(({ name }) => name);
  });
  glacier.bodies.discard(replaced);
  return new Response(null, { status: 204, headers: { 'x-amz-sha256-tree-hash': body.treeHash } });
}

/** `bytes 0-4194303/*`: begins at a multiple of the part size, and is not longer than it. */
function readContentRange(header: string, partSize: number): { start: number; size: number } {
  const [, first, last] = /^bytes (\d{1,15})-(\d{1,15})\/\*$/.exec(header) ?? [];
  const start = Number(first);
  const size = Number(last) - start + 1;
  if (first === undefined || size < 1) throw invalidParameter(`Invalid Content-Range: ${header}`);
  if (start % partSize !== 0 || size > partSize || start / partSize >= partsMax) {
    throw invalidParameter(`Content-Range: ${header} is not aligned with part size: ${partSize}`);
  }
  return { start, size };
}
