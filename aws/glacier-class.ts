/**
 * The archive back end on S3's Glacier Flexible Retrieval class, for accounts that can no longer make vaults. An
 * archive is a copy of the result under `archived/`, proven by the full-object SHA-256 that S3 computes for a copy;
 * asking back makes a readable copy for two days, and fetching copies that to STANDARD.
 */
import { CopyObjectCommand, HeadObjectCommand, RestoreObjectCommand, type StorageClass } from '@aws-sdk/client-s3';
import { NotTheBytes, type ArchiveStore, type ProvenObject, type RetrievalTier } from './archive.ts';
import { awsErrorName, type Aws } from './clients.ts';
import { hashed } from './hashed.ts';
import { deleteObjects, listObjects, openObject, uploadStream, type Place } from './objects.ts';

/** Archives lie under this prefix of the bucket their result was in; the rest of the key is the result's. */
export const ARCHIVED_PREFIX = 'archived/';

/** CopyObject copies 5 GiB at most; anything larger is streamed. */
const COPY_BYTES_MAX = 5 * 2 ** 30;
/** Days the readable copy stays: longer than any restore takes, short enough to cost nothing much. */
const RESTORED_DAYS = 2;

export function createGlacierClass(aws: Aws, { bucket }: { bucket: string }): ArchiveStore {
  const place = (archiveId: string): Place => ({ bucket, key: archiveId });

  return {
    async store(object, _description, signal) {
      const archiveId = ARCHIVED_PREFIX + object.key;
      await copyProven(aws, object, { ...object, ...place(archiveId) }, 'GLACIER', signal);
      return archiveId;
    },

    async release({ bucket: from, key }) {
      await deleteObjects(aws, from, [key]);
    },

    async askBack(archiveId, tier) {
      const ask = async (Tier: RetrievalTier) => {
        const RestoreRequest = { Days: RESTORED_DAYS, GlacierJobParameters: { Tier } };
        try {
          await aws.s3Once.send(new RestoreObjectCommand({ Bucket: bucket, Key: archiveId, RestoreRequest }));
        } catch (error) {
          if (awsErrorName(error) !== 'RestoreAlreadyInProgress') throw error;
        }
        return { retrievalId: archiveId, tier: Tier };
      };
      if (tier !== 'Expedited') return ask(tier);
      try {
        return await ask('Expedited');
      } catch (error) {
        if (awsErrorName(error) !== 'GlacierExpeditedRetrievalNotAvailable') throw error;
        return ask('Standard');
      }
    },

    async check(archiveId) {
      const head = await aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: archiveId }));
      if (head.Restore === undefined) return { state: 'gone', reason: 'the restored copy has expired' };
      return head.Restore.includes('ongoing-request="true"') ? { state: 'in progress' } : { state: 'ready' };
    },

    async fetch(archiveId, _retrievalId, object) {
      await copyProven(aws, { ...object, ...place(archiveId) }, object, 'STANDARD');
    },

    async inventory() {
      const objects = await listObjects(aws, bucket, ARCHIVED_PREFIX);
      return objects.map(({ key, modified }) => ({
        archiveId: key,
        jobId: key.split('/')[2] ?? '',
        created: modified,
      }));
    },

    async delete(archiveId) {
      await deleteObjects(aws, bucket, [archiveId]);
    },
  };
}

/** Copies an object and compares the copy's SHA-256, size and class; a copy that fails is removed. @throws NotTheBytes */
async function copyProven(
  aws: Aws,
  source: ProvenObject,
  target: ProvenObject,
  storageClass: StorageClass,
  signal?: AbortSignal,
): Promise<void> {
  const options = signal ? { abortSignal: signal } : {};
  let got: string;
  if (source.bytes <= COPY_BYTES_MAX) {
    const { CopyObjectResult } = await aws.s3.send(
      new CopyObjectCommand({
        Bucket: target.bucket,
        Key: target.key,
        CopySource: `${source.bucket}/${source.key.split('/').map(encodeURIComponent).join('/')}`,
        StorageClass: storageClass,
        ChecksumAlgorithm: 'SHA256',
        MetadataDirective: 'REPLACE',
        ContentType: source.contentType,
      }),
      options,
    );
    got = Buffer.from(CopyObjectResult?.ChecksumSHA256 ?? '', 'base64').toString('hex');
  } else {
    got = await streamTo(aws, source, target, storageClass, signal);
  }
  const head = await aws.s3.send(new HeadObjectCommand({ Bucket: target.bucket, Key: target.key }), options);
  const sameClass = (head.StorageClass ?? 'STANDARD') === storageClass;
  if (got === source.sha256 && head.ContentLength === source.bytes && sameClass) return;
  await deleteObjects(aws, target.bucket, [target.key]);
  throw new NotTheBytes(
    `copy of s3://${source.bucket}/${source.key}, ${head.ContentLength} bytes of class ${head.StorageClass ?? 'STANDARD'}`,
    source.sha256,
    got,
  );
}

/** Uploads what is read, S3 checking each part; answers the SHA-256 of what passed through. */
async function streamTo(
  aws: Aws,
  source: Place,
  target: ProvenObject,
  storageClass: StorageClass,
  signal?: AbortSignal,
): Promise<string> {
  const { stream, sha256 } = hashed((await openObject(aws, source, signal)).stream);
  await uploadStream(aws, target, stream, { contentType: target.contentType, storageClass }, signal);
  return sha256();
}
