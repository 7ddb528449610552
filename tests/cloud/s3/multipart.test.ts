/** Multipart uploads: what parts become, what is refused, and what remains of an upload that ends otherwise. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type ListMultipartUploadsCommandInput,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from './failure.ts';

const Bucket = 'multipart';
const MIB = 1024 * 1024;
const first = randomBytes(5 * MIB);
const last = randomBytes(1000);
let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startTestCloud();
  s3 = new S3Client(cloud.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  expect(cloud.faults).toEqual([]);
  s3.destroy();
  await cloud.stop();
});

async function begin(Key: string, more: object = {}): Promise<{ Bucket: string; Key: string; UploadId: string }> {
  const { UploadId = '' } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return { Bucket, Key, UploadId };
}

type Begun = Awaited<ReturnType<typeof begin>>;

async function upload(begun: Begun, PartNumber: number, Body: Uint8Array, more: object = {}): Promise<CompletedPart> {
  const {
    ETag,
    $metadata: _,
    ...checksums
  } = await s3.send(new UploadPartCommand({ ...begun, PartNumber, Body, ...more }));
  return { PartNumber, ETag, ...checksums };
}

const complete = (begun: Begun, Parts: CompletedPart[], more: object = {}) =>
  s3.send(new CompleteMultipartUploadCommand({ ...begun, MultipartUpload: { Parts }, ...more }));

const bytesOf = async (Key: string) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

const md5 = (...pieces: Uint8Array[]) => createHash('md5').update(Buffer.concat(pieces)).digest();

describe('an upload in parts', () => {
  test('becomes one object, with an ETag of ETags and what was said at the beginning', async () => {
    const begun = await begin('joined', { ContentType: 'text/x-vcf', Metadata: { job: '1' } });
    const parts = [await upload(begun, 2, first), await upload(begun, 7, last)];
    const done = await complete(begun, parts);
    const etag = `"${md5(md5(first), md5(last)).toString('hex')}-2"`;
    expect(done).toMatchObject({ Bucket, Key: 'joined', ETag: etag });
    expect(await bytesOf('joined')).toEqual(Buffer.concat([first, last]));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'joined' }));
    expect(head).toMatchObject({
      ETag: etag,
      ContentType: 'text/x-vcf',
      Metadata: { job: '1' },
      ContentLength: 5 * MIB + 1000,
    });
  });

  test('completed again says the same, as after a lost answer', async () => {
    const begun = await begin('twice');
    const parts = [await upload(begun, 1, last)];
    const { ETag } = await complete(begun, parts);
    expect((await complete(begun, parts)).ETag).toBe(ETag ?? '');
    await s3.send(new PutObjectCommand({ Bucket, Key: 'twice', Body: 'replaced' }));
    expect(await failure(complete(begun, parts))).toEqual(['NoSuchUpload', 404]);
  });

  test('takes the latest part of a number', async () => {
    const begun = await begin('latest');
    const stale = await upload(begun, 1, first);
    const fresh = await upload(begun, 1, last);
    expect(await failure(complete(begun, [stale]))).toEqual(['InvalidPart', 400]);
    await complete(begun, [fresh]);
    expect(await bytesOf('latest')).toEqual(last);
  });

  test('aborted leaves nothing', async () => {
    const begun = await begin('aborted');
    const part = await upload(begun, 1, last);
    await s3.send(new AbortMultipartUploadCommand(begun));
    expect(await failure(complete(begun, [part]))).toEqual(['NoSuchUpload', 404]);
    expect(await failure(s3.send(new AbortMultipartUploadCommand(begun)))).toEqual(['NoSuchUpload', 404]);
    expect(await failure(bytesOf('aborted'))).toEqual(['NoSuchKey', 404]);
  });

  test('survives a restart', async () => {
    const begun = await begin('restarted');
    const part = await upload(begun, 1, first);
    await cloud.restart();
    await complete(begun, [part, await upload(begun, 2, last)]);
    expect(await bytesOf('restarted')).toEqual(Buffer.concat([first, last]));
  });

  test('copies parts from other objects, by range', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: first }));
    const begun = await begin('from copies');
    const copy = async (PartNumber: number, more: object = {}): Promise<CompletedPart> => {
      const { CopyPartResult } = await s3.send(
        new UploadPartCopyCommand({ ...begun, PartNumber, CopySource: `${Bucket}/source`, ...more }),
      );
      return { PartNumber, ETag: CopyPartResult?.ETag };
    };
    await complete(begun, [await copy(1), await copy(2, { CopySourceRange: 'bytes=100-199' })]);
    expect(await bytesOf('from copies')).toEqual(Buffer.concat([first, first.subarray(100, 200)]));
    const beyond = await begin('beyond');
    const range = { ...beyond, PartNumber: 1, CopySource: `${Bucket}/source`, CopySourceRange: `bytes=0-${5 * MIB}` };
    expect(await failure(s3.send(new UploadPartCopyCommand(range)))).toEqual(['InvalidArgument', 400]);
    await s3.send(new AbortMultipartUploadCommand(beyond));
  });
});

describe('checksums of parts', () => {
  test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('%s become a composite one', async (algorithm) => {
    const member = `Checksum${algorithm}` as const;
    const begun = await begin(`composite-${algorithm}`, { ChecksumAlgorithm: algorithm });
    const parts = [
      await upload(begun, 1, first, { ChecksumAlgorithm: algorithm }),
      await upload(begun, 2, last, { ChecksumAlgorithm: algorithm }),
    ];
    const done = await complete(begun, parts);
    expect(done.ChecksumType).toBe('COMPOSITE');
    expect(done[member]).toMatch(/^[\w+/]+=*-2$/);
    if (algorithm === 'SHA256') {
      const digests = [first, last].map((bytes) => createHash('sha256').update(bytes).digest());
      expect(done.ChecksumSHA256).toBe(`${createHash('sha256').update(Buffer.concat(digests)).digest('base64')}-2`);
    }
  });

  test('of the whole object are computed when asked for, and compared when told', async () => {
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(Bun.hash.crc32(Buffer.concat([first, last])));
    const begun = await begin('full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const parts = [await upload(begun, 1, first), await upload(begun, 2, last)];
    expect(await failure(complete(begun, parts, { ChecksumCRC32: 'AAAAAA==' }))).toEqual(['BadDigest', 400]);
    const done = await complete(begun, parts, { ChecksumCRC32: crc.toString('base64') });
    expect([done.ChecksumType, done.ChecksumCRC32]).toEqual(['FULL_OBJECT', crc.toString('base64')]);
  });

  test('must be those of the upload', async () => {
    const begun = await begin('mixed', { ChecksumAlgorithm: 'SHA256' });
    const part = upload(begun, 1, last, { ChecksumAlgorithm: 'CRC32' });
    expect(await failure(part)).toEqual(['InvalidRequest', 400]);
    await s3.send(new AbortMultipartUploadCommand(begun));
  });
});

describe('completing is refused', () => {
  test.each([
    ['parts out of order', 'InvalidPartOrder', (parts: CompletedPart[]) => parts.toReversed()],
    ['a part twice', 'InvalidPartOrder', ([part]: CompletedPart[]) => [part, part] as CompletedPart[]],
    ['a part that never came', 'InvalidPart', ([part]: CompletedPart[]) => [{ ...part, PartNumber: 9 }]],
    ['a wrong ETag', 'InvalidPart', ([part]: CompletedPart[]) => [{ ...part, ETag: '"x"' }]],
    ['no part', 'MalformedXML', () => []],
  ])('for %s', async (_why, code, change) => {
    const begun = await begin('refused');
    const parts = [await upload(begun, 1, first), await upload(begun, 2, last)];
    expect(await failure(complete(begun, change(parts)))).toEqual([code, 400]);
    await s3.send(new AbortMultipartUploadCommand(begun));
  });

  test('for small parts before the last', async () => {
    const begun = await begin('small');
    const parts = [await upload(begun, 1, last), await upload(begun, 2, last)];
    expect(await failure(complete(begun, parts))).toEqual(['EntityTooSmall', 400]);
    await s3.send(new AbortMultipartUploadCommand(begun));
  });

  test('when the key is taken and must not be', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'taken', Body: 'x' }));
    const begun = await begin('taken');
    const part = await upload(begun, 1, last);
    expect(await failure(complete(begun, [part], { IfNoneMatch: '*' }))).toEqual(['PreconditionFailed', 412]);
    await s3.send(new AbortMultipartUploadCommand(begun));
  });

  test.each([0, 10_001])('for part number %d', async (PartNumber) => {
    const begun = await begin('numbered');
    expect(await failure(upload(begun, PartNumber, last))).toEqual(['InvalidArgument', 400]);
    await s3.send(new AbortMultipartUploadCommand(begun));
  });
});

describe('uploads under way', () => {
  test('are listed with their parts, page by page', async () => {
    const begun = await Promise.all(['l/a', 'l/a', 'l/b', 'm'].map((key) => begin(key)));
    const seen: string[] = [];
    let marker: Pick<ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'> = {};
    for (;;) {
      const page = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'l/', MaxUploads: 1, ...marker }));
      seen.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId ?? ''));
      if (!page.IsTruncated) break;
      marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
    expect(seen.sort()).toEqual(
      begun
        .slice(0, 3)
        .map(({ UploadId }) => UploadId)
        .sort(),
    );

    const [one] = begun as [Begun];
    for (const number of [3, 1, 2]) await upload(one, number, last);
    const parts = await s3.send(new ListPartsCommand({ ...one, MaxParts: 2 }));
    expect(parts.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 1000],
      [2, 1000],
    ]);
    const rest = await s3.send(new ListPartsCommand({ ...one, PartNumberMarker: parts.NextPartNumberMarker }));
    expect(rest.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([3]);
    await Promise.all(begun.map((each) => s3.send(new AbortMultipartUploadCommand(each))));
  });

  test('of lib-storage go through in pieces and come back whole', async () => {
    const bytes = randomBytes(17 * MIB + 3);
    const Body = Readable.from([bytes.subarray(0, 3), bytes.subarray(3, 9 * MIB), bytes.subarray(9 * MIB)]);
    const done = await new Upload({
      client: s3,
      params: { Bucket, Key: 'lib-storage', Body },
      partSize: 5 * MIB,
    }).done();
    expect(done.ETag).toEndWith('-4"');
    expect(await bytesOf('lib-storage')).toEqual(bytes);
  });

  test('leave no file behind once they have ended', async () => {
    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(readdirSync(join(cloud.dataDir, 'bodies', 's3')).length).toBe(KeyCount ?? -1);
  });
});
