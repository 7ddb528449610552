/** ListJobs: those in progress and those whose output is still kept. */
import { invalidParameter } from './errors.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { page } from './glacier.ts';
import { describeJob } from './jobs.ts';
import { getVault } from './vaults.ts';

export function listJobs(glacier: Glacier, request: GlacierRequest): Response {
  getVault(glacier, request.vault);
  const status = request.query.get('statuscode');
  const completed = request.query.get('completed');
  if (status !== null && !['InProgress', 'Succeeded', 'Failed'].includes(status)) {
    throw invalidParameter(`Invalid status code: ${status}`);
  }
  if (completed !== null && completed !== 'true' && completed !== 'false') {
    throw invalidParameter(`Invalid value of completed: ${completed}`);
  }
  const jobs = glacier.jobs
    .list(request.vault)
    .filter((job) => status === null || job.status === status)
    .filter((job) => completed === null || (job.status !== 'InProgress') === (completed === 'true'));
  const { items, Marker } = page(jobs, request, 50, ({ id }) => id);
  return Response.json({ JobList: items.map((job) => describeJob(glacier, job)), Marker });
}
