/**
 * Amazon S3 Glacier vaults (API version 2012-06-01) in the embedded cloud: archives by one upload or in parts,
 * retrieval and inventory jobs that take as long as the settings say, notifications. REST paths in, JSON out. Vault
 * locks, access policies, tags, provisioned capacity and retrieval policies answer NotImplemented.
 */
import { join } from 'node:path';
import { AwsError, notImplemented } from '../errors.ts';
import { Bodies } from '../s3/bodies.ts';
import { ACCOUNT_ID, type AwsRequest, type Parts, type Service } from '../service.ts';
import { decodePath } from '../signature.ts';
import { abortMultipartUpload } from './abort-multipart-upload.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { createVault } from './create-vault.ts';
import { deleteArchive } from './delete-archive.ts';
import { deleteVault } from './delete-vault.ts';
import { describeJob } from './describe-job.ts';
import { describeVault } from './describe-vault.ts';
import { missingParameter } from './errors.ts';
import { getJobOutput } from './get-job-output.ts';
import type { Glacier, Operation } from './glacier.ts';
import { schema } from './glacier.ts';
import { initiateJob } from './initiate-job.ts';
import { initiateMultipartUpload } from './initiate-multipart-upload.ts';
import { Jobs } from './jobs.ts';
import { listJobs } from './list-jobs.ts';
import { listMultipartUploads } from './list-multipart-uploads.ts';
import { listParts } from './list-parts.ts';
import { listVaults } from './list-vaults.ts';
import { uploadArchive } from './upload-archive.ts';
import { uploadMultipartPart } from './upload-multipart-part.ts';
import { deleteVaultNotifications, getVaultNotifications, setVaultNotifications } from './vault-notifications.ts';

/** The path of an operation; `*` is a name. */
const routes: readonly [method: string, path: string, operation: Operation][] = [
  ['GET', 'vaults', listVaults],
  ['PUT', 'vaults/*', createVault],
  ['GET', 'vaults/*', describeVault],
  ['DELETE', 'vaults/*', deleteVault],
  ['PUT', 'vaults/*/notification-configuration', setVaultNotifications],
  ['GET', 'vaults/*/notification-configuration', getVaultNotifications],
  ['DELETE', 'vaults/*/notification-configuration', deleteVaultNotifications],
  ['POST', 'vaults/*/archives', uploadArchive],
  ['DELETE', 'vaults/*/archives/*', deleteArchive],
  ['POST', 'vaults/*/multipart-uploads', initiateMultipartUpload],
  ['GET', 'vaults/*/multipart-uploads', listMultipartUploads],
  ['PUT', 'vaults/*/multipart-uploads/*', uploadMultipartPart],
  ['POST', 'vaults/*/multipart-uploads/*', completeMultipartUpload],
  ['DELETE', 'vaults/*/multipart-uploads/*', abortMultipartUpload],
  ['GET', 'vaults/*/multipart-uploads/*', listParts],
  ['POST', 'vaults/*/jobs', initiateJob],
  ['GET', 'vaults/*/jobs', listJobs],
  ['GET', 'vaults/*/jobs/*', describeJob],
  ['GET', 'vaults/*/jobs/*/output', getJobOutput],
];

/** Glacier over the store of the cloud. */
export function createGlacier(parts: Parts): Service {
  const { db } = parts.store;
  db.run(schema);
  const jobs: Jobs = new Jobs(() => glacier);
  const glacier: Glacier = { parts, bodies: new Bodies(join(parts.store.bodies, 'glacier')), jobs };
  return {
    async handle(request) {
      const { operation, vault, id } = route(request);
      if (!request.headers.has('x-amz-glacier-version')) throw missingParameter('x-amz-glacier-version');
      const response = await operation(glacier, { ...request, vault, id });
      response.headers.set('x-amzn-requestid', request.requestId);
      return response;
    },
    error: (error, request) => answerError(error, request, parts.report),
    start() {
      const known = new Set(
        db
          .query<{ name: string }, []>('SELECT name FROM glacier_bodies')
          .all()
          .map(({ name }) => name),
      );
      glacier.bodies.sweep((name) => known.has(name));
      jobs.start();
    },
    stop: () => jobs.stop(),
  };
}

/** Which operation a request asks for, of which vault and which thing in it. */
function route({ method, rawPath }: AwsRequest): { operation: Operation; vault: string; id: string } {
  const [, account = '', ...path] = decodePath(rawPath).split('/');
  if (account !== '-' && account !== ACCOUNT_ID) {
    throw new AwsError('AccessDeniedException', 403, `Not authorized to access the account ${account}.`);
  }
  for (const [wantedMethod, pattern, operation] of routes) {
    const wanted = pattern.split('/');
    const fits = wanted.length === path.length && wanted.every((each, i) => each === '*' || each === path[i]);
    if (fits && method === wantedMethod) return { operation, vault: path[1] ?? '', id: path[3] ?? '' };
  }
  throw notImplemented('Glacier', `${method} ${rawPath}`);
}

function answerError(error: unknown, request: AwsRequest, report: Parts['report']): Response {
  if (!(error instanceof AwsError)) {
    report('Glacier could not answer a request', error);
    const fault = new AwsError('ServiceUnavailableException', 500, 'The service cannot complete the request.');
    return answerError(fault, request, report);
  }
  const { code, message, status } = error;
  return Response.json(
    { code, message, type: status < 500 ? 'Client' : 'Server' },
    { status, headers: { 'x-amzn-requestid': request.requestId } },
  );
}
