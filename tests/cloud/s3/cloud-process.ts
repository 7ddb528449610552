/**
 * An embedded cloud as a process of its own, to be measured and killed. Run with a folder as argument it is the cloud;
 * imported it starts one.
 */
import type { Subprocess } from 'bun';
import { readFileSync } from 'node:fs';
import { startCloud } from '../../../cloud/server.ts';

const CREDENTIALS = { accessKeyId: 'AKIDPROCESS', secretAccessKey: 'process-secret' };

export interface CloudProcess {
  client: { endpoint: string; region: string; credentials: typeof CREDENTIALS; forcePathStyle: true };
  /** The most memory it has had so far, in bytes (Linux). */
  peakBytes(): number;
  /** SIGKILL, and its end. */
  kill(): Promise<void>;
}

export async function startCloudProcess(dataDir: string): Promise<CloudProcess> {
  const process: Subprocess<'ignore', 'pipe', 'inherit'> = Bun.spawn(['bun', import.meta.path, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { value } = await process.stdout.getReader().read();
  const endpoint = new TextDecoder().decode(value).trim();
  return {
    client: { endpoint, region: 'us-east-1', credentials: CREDENTIALS, forcePathStyle: true },
    peakBytes() {
      const status = readFileSync(`/proc/${process.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
    async kill() {
      process.kill('SIGKILL');
      await process.exited;
    },
  };
}

if (import.meta.main) {
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  const cloud = await startCloud({ dataDir: Bun.argv[2] ?? '', credentials: { [accessKeyId]: secretAccessKey } });
  console.log(cloud.url);
}
