/** A cloud with a vault whose time a test turns, and the few things tests do with it. */
import {
  CreateVaultCommand,
  GetJobOutputCommand,
  GlacierClient,
  InitiateJobCommand,
  UploadArchiveCommand,
  type GetJobOutputCommandInput,
  type JobParameters,
} from '@aws-sdk/client-glacier';
import { TestClock } from '../../../cloud/clock.ts';
import { TreeHash } from '../../../cloud/glacier/tree-hash.ts';
import type { CloudSettings } from '../../../cloud/service.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';

export const vault = { accountId: '-', vaultName: 'test.vault_1' };

export const hour = 3_600_000;

export interface TestVault {
  cloud: TestCloud;
  clock: TestClock;
  client: GlacierClient;
  upload(body: Uint8Array, archiveDescription?: string): Promise<string>;
  initiate(jobParameters: JobParameters): Promise<string>;
  output(jobId: string, more?: Partial<GetJobOutputCommandInput>): Promise<Uint8Array>;
  stop(): Promise<void>;
}

export async function startTestVault(settings: Partial<CloudSettings> = {}): Promise<TestVault> {
  const clock = new TestClock();
  const cloud = await startTestCloud({ clock, settings });
  const client = new GlacierClient(cloud.client);
  await client.send(new CreateVaultCommand(vault));
  return {
    cloud,
    clock,
    client,
    async upload(body, archiveDescription) {
      const input = { ...vault, body, ...(archiveDescription === undefined ? {} : { archiveDescription }) };
      const { archiveId = '' } = await client.send(new UploadArchiveCommand(input));
      return archiveId;
    },
    async initiate(jobParameters) {
      const { jobId = '' } = await client.send(new InitiateJobCommand({ ...vault, jobParameters }));
      return jobId;
    },
    async output(jobId, more = {}) {
      const { body } = await client.send(new GetJobOutputCommand({ ...vault, jobId, ...more }));
      return (await body?.transformToByteArray()) ?? new Uint8Array();
    },
    async stop() {
      client.destroy();
      await cloud.stop();
    },
  };
}

/** Bytes that no two MiB share. */
export function randomBytes(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

export function treeHashOf(bytes: Uint8Array): string {
  const hash = new TreeHash();
  hash.update(bytes);
  return hash.digest();
}
