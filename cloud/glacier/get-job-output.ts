/** GetJobOutput: what a job retrieved, whole or in part, with the tree hash of what is sent where the tree has one. */
import { streamOf } from '../wire/body.ts';
import { readContent, treeHashOf } from './contents.ts';
import { invalidParameter } from './errors.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import type { Job } from './jobs.ts';
import { isTreeHashAligned } from './tree-hash.ts';
import { getVault } from './vaults.ts';

export async function getJobOutput(glacier: Glacier, request: GlacierRequest): Promise<Response> {
  getVault(glacier, request.vault);
  const job = glacier.jobs.get(request.vault, request.id);
  const { content } = job;
  if (job.status !== 'Succeeded' || content === null) {
    throw invalidParameter(`The job is not currently available for download: ${job.id}`);
  }
  const output = outputOf(job);
  const total = output.end - output.start;
  const range = readRange(request.headers.get('range'), total);
  const start = output.start + range.start;
  const end = output.start + range.end;
  const headers = new Headers({
    'accept-ranges': 'bytes',
    'content-length': String(end - start),
    'content-type': output.contentType,
  });
  if (range.isPart) headers.set('content-range', `bytes ${range.start}-${range.end - 1}/${total}`);
  if (job.request.type === 'archive-retrieval') {
    headers.set('x-amz-archive-description', job.request.archiveDescription);
    const treeHash = range.isPart ? await partTreeHash(glacier, job, start, end) : job.request.treeHash;
    if (treeHash !== null) headers.set('x-amz-sha256-tree-hash', treeHash);
  }
  const status = range.isPart ? 206 : 200;
  return new Response(streamOf(readContent(glacier, content, start, end)), { status, headers });
}

function outputOf({ request }: Job): { start: number; end: number; contentType: string } {
  if (request.type === 'archive-retrieval') {
    return { start: request.start, end: request.end, contentType: 'application/octet-stream' };
  }
  const contentType = request.inventory.format === 'CSV' ? 'text/csv' : 'application/json';
  return { start: 0, end: request.size, contentType };
}

async function partTreeHash(glacier: Glacier, { request, content }: Job, start: number, end: number) {
  if (request.type !== 'archive-retrieval' || content === null) return null;
  return isTreeHashAligned(start, end, request.archiveSize) ? await treeHashOf(glacier, content, start, end) : null;
}

/** `bytes=0-1048575`, within the output; a last byte beyond it means its end. */
function readRange(header: string | null, total: number): { start: number; end: number; isPart: boolean } {
  if (header === null) return { start: 0, end: total, isPart: false };
  const [, first, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header) ?? [];
  const start = Number(first);
  const end = last === '' ? total : Math.min(total, Number(last) + 1);
  if (first === undefined || start >= end) throw invalidParameter(`Invalid range: ${header}`);
  return { start, end, isPart: true };
}
