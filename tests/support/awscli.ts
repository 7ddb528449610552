/** Debian's awscli against the embedded cloud: a client that shares no code with the SDK. A second for each command. */
import { existsSync } from 'node:fs';
import type { TestCloud } from './cloud.ts';

const program = '/usr/bin/aws';

/** Tests that need it skip without: `test.skipIf(!hasAwsCli)('… (needs /usr/bin/aws)', …)`. */
export const hasAwsCli = existsSync(program);

/** Runs `aws <words>`; answers what it printed as JSON, `undefined` for nothing. Throws with what it wrote to stderr. */
export async function aws(cloud: TestCloud, ...words: string[]): Promise<unknown> {
  const printed = await awsText(cloud, '--output', 'json', ...words);
  return printed === '' ? undefined : (JSON.parse(printed) as unknown);
}

/** The same as text, for the commands of `aws s3`, which print no JSON. */
export async function awsText(cloud: TestCloud, ...words: string[]): Promise<string> {
  const child = Bun.spawn([program, '--endpoint-url', cloud.url, ...words], {
    env: {
      PATH: process.env['PATH'] ?? '',
      AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
      AWS_REGION: cloud.client.region,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_PAGER: '',
    },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [printed, complained, status] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (status !== 0) throw new Error(complained.trim());
  return printed.trim();
}
