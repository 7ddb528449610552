/** UploadArchive: one request, at most 4 GiB; the archive is there when its hashes have been proven. */
import { archiveCreated, contentOf, createArchive } from './archives.ts';
import { receive } from './contents.ts';
import { invalidParameter } from './errors.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { readDescription, requiredHeader, transaction } from './glacier.ts';
import { getVault } from './vaults.ts';

const sizeMax = 4 * 1024 ** 3;

export async function uploadArchive(glacier: Glacier, request: GlacierRequest): Promise<Response> {
  const { vault } = request;
  getVault(glacier, vault);
  const description = readDescription(request.headers.get('x-amz-archive-description'));
  const treeHash = requiredHeader(request, 'x-amz-sha256-tree-hash');
  requiredHeader(request, 'x-amz-content-sha256');
  if (request.headers.get('content-length') === '0') throw invalidParameter('Invalid content length: 0');
  const body = await receive(glacier, request.body, { treeHash, sizeMax });
  const id = transaction(glacier, () => {
    getVault(glacier, vault);
    return createArchive(glacier, { ...body, vault, description, content: contentOf(glacier, body) });
  });
  return archiveCreated(vault, id, body.treeHash);
}
