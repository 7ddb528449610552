/** CompleteMultipartUpload: the parts become one archive, if none is missing and their hash is the one expected. */
import { archiveCreated, createArchive } from './archives.ts';
import { bodiesOf, checkTreeHash } from './contents.ts';
import { invalidParameter } from './errors.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { requiredHeader, transaction } from './glacier.ts';
import { combineTreeHashes } from './tree-hash.ts';
import type { Upload } from './uploads.ts';
import { getUpload } from './uploads.ts';

export function completeMultipartUpload(glacier: Glacier, request: GlacierRequest): Response {
  const { vault, id } = request;
  const { db } = glacier.parts.store;
  const treeHash = requiredHeader(request, 'x-amz-sha256-tree-hash');
  const size = Number(requiredHeader(request, 'x-amz-archive-size'));
  const done = db
    .query<{ archive: string }, [string, string]>(
      'SELECT archive FROM glacier_uploads WHERE vault = ? AND id = ? AND archive IS NOT NULL',
    )
    .get(vault, id);
  if (done) return archiveCreated(vault, done.archive, treeHash);
  const archive = transaction(glacier, () => {
    const upload = getUpload(glacier, vault, id);
    checkParts(glacier, upload, size, treeHash);
    const { content, description } = upload;
    const archive = createArchive(glacier, { vault, content, size, treeHash: treeHash.toLowerCase(), description });
    db.query('UPDATE glacier_uploads SET archive = ?, content = NULL WHERE number = ?').run(archive, upload.number);
    return archive;
  });
  return archiveCreated(vault, archive, treeHash);
}

/** The parts lie end to end, all but the last are of the part size, and together they are what the client says. */
function checkParts(glacier: Glacier, upload: Upload, size: number, treeHash: string): void {
  const parts = bodiesOf(glacier, upload.content);
  let end = 0;
  for (const part of parts) {
    if (part.start !== end) throw invalidParameter(`The upload has no bytes from ${end} to ${part.start - 1}.`);
    end += part.size;
    const isLast = part === parts.at(-1);
    if (!isLast && part.size !== upload.partSize) {
      throw invalidParameter(`The part at ${part.start} is shorter than the part size, but not the last.`);
    }
  }
  if (parts.length === 0 || end !== size) {
    throw invalidParameter(`x-amz-archive-size is ${size}, but the parts have ${end} bytes.`);
  }
  checkTreeHash(treeHash, combineTreeHashes(parts.map((part) => part.treeHash)));
}
