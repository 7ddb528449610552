import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateVaultCommand,
  DeleteArchiveCommand,
  DeleteVaultCommand,
  DescribeVaultCommand,
  GetVaultLockCommand,
  InitiateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  ListVaultsCommand,
  UploadArchiveCommand,
  UploadMultipartPartCommand,
} from '@aws-sdk/client-glacier';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mebibyte } from '../../../cloud/glacier/tree-hash.ts';
import { failure } from '../../support/failure.ts';
import { hour, randomBytes, startTestVault, treeHashOf, vault, type TestVault } from './vault-to-test.ts';

let it: TestVault;

beforeAll(async () => {
  it = await startTestVault();
});

afterAll(() => it.stop());

const arn = 'arn:aws:glacier:us-east-1:000000000000:vaults/';

/** Files on disk that hold archives or parts of them. */
const files = () => readdirSync(join(it.cloud.dataDir, 'bodies', 'glacier')).length;

describe('vaults', () => {
  const named = (vaultName: string) => ({ accountId: '-', vaultName });

  test('are made once, described, listed by name and deleted when empty', async () => {
    const { location } = await it.client.send(new CreateVaultCommand(named('b')));
    expect(location).toBe('/000000000000/vaults/b');
    await it.client.send(new CreateVaultCommand(named('b')));
    await it.client.send(new CreateVaultCommand({ ...named('a'), accountId: '000000000000' }));
    expect(await it.client.send(new DescribeVaultCommand(named('b')))).toMatchObject({
      VaultARN: `${arn}b`,
      VaultName: 'b',
      CreationDate: '2026-01-01T00:00:00.000Z',
      NumberOfArchives: 0,
      SizeInBytes: 0,
    });
    const first = await it.client.send(new ListVaultsCommand({ accountId: '-', limit: 1 }));
    expect(first.VaultList?.map(({ VaultName }) => VaultName)).toEqual(['a']);
    const rest = await it.client.send(new ListVaultsCommand({ accountId: '-', marker: first.Marker }));
    expect(rest.VaultList?.map(({ VaultName }) => VaultName)).toEqual(['b', vault.vaultName]);
    expect(rest.Marker ?? null).toBeNull();
    for (const name of ['a', 'b', 'b']) await it.client.send(new DeleteVaultCommand(named(name)));
    expect(await failure(it.client.send(new DescribeVaultCommand(named('b'))))).toBe(
      `ResourceNotFoundException: Vault not found for ARN: ${arn}b`,
    );
  });

  test('with archives are not deleted', async () => {
    const archiveId = await it.upload(randomBytes(10));
    expect(await failure(it.client.send(new DeleteVaultCommand(vault)))).toBe(
      `InvalidParameterValueException: Vault not empty or recently written to: ${arn}${vault.vaultName}`,
    );
    await it.client.send(new DeleteArchiveCommand({ ...vault, archiveId }));
  });

  test('of other accounts or bad names are refused, and so is what is not carried', async () => {
    expect(await failure(it.client.send(new ListVaultsCommand({ accountId: '123456789012' })))).toStartWith(
      'AccessDeniedException',
    );
    expect(await failure(it.client.send(new CreateVaultCommand(named('no spaces'))))).toBe(
      'InvalidParameterValueException: Invalid vault name: no spaces',
    );
    expect(await failure(it.client.send(new GetVaultLockCommand(vault)))).toStartWith('NotImplemented');
  });
});

describe('an archive', () => {
  test('comes back with its id and tree hash, is counted, and leaves no file behind when deleted', async () => {
    const before = files();
    const body = randomBytes(2 * mebibyte + 1);
    const uploaded = await it.client.send(new UploadArchiveCommand({ ...vault, body, archiveDescription: 'a "b", c' }));
    const { archiveId = '' } = uploaded;
    expect(archiveId).toMatch(/^[\w-]{138}$/);
    expect(uploaded.checksum).toBe(treeHashOf(body));
    expect(uploaded.location).toBe(`/000000000000/vaults/${vault.vaultName}/archives/${archiveId}`);
    expect(await it.client.send(new DescribeVaultCommand(vault))).toMatchObject({
      NumberOfArchives: 1,
      SizeInBytes: body.length,
    });
    expect(files()).toBe(before + 1);
    await it.client.send(new DeleteArchiveCommand({ ...vault, archiveId }));
    await it.client.send(new DeleteArchiveCommand({ ...vault, archiveId }));
    expect(files()).toBe(before);
  });

  test('without a row, as a killed cloud may leave one, is swept at the start; the others stay', async () => {
    const archiveId = await it.upload(randomBytes(10));
    const before = files();
    await Bun.write(join(it.cloud.dataDir, 'bodies', 'glacier', 'left-behind.part'), 'half an archive');
    await it.cloud.restart();
    expect(files()).toBe(before);
    expect(await failure(it.initiate({ Type: 'archive-retrieval', ArchiveId: archiveId }))).toBe('no error');
    await it.client.send(new DeleteArchiveCommand({ ...vault, archiveId }));
  });

  test('whose hash is not the one that was sent is refused, and nothing is kept', async () => {
    const before = files();
    const input = { ...vault, body: randomBytes(100), checksum: treeHashOf(randomBytes(100)) };
    expect(await failure(it.client.send(new UploadArchiveCommand(input)))).toStartWith(
      `InvalidParameterValueException: Checksum mismatch: x-amz-sha256-tree-hash is ${input.checksum}`,
    );
    expect(files()).toBe(before);
  });

  test('needs a vault and a description that is not too long', async () => {
    const body = randomBytes(10);
    const send = (more: object) => failure(it.client.send(new UploadArchiveCommand({ ...vault, body, ...more })));
    expect(await send({ vaultName: 'nowhere' })).toBe(
      `ResourceNotFoundException: Vault not found for ARN: ${arn}nowhere`,
    );
    expect(await send({ archiveDescription: 'x'.repeat(1025) })).toStartWith('InvalidParameterValueException');
  });
});

describe('an archive in parts', () => {
  const partSize = String(mebibyte);
  const begin = async (archiveDescription = 'in parts') =>
    (await it.client.send(new InitiateMultipartUploadCommand({ ...vault, archiveDescription, partSize }))).uploadId ??
    '';

  const sendPart = (uploadId: string, bytes: Uint8Array, start: number, more: object = {}) =>
    it.client.send(
      new UploadMultipartPartCommand({
        ...vault,
        uploadId,
        body: bytes,
        checksum: treeHashOf(bytes),
        range: `bytes ${start}-${start + bytes.length - 1}/*`,
        ...more,
      }),
    );

  const complete = (uploadId: string, bytes: Uint8Array, more: object = {}) =>
    it.client.send(
      new CompleteMultipartUploadCommand({
        ...vault,
        uploadId,
        checksum: treeHashOf(bytes),
        archiveSize: String(bytes.length),
        ...more,
      }),
    );

  test('comes in any order, some parts twice, and is one when it is complete', async () => {
    const bytes = randomBytes(3 * mebibyte + 77);
    const uploadId = await begin();
    await sendPart(uploadId, bytes.subarray(3 * mebibyte), 3 * mebibyte);
    await sendPart(uploadId, randomBytes(mebibyte), 0);
    await Promise.all(
      [0, 1, 2].map((i) => sendPart(uploadId, bytes.subarray(i * mebibyte, (i + 1) * mebibyte), i * mebibyte)),
    );

    const listed = await it.client.send(new ListPartsCommand({ ...vault, uploadId, limit: 3 }));
    expect(listed).toMatchObject({
      ArchiveDescription: 'in parts',
      PartSizeInBytes: mebibyte,
      MultipartUploadId: uploadId,
    });
    expect(listed.Parts?.[1]).toEqual({
      RangeInBytes: `${mebibyte}-${2 * mebibyte - 1}`,
      SHA256TreeHash: treeHashOf(bytes.subarray(mebibyte, 2 * mebibyte)),
    });
    const rest = await it.client.send(new ListPartsCommand({ ...vault, uploadId, marker: listed.Marker }));
    expect(rest.Parts?.map(({ RangeInBytes }) => RangeInBytes)).toEqual([`${3 * mebibyte}-${bytes.length - 1}`]);

    await it.cloud.restart();
    const { archiveId, checksum } = await complete(uploadId, bytes);
    expect(checksum).toBe(treeHashOf(bytes));
    const again = await complete(uploadId, bytes);
    expect(again.archiveId).toBe(archiveId);
    expect(await failure(it.client.send(new ListPartsCommand({ ...vault, uploadId })))).toStartWith(
      'ResourceNotFoundException',
    );

    const jobId = await it.initiate({ Type: 'archive-retrieval', ArchiveId: archiveId });
    await it.clock.advance(4 * hour);
    expect(Buffer.compare(await it.output(jobId), bytes)).toBe(0);
    const range = `bytes=${mebibyte - 5}-${2 * mebibyte + 4}`;
    expect(Buffer.compare(await it.output(jobId, { range }), bytes.subarray(mebibyte - 5, 2 * mebibyte + 5))).toBe(0);
  });

  test('is listed while in progress, and gone with its parts when aborted', async () => {
    const before = files();
    const uploadId = await begin('to be aborted');
    await sendPart(uploadId, randomBytes(mebibyte), 0);
    const list = async () =>
      (await it.client.send(new ListMultipartUploadsCommand(vault))).UploadsList?.map(
        (each) => each.ArchiveDescription,
      );
    expect(await list()).toEqual(['to be aborted']);
    expect(files()).toBe(before + 1);
    await it.client.send(new AbortMultipartUploadCommand({ ...vault, uploadId }));
    expect(await list()).toEqual([]);
    expect(files()).toBe(before);
    expect(await failure(it.client.send(new AbortMultipartUploadCommand({ ...vault, uploadId })))).toBe(
      `ResourceNotFoundException: The upload ID was not found: ${uploadId}`,
    );
  });

  test('is refused part by part', async () => {
    const uploadId = await begin();
    const bytes = randomBytes(mebibyte);
    const before = files();
    const mismatch = { checksum: treeHashOf(randomBytes(5)) };
    expect(await failure(sendPart(uploadId, bytes, 0, mismatch))).toContain('Checksum mismatch');
    expect(await failure(sendPart(uploadId, bytes, 5))).toContain('is not aligned with part size');
    expect(await failure(sendPart(uploadId, randomBytes(mebibyte + 1), 0))).toContain('is not aligned with part size');
    expect(await failure(sendPart(uploadId, bytes, 0, { range: 'bytes 0-9/*' }))).toContain(
      'More than 10 bytes were sent',
    );
    expect(await failure(sendPart(uploadId, bytes.subarray(0, 9), 0, { range: 'bytes 0-99/*' }))).toContain(
      'but 9 were sent',
    );
    expect(await failure(sendPart(uploadId, bytes, 0, { range: '0-9' }))).toContain('Invalid Content-Range');
    expect(await failure(sendPart('nowhere', bytes, 0))).toStartWith('ResourceNotFoundException');
    const oddSize = new InitiateMultipartUploadCommand({ ...vault, partSize: String(3 * mebibyte) });
    expect(await failure(it.client.send(oddSize))).toContain('Invalid part size');
    expect(files()).toBe(before);
  });

  test('is refused as a whole when parts are missing or its size or hash is another', async () => {
    const uploadId = await begin();
    const bytes = randomBytes(2 * mebibyte + 1);
    await sendPart(uploadId, bytes.subarray(mebibyte, 2 * mebibyte), mebibyte);
    expect(await failure(complete(uploadId, bytes))).toContain(`The upload has no bytes from 0 to ${mebibyte - 1}`);
    await sendPart(uploadId, bytes.subarray(0, 100), 0);
    expect(await failure(complete(uploadId, bytes))).toContain('is shorter than the part size, but not the last');
    await sendPart(uploadId, bytes.subarray(0, mebibyte), 0);
    expect(await failure(complete(uploadId, bytes))).toContain(`but the parts have ${2 * mebibyte} bytes`);
    await sendPart(uploadId, bytes.subarray(2 * mebibyte), 2 * mebibyte);
    const other = { checksum: treeHashOf(randomBytes(5)) };
    expect(await failure(complete(uploadId, bytes, other))).toContain('Checksum mismatch');
    expect(await failure(complete(uploadId, bytes))).toBe('no error');
  });
});
