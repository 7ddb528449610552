/** The restore function: Node, told by the topic when an archive is ready, allowed what a restore needs. */
import { permissions } from './permissions.ts';
import type { Stage } from './stage.ts';

export function makeRestoreFunction({ config, environment }: Stage, thawRestore: sst.aws.SnsTopic): sst.aws.Function {
  const made = new sst.aws.Function('Restore', {
    name: config.topology.restoreFunction,
    description: 'Brings a retrieved archive back to S3 and proves it.',
    handler: 'functions/restore.handler',
    runtime: 'nodejs22.x',
    architecture: 'arm64',
    memory: '1024 MB',
    // As long as a function can: results reach gigabytes. One that needs longer is brought home by the thaw program.
    timeout: '15 minutes',
    environment: { ...environment },
    permissions: permissions(config).restore,
    logging: { retention: '1 month', format: 'text' },
    nodejs: { minify: false, sourcemap: true },
  });
  thawRestore.subscribe('Restore', made.arn);
  return made;
}
