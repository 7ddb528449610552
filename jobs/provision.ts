/** Makes every resource of the topology in the embedded cloud, or another emulator, at start. On AWS, SST does. */
import {
  makeBucket,
  makeMachine,
  makeQueue,
  makeRestoreNotification,
  makeSubscription,
  makeTable,
  makeTopic,
  makeVault,
} from '../aws/provision.ts';
import type { Gas } from './gas.ts';
import { archiveMachineDefinition, arn, RETENTION_SECONDS } from './topology.ts';

/** Idempotent. `restoreFunction`: whether the cloud runs the restore function, so that its topic may call it. */
export async function provision(gas: Gas, options: { restoreFunction: boolean }): Promise<void> {
  const { aws, config } = gas;
  const { topology, topicArns, region, account } = config;
  const { origin } = config.publicUrl;
  // The address people type and the one a program listens on are both the site's.
  const sites = [...new Set([origin, origin.replace('//localhost', '//127.0.0.1')])];

  await Promise.all([
    ...Object.values(topology.buckets).map(({ name, uploads }) => makeBucket(aws, name, uploads ? sites : [])),
    ...Object.values(topology.tables).map((table) => makeTable(aws, table)),
    ...Object.values(topology.topics).map((name) => makeTopic(aws, name)),
  ]);
  const topicArn = new Map(
    Object.entries(topology.topics).map(([key, name]) => [name, topicArns[key as keyof typeof topicArns]]),
  );
  for (const queue of Object.values(topology.queues)) {
    const topic = queue.topic ? topicArn.get(queue.topic) : undefined;
    const queueArn = await makeQueue(aws, {
      ...queue,
      arnOf: (name) => arn('sqs', region, account, name),
      retentionSeconds: RETENTION_SECONDS,
      topicArns: topic ? [topic] : [],
    });
    if (topic) await makeSubscription(aws, topic, { protocol: 'sqs', arn: queueArn });
  }
  if (options.restoreFunction) {
    const functionArn = arn('lambda', region, account, `function:${topology.restoreFunction}`);
    await makeSubscription(aws, topicArns.thawRestore, { protocol: 'lambda', arn: functionArn });
  }
  if (config.archiveBackend === 'vault') await makeVault(aws, topology.vault, topicArns.thawRestore);
  else await makeRestoreNotification(aws, topology.buckets.results.name, topicArns.thawRestore);
  await makeMachine(aws, {
    name: topology.archiveMachine,
    arn: config.archiveMachineArn,
    roleArn: `arn:aws:iam::${account}:role/${topology.archiveMachine}`,
    definition: archiveMachineDefinition(),
  });
}
