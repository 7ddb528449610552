/**
 * The archive back end on a Glacier vault. Uploads and downloads are streamed in parts; the tree hash Glacier
 * answers and the SHA-256 of the result are both compared before anything is called stored or restored.
 * Closed to new AWS customers since 15 December 2025; `glacier-class.ts` is the other back end.
 */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  DeleteArchiveCommand,
  DescribeJobCommand,
  GetJobOutputCommand,
  InitiateJobCommand,
  InitiateMultipartUploadCommand,
  ListJobsCommand,
  UploadArchiveCommand,
  UploadMultipartPartCommand,
} from '@aws-sdk/client-glacier';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { NotTheBytes, type ArchiveStore, type Retrieval, type StoredArchive, type RetrievalTier } from './archive.ts';
import { awsErrorName, type Aws } from './clients.ts';
import { hashed } from './hashed.ts';
import { deleteObjects, openObject, uploadStream } from './objects.ts';
import { TreeHash } from './tree-hash.ts';

/** Parts are a power of two of MiB; with 10,000 parts at most, archives reach 156 GiB. */
const PART_BYTES = 16 * 2 ** 20;

export interface VaultSettings {
  vault: string;
  /** Told when a retrieval is ready. */
  topicArn: string;
}

export function createVault(aws: Aws, { vault, topicArn }: VaultSettings): ArchiveStore {
  const place = { accountId: '-', vaultName: vault };

  return {
    async store(object, description, signal) {
      const { stream } = await openObject(aws, object, signal);
      const uploaded = await upload(aws, place, stream, description, signal);
      if (uploaded.sha256 !== object.sha256) {
        await this.delete(uploaded.archiveId);
        throw new NotTheBytes(
          `s3://${object.bucket}/${object.key} on its way to the vault`,
          object.sha256,
          uploaded.sha256,
        );
      }
      return uploaded.archiveId;
    },

    async release({ bucket, key }) {
      await deleteObjects(aws, bucket, [key]);
    },

    async askBack(archiveId, tier, description) {
      const ask = async (client: Aws['glacier'], Tier: RetrievalTier) => {
        const jobParameters = {
          Type: 'archive-retrieval',
          ArchiveId: archiveId,
          Tier,
          Description: description,
          SNSTopic: topicArn,
        };
        const { jobId } = await client.send(new InitiateJobCommand({ ...place, jobParameters }));
        return { retrievalId: jobId ?? '', tier: Tier };
      };
      if (tier !== 'Expedited') return ask(aws.glacier, tier);
      try {
        return await ask(aws.glacierOnce, 'Expedited');
      } catch (error) {
        const name = awsErrorName(error);
        if (name !== 'InsufficientCapacityException' && name !== 'PolicyEnforcedException') throw error;
        return ask(aws.glacier, 'Standard');
      }
    },

    async check(_archiveId, retrievalId): Promise<Retrieval> {
      try {
        const job = await aws.glacier.send(new DescribeJobCommand({ ...place, jobId: retrievalId }));
        if (job.StatusCode === 'InProgress') return { state: 'in progress' };
        if (job.StatusCode === 'Succeeded') return { state: 'ready' };
        return { state: 'gone', reason: job.StatusMessage ?? 'the retrieval failed' };
      } catch (error) {
        if (awsErrorName(error) !== 'ResourceNotFoundException') throw error;
        return { state: 'gone', reason: 'the retrieval has expired' };
      }
    },

    async fetch(_archiveId, retrievalId, object) {
      const { body } = await aws.glacier.send(new GetJobOutputCommand({ ...place, jobId: retrievalId }));
      const source = hashed(body as unknown as Readable);
      await uploadStream(aws, object, source.stream, object);
      const got = source.sha256();
      if (got !== object.sha256) {
        await deleteObjects(aws, object.bucket, [object.key]);
        throw new NotTheBytes(`retrieval ${retrievalId} of vault ${vault}`, object.sha256, got);
      }
    },

    async inventory() {
      const { JobList = [] } = await aws.glacier.send(new ListJobsCommand(place));
      const inventories = JobList.filter(({ Action }) => Action === 'InventoryRetrieval');
      const ready = inventories.find(({ StatusCode }) => StatusCode === 'Succeeded');
      if (ready?.JobId) return readInventory(aws, place, ready.JobId);
      if (!inventories.some(({ StatusCode }) => StatusCode === 'InProgress')) {
        const jobParameters = { Type: 'inventory-retrieval', Format: 'JSON' };
        await aws.glacier.send(new InitiateJobCommand({ ...place, jobParameters }));
      }
      return null;
    },

    async delete(archiveId) {
      try {
        await aws.glacier.send(new DeleteArchiveCommand({ ...place, archiveId }));
      } catch (error) {
        if (awsErrorName(error) !== 'ResourceNotFoundException') throw error;
      }
    },
  };
}

/** "Inventory retrieval", Amazon S3 Glacier Developer Guide: the output of an inventory job as JSON. */
async function readInventory(aws: Aws, place: VaultPlace, jobId: string): Promise<StoredArchive[]> {
  const { body } = await aws.glacier.send(new GetJobOutputCommand({ ...place, jobId }));
  const inventory = JSON.parse((await body?.transformToString()) ?? '{}') as {
    ArchiveList?: { ArchiveId: string; ArchiveDescription?: string; CreationDate: string }[];
  };
  return (inventory.ArchiveList ?? []).map(({ ArchiveId, ArchiveDescription = '', CreationDate }) => ({
    archiveId: ArchiveId,
    jobId: ArchiveDescription.split(' ')[0] ?? '',
    created: CreationDate,
  }));
}

interface VaultPlace {
  accountId: string;
  vaultName: string;
}

/** One request when the archive fits a part, a multipart upload otherwise. */
async function upload(
  aws: Aws,
  place: VaultPlace,
  stream: Readable,
  description: string,
  signal: AbortSignal,
): Promise<{ archiveId: string; sha256: string }> {
  const whole = createHash('sha256');
  const tree = new TreeHash();
  const take = (part: Buffer) => {
    whole.update(part);
    tree.update(part);
    return part;
  };
  const parts = partsOf(stream)[Symbol.asyncIterator]();
  const first = take((await parts.next()).value ?? Buffer.alloc(0));
  let next = await parts.next();
  if (next.done) {
    const command = new UploadArchiveCommand({ ...place, archiveDescription: description, body: first });
    const { archiveId, checksum } = await aws.glacier.send(command, { abortSignal: signal });
    if (checksum !== tree.digest()) throw new NotTheBytes('archive', tree.digest(), checksum ?? '');
    return { archiveId: archiveId ?? '', sha256: whole.digest('hex') };
  }

  const { uploadId } = await aws.glacier.send(
    new InitiateMultipartUploadCommand({ ...place, archiveDescription: description, partSize: String(PART_BYTES) }),
  );
  try {
    let at = 0;
    const send = async (part: Buffer) => {
      const range = `bytes ${at}-${at + part.length - 1}/*`;
      await aws.glacier.send(new UploadMultipartPartCommand({ ...place, uploadId, range, body: part }), {
        abortSignal: signal,
      });
      at += part.length;
    };
    await send(first);
    for (; !next.done; next = await parts.next()) await send(take(next.value));
    const { archiveId, checksum } = await aws.glacier.send(
      new CompleteMultipartUploadCommand({ ...place, uploadId, archiveSize: String(at), checksum: tree.digest() }),
    );
    if (checksum !== tree.digest()) throw new NotTheBytes('archive', tree.digest(), checksum ?? '');
    return { archiveId: archiveId ?? '', sha256: whole.digest('hex') };
  } catch (error) {
    await aws.glacier.send(new AbortMultipartUploadCommand({ ...place, uploadId })).catch(() => undefined);
    throw error;
  }
}

/** A stream cut into buffers of PART_BYTES, the last one shorter. An empty stream has no part. */
async function* partsOf(stream: Readable): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let held = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    let rest = piece;
    while (held + rest.length >= PART_BYTES) {
      const take = PART_BYTES - held;
      yield Buffer.concat([...pieces, rest.subarray(0, take)]);
      rest = rest.subarray(take);
      pieces = [];
      held = 0;
    }
    if (rest.length > 0) pieces.push(Buffer.from(rest));
    held += rest.length;
  }
  if (held > 0) yield Buffer.concat(pieces);
}
