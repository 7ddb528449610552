/**
 * An embedded cloud for a test: on a free port, in a folder of its own, with the configuration the SDK's clients
 * need to reach it. `restart` stops it and starts it again on the same folder and port, as after a reboot.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud, type Cloud, type CloudOptions } from '../../cloud/server.ts';

export interface TestCloud {
  readonly url: string;
  readonly dataDir: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  /** For any SDK client: `new SQSClient(cloud.client)`; `forcePathStyle` is S3's. */
  readonly client: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    forcePathStyle: true;
  };
  /** What was reported as a fault since the start; a test may expect it to stay empty. */
  readonly faults: { message: string; cause: unknown }[];
  restart(): Promise<void>;
  /** Stops the cloud and removes its folder. */
  stop(): Promise<void>;
}

const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test-secret' };

export async function startTestCloud(
  options: Pick<CloudOptions, 'clock' | 'functions' | 'settings'> = {},
): Promise<TestCloud> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gas-cloud-'));
  const faults: TestCloud['faults'] = [];
  const start = (port: number): Promise<Cloud> =>
    startCloud({
      ...options,
      dataDir,
      port,
      region: REGION,
      credentials: { [CREDENTIALS.accessKeyId]: CREDENTIALS.secretAccessKey },
      report: (message, cause) => faults.push({ message, cause }),
    });
  let cloud = await start(0);
  const { url, port } = cloud;
  return {
    url,
    dataDir,
    credentials: CREDENTIALS,
    client: { endpoint: url, region: REGION, credentials: CREDENTIALS, forcePathStyle: true },
    faults,
    async restart() {
      await cloud.stop();
      cloud = await start(port);
    },
    async stop() {
      await cloud.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
