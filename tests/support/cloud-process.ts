/**
 * An embedded cloud in a process of its own, for tests that kill it without warning. The same file is the program:
 * `bun cloud-process.ts <folder>` serves the folder and prints its address.
 */
import { readFileSync } from 'node:fs';
import { startCloud } from '../../cloud/server.ts';

const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test-secret' };

export interface CloudProcess {
  /** For any SDK client. */
  client: { endpoint: string; region: string; credentials: typeof credentials };
  /** The most memory it has had so far, in bytes; from /proc. */
  peakBytes(): number;
  /** kill -9, and the end of the process. */
  kill(): Promise<void>;
}

/** Starts a cloud on a folder; settles when it answers. */
export async function spawnCloud(dataDir: string): Promise<CloudProcess> {
  const child = Bun.spawn([process.execPath, import.meta.path, dataDir], { stdout: 'pipe', stderr: 'inherit' });
  const endpoint = await firstLine(child.stdout);
  return {
    client: { endpoint, region: 'us-east-1', credentials },
    peakBytes() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
    async kill() {
      child.kill('SIGKILL');
      await child.exited;
    },
  };
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += new TextDecoder().decode(chunk);
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end);
  }
  throw new Error('The cloud ended before it said its address.');
}

if (import.meta.main) {
  const cloud = await startCloud({
    dataDir: process.argv[2] ?? '',
    credentials: { [credentials.accessKeyId]: credentials.secretAccessKey },
  });
  console.log(cloud.url);
}
