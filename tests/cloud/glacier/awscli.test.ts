import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { TestClock } from '../../../cloud/clock.ts';
import { aws, hasAwsCli } from '../../support/awscli.ts';
import { startTestCloud } from '../../support/cloud.ts';
import { hour, randomBytes, treeHashOf } from './vault-to-test.ts';

test.skipIf(!hasAwsCli)(
  'awscli stores an archive and gets it back (needs /usr/bin/aws)',
  async () => {
    const clock = new TestClock();
    const cloud = await startTestCloud({ clock });
    const glacier = (line: string, ...last: string[]) =>
      aws(cloud, 'glacier', ...line.split(' '), ...last, '--account-id=-', '--vault-name=cli');
    try {
      await glacier('create-vault');
      const bytes = randomBytes(1_500_000);
      const file = join(cloud.dataDir, 'to-upload');
      await Bun.write(file, bytes);
      const uploaded = (await glacier('upload-archive --body', file)) as { archiveId: string; checksum: string };
      expect(uploaded.checksum).toBe(treeHashOf(bytes));
      const parameters = { Type: 'archive-retrieval', ArchiveId: uploaded.archiveId };
      const { jobId } = (await glacier('initiate-job --job-parameters', JSON.stringify(parameters))) as {
        jobId: string;
      };
      await clock.advance(4 * hour);
      const output = join(cloud.dataDir, 'downloaded');
      expect(await glacier(`get-job-output --job-id=${jobId}`, output)).toMatchObject({
        status: 200,
        checksum: uploaded.checksum,
      });
      expect(Buffer.compare(await Bun.file(output).bytes(), bytes)).toBe(0);
      await expect(glacier('describe-job --job-id none')).rejects.toThrow(
        '(ResourceNotFoundException) when calling the DescribeJob operation: The job ID was not found: none',
      );
    } finally {
      await cloud.stop();
    }
  },
  60_000,
);
