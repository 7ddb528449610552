import {
  DeleteArchiveCommand,
  DescribeJobCommand,
  DescribeVaultCommand,
  GetJobOutputCommand,
  InitiateJobCommand,
  ListJobsCommand,
  type JobParameters,
  type ListJobsCommandInput,
} from '@aws-sdk/client-glacier';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mebibyte } from '../../../cloud/glacier/tree-hash.ts';
import { failure } from '../../support/failure.ts';
import { hour, randomBytes, startTestVault, treeHashOf, vault, type TestVault } from './vault-to-test.ts';

let hasCapacity = true;
let it: TestVault;

beforeAll(async () => {
  it = await startTestVault({
    retrievalMs: { Expedited: 60_000, Standard: 4 * hour, Bulk: 8 * hour },
    expeditedCapacity: () => hasCapacity,
  });
});

afterAll(() => it.stop());

const describeJob = (jobId: string) => it.client.send(new DescribeJobCommand({ ...vault, jobId }));
const notReady = (jobId: string) =>
  `InvalidParameterValueException: The job is not currently available for download: ${jobId}`;

describe('a retrieval', () => {
  test.each([
    ['Expedited', 60_000],
    ['Standard', 4 * hour],
    ['Bulk', 8 * hour],
  ])('of tier %s takes its time, then gives the archive as it was', async (Tier, delayMs) => {
    const bytes = randomBytes(mebibyte + 3);
    const archiveId = await it.upload(bytes, 'described');
    const created = new Date(it.clock.now()).toISOString();
    const jobId = await it.initiate({ Type: 'archive-retrieval', ArchiveId: archiveId, Tier, Description: 'for Ada' });
    expect(jobId).toMatch(/^[\w-]{92}$/);
    await it.clock.advance(delayMs - 1);
    expect(await failure(it.output(jobId))).toBe(notReady(jobId));
    expect(await describeJob(jobId)).toMatchObject({
      Completed: false,
      StatusCode: 'InProgress',
      CreationDate: created,
    });
    await it.clock.advance(1);

    expect(await describeJob(jobId)).toMatchObject({
      Action: 'ArchiveRetrieval',
      ArchiveId: archiveId,
      ArchiveSHA256TreeHash: treeHashOf(bytes),
      ArchiveSizeInBytes: bytes.length,
      Completed: true,
      CompletionDate: new Date(it.clock.now()).toISOString(),
      CreationDate: created,
      JobDescription: 'for Ada',
      JobId: jobId,
      RetrievalByteRange: `0-${bytes.length - 1}`,
      SHA256TreeHash: treeHashOf(bytes),
      StatusCode: 'Succeeded',
      StatusMessage: 'Succeeded',
      Tier,
      VaultARN: `arn:aws:glacier:us-east-1:000000000000:vaults/${vault.vaultName}`,
    });
    const output = await it.client.send(new GetJobOutputCommand({ ...vault, jobId }));
    expect(output).toMatchObject({
      status: 200,
      checksum: treeHashOf(bytes),
      contentType: 'application/octet-stream',
      archiveDescription: 'described',
      acceptRanges: 'bytes',
    });
    expect(Buffer.compare((await output.body?.transformToByteArray()) ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  test('is Standard unless it says otherwise, and Expedited is refused without capacity', async () => {
    const ArchiveId = await it.upload(randomBytes(10));
    expect(await describeJob(await it.initiate({ Type: 'archive-retrieval', ArchiveId }))).toMatchObject({
      Tier: 'Standard',
    });
    hasCapacity = false;
    const refused = it.client.send(
      new InitiateJobCommand({ ...vault, jobParameters: { Type: 'archive-retrieval', ArchiveId, Tier: 'Expedited' } }),
    );
    expect(await failure(refused)).toStartWith('InsufficientCapacityException: Insufficient capacity');
    const { $metadata } = (await refused.catch((error: unknown) => error)) as { $metadata: { httpStatusCode: number } };
    expect($metadata.httpStatusCode).toBe(503);
    hasCapacity = true;
    expect(await failure(it.initiate({ Type: 'archive-retrieval', ArchiveId, Tier: 'Expedited' }))).toBe('no error');
  });

  test('survives a restart, and completes at the start when its time passed meanwhile', async () => {
    const bytes = randomBytes(100);
    const ArchiveId = await it.upload(bytes);
    const jobId = await it.initiate({ Type: 'archive-retrieval', ArchiveId });
    const later = await it.initiate({ Type: 'archive-retrieval', ArchiveId, Tier: 'Bulk' });
    await it.clock.advance(4 * hour - 1);
    await it.cloud.restart();
    expect(await describeJob(jobId)).toMatchObject({ Completed: false });
    await it.clock.advance(1);
    expect(Buffer.compare(await it.output(jobId), bytes)).toBe(0);
    await it.clock.advance(4 * hour);
    expect(Buffer.compare(await it.output(later), bytes)).toBe(0);
  });

  test('of an archive deleted meanwhile fails; its output, once there, stays for 24 hours', async () => {
    const bytes = randomBytes(50);
    const ArchiveId = await it.upload(bytes);
    const done = await it.initiate({ Type: 'archive-retrieval', ArchiveId, Tier: 'Expedited' });
    const tooLate = await it.initiate({ Type: 'archive-retrieval', ArchiveId });
    await it.clock.advance(60_000);
    await it.client.send(new DeleteArchiveCommand({ ...vault, archiveId: ArchiveId }));
    await it.clock.advance(4 * hour);
    expect(await describeJob(tooLate)).toMatchObject({ Completed: true, StatusCode: 'Failed' });
    expect(await failure(it.output(tooLate))).toBe(notReady(tooLate));
    expect(Buffer.compare(await it.output(done), bytes)).toBe(0);
    await it.cloud.restart();
    await it.clock.advance(20 * hour - 60_001);
    expect(Buffer.compare(await it.output(done), bytes)).toBe(0);
    await it.clock.advance(60_001);
    expect(await failure(it.output(done))).toBe(`ResourceNotFoundException: The job ID was not found: ${done}`);
    expect(await failure(describeJob(done))).toStartWith('ResourceNotFoundException');
  });

  test.each<[string, JobParameters, string]>([
    [
      'an unknown archive',
      { Type: 'archive-retrieval', ArchiveId: 'unknown' },
      'ResourceNotFoundException: The archive ID was not found: unknown',
    ],
    [
      'no archive',
      { Type: 'archive-retrieval' },
      'MissingParameterValueException: Required parameter missing: ArchiveId',
    ],
    ['no type', {}, 'MissingParameterValueException: Required parameter missing: Type'],
    ['another type', { Type: 'theft' }, 'InvalidParameterValueException: Invalid job type: theft'],
    [
      'select',
      { Type: 'select' },
      'NotImplemented: The embedded cloud does not implement Glacier InitiateJob with Type select.',
    ],
    [
      'another tier',
      { Type: 'archive-retrieval', ArchiveId: 'x', Tier: 'Slow' },
      'InvalidParameterValueException: Invalid tier: Slow. Valid tiers are Expedited, Standard, Bulk.',
    ],
    [
      'what is no topic',
      { Type: 'inventory-retrieval', SNSTopic: 'topic' },
      'InvalidParameterValueException: Invalid SNS topic ARN: topic',
    ],
  ])('of %s is refused', async (_what, jobParameters, message) => {
    expect(await failure(it.initiate(jobParameters))).toBe(message);
  });
});

describe('a range', () => {
  const bytes = randomBytes(5 * mebibyte + 10);
  let ArchiveId: string;
  const range = (first: number, end: number) => `${first}-${end - 1}`;

  beforeAll(async () => {
    ArchiveId = await it.upload(bytes);
  });

  test('of an archive can be retrieved by MiB, with its tree hash where the tree has one', async () => {
    for (const [start, end, hasHash] of [
      [2 * mebibyte, 4 * mebibyte, true],
      [4 * mebibyte, bytes.length, true],
      [mebibyte, 3 * mebibyte, false],
    ] as const) {
      const jobId = await it.initiate({
        Type: 'archive-retrieval',
        ArchiveId,
        Tier: 'Expedited',
        RetrievalByteRange: range(start, end),
      });
      await it.clock.advance(60_000);
      const job = await describeJob(jobId);
      expect(job).toMatchObject({ RetrievalByteRange: range(start, end), ArchiveSizeInBytes: bytes.length });
      expect(job.SHA256TreeHash ?? null).toBe(hasHash ? treeHashOf(bytes.subarray(start, end)) : null);
      expect(Buffer.compare(await it.output(jobId), bytes.subarray(start, end))).toBe(0);
      const part = await it.client.send(new GetJobOutputCommand({ ...vault, jobId, range: `bytes=0-${mebibyte - 1}` }));
      expect(part.contentRange).toBe(`bytes 0-${mebibyte - 1}/${end - start}`);
      expect(part.checksum).toBe(treeHashOf(bytes.subarray(start, start + mebibyte)));
    }
  });

  test('of an output has its tree hash where the tree has one', async () => {
    const jobId = await it.initiate({ Type: 'archive-retrieval', ArchiveId, Tier: 'Expedited' });
    await it.clock.advance(60_000);
    const part = (header: string) => it.client.send(new GetJobOutputCommand({ ...vault, jobId, range: header }));
    const aligned = await part(`bytes=0-${4 * mebibyte - 1}`);
    expect(aligned).toMatchObject({ status: 206, checksum: treeHashOf(bytes.subarray(0, 4 * mebibyte)) });
    const crooked = await part('bytes=100-');
    expect(crooked).toMatchObject({ status: 206, contentRange: `bytes 100-${bytes.length - 1}/${bytes.length}` });
    expect(crooked.checksum).toBeUndefined();
    expect(Buffer.compare((await crooked.body?.transformToByteArray()) ?? Buffer.alloc(0), bytes.subarray(100))).toBe(
      0,
    );
    await aligned.body?.transformToByteArray();
    expect(await failure(part(`bytes=${bytes.length}-`))).toStartWith('InvalidParameterValueException: Invalid range');
  });

  test.each([
    ['not by MiB', '1-1048576', 'is not megabyte aligned'],
    ['beyond the end', `0-${6 * mebibyte - 1}`, 'Invalid retrieval byte range'],
    ['backwards', `${mebibyte}-0`, 'Invalid retrieval byte range'],
    ['of words', 'all', 'Invalid retrieval byte range'],
  ])('%s is refused', async (_what, RetrievalByteRange, message) => {
    expect(await failure(it.initiate({ Type: 'archive-retrieval', ArchiveId, RetrievalByteRange }))).toContain(message);
  });
});

describe('an inventory', () => {
  let own: TestVault;
  const ids: string[] = [];
  const text = async (jobId: string) => Buffer.from(await own.output(jobId)).toString();

  beforeAll(async () => {
    own = await startTestVault();
    for (const description of ['first', 'second "quoted", with comma', 'third']) {
      ids.push(await own.upload(randomBytes(10), description));
      await own.clock.advance(1000);
    }
  });

  afterAll(() => own.stop());

  test('is what was there when it was asked for', async () => {
    const jobId = await own.initiate({ Type: 'inventory-retrieval' });
    const asked = new Date(own.clock.now()).toISOString();
    await own.upload(randomBytes(5), 'too late');
    await own.clock.advance(4 * hour);
    const inventory = JSON.parse(await text(jobId)) as { ArchiveList: { ArchiveId: string; Size: number }[] };
    expect(inventory).toMatchObject({
      VaultARN: `arn:aws:glacier:us-east-1:000000000000:vaults/${vault.vaultName}`,
      InventoryDate: asked.replace('.000Z', 'Z'),
    });
    expect(inventory.ArchiveList.map(({ ArchiveId }) => ArchiveId)).toEqual(ids);
    expect(inventory.ArchiveList[0]).toMatchObject({
      ArchiveDescription: 'first',
      CreationDate: '2026-01-01T00:00:00Z',
      Size: 10,
      SHA256TreeHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    const job = await own.client.send(new DescribeJobCommand({ ...vault, jobId }));
    expect(job).toMatchObject({ Action: 'InventoryRetrieval', StatusCode: 'Succeeded' });
    expect(job.InventorySizeInBytes).toBe((await text(jobId)).length);
    expect((await own.client.send(new DescribeVaultCommand(vault))).LastInventoryDate).toBe(asked);
  });

  test('can be CSV, of a span of time, and in portions', async () => {
    const csv = await own.initiate({
      Type: 'inventory-retrieval',
      Format: 'CSV',
      InventoryRetrievalParameters: { StartDate: '2026-01-01T00:00:01Z', EndDate: '2026-01-01T00:00:02Z' },
    });
    const portion = (Marker?: string) =>
      own.initiate({
        Type: 'inventory-retrieval',
        InventoryRetrievalParameters: { Limit: '2', ...(Marker ? { Marker } : {}) },
      });
    const first = await portion();
    await own.clock.advance(4 * hour);
    const output = await own.client.send(new GetJobOutputCommand({ ...vault, jobId: csv }));
    expect(output.contentType).toBe('text/csv');
    const lines = ((await output.body?.transformToString()) ?? '').split('\r\n');
    expect(lines[0]).toBe('ArchiveId,ArchiveDescription,CreationDate,Size,SHA256TreeHash');
    expect(lines[1]).toStartWith(`${ids[1]},"second ""quoted"", with comma",2026-01-01T00:00:01Z,10,`);
    expect(lines.slice(2)).toEqual(['']);

    const { InventoryRetrievalParameters } = await own.client.send(new DescribeJobCommand({ ...vault, jobId: first }));
    const second = await portion(InventoryRetrievalParameters?.Marker);
    await own.clock.advance(4 * hour);
    const descriptions = await Promise.all(
      [first, second].map(async (jobId) => {
        const { ArchiveList } = JSON.parse(await text(jobId)) as { ArchiveList: { ArchiveDescription: string }[] };
        return ArchiveList.map(({ ArchiveDescription }) => ArchiveDescription);
      }),
    );
    expect(descriptions).toEqual([
      ['first', 'second "quoted", with comma'],
      ['third', 'too late'],
    ]);
  });

  test('jobs are listed by status, page by page', async () => {
    const pending = await own.initiate({ Type: 'inventory-retrieval' });
    const list = (more: Partial<ListJobsCommandInput>) => own.client.send(new ListJobsCommand({ ...vault, ...more }));
    const ofStatus = async (more: Partial<ListJobsCommandInput>) =>
      (await list(more)).JobList?.map(({ JobId }) => JobId);
    expect(await ofStatus({ statuscode: 'InProgress' })).toEqual([pending]);
    expect(await ofStatus({ completed: 'false' })).toEqual([pending]);
    expect(await ofStatus({ completed: 'true' })).toHaveLength(4);
    const first = await list({ limit: 2 });
    const rest = await list({ marker: first.Marker });
    expect([first.JobList?.length, rest.JobList?.length]).toEqual([2, 3]);
    expect(await failure(list({ statuscode: 'Lost' }))).toBe(
      'InvalidParameterValueException: Invalid status code: Lost',
    );
  });
});
