/// <reference path="./.sst/platform/config.d.ts" />
/**
 * GAS on AWS: what `jobs/provision.ts` makes in the embedded cloud, and the machines that run it. Names come from
 * `jobs/topology.ts`, rights from `deploy/permissions.ts`, an operator's choices from the environment
 * (`deploy/stage.ts`); docs/operations.md tells how to use it.
 */
export default $config({
  app({ stage }) {
    const production = stage === 'production';
    return {
      name: 'gas',
      home: 'aws',
      removal: production ? 'retain' : 'remove',
      protect: production,
      providers: {
        aws: {
          region: (process.env['AWS_REGION'] ?? 'us-east-1') as aws.Region,
          defaultTags: { tags: { app: 'gas', stage } },
        },
      },
    };
  },

  async run() {
    const { readSite, readStage } = await import('./deploy/stage.ts');
    const { makeArchive, makeStorage } = await import('./deploy/storage.ts');
    const { makeMessaging } = await import('./deploy/messaging.ts');
    const { makeRestoreFunction } = await import('./deploy/function.ts');

    const site = $dev ? undefined : readSite(process.env);
    const publicUrl = site ? `https://${site.domain}` : 'http://localhost:8080';
    const { accountId: account } = await aws.getCallerIdentity();
    const { region } = await aws.getRegion();
    const stage = readStage(process.env, { stage: $app.stage, account, region, publicUrl });
    const { config, environment } = stage;

    const { inputs, results } = makeStorage(config, [publicUrl]);
    const { topics, key } = makeMessaging(config);
    makeArchive(config, results, topics.thawRestore.nodes.topic);
    makeRestoreFunction(stage, topics.thawRestore);

    if (!site) {
      // `sst dev`: the function runs live, the programs on this computer, on the stage's resources.
      for (const program of ['web', 'annotator', 'archiver', 'thaw']) {
        new sst.x.DevCommand(`Program-${program}`, {
          dev: { command: `bun --watch bin/${program}.ts`, title: program },
          environment: { ...environment, AWS_REGION: region },
        });
      }
      return { url: publicUrl, inputs: inputs.name, results: results.name };
    }

    const { makeBalancer, makeNetwork } = await import('./deploy/network.ts');
    const { makeFleets } = await import('./deploy/fleet.ts');
    const { makeAlarms, makeBudget } = await import('./deploy/watch.ts');
    const { makeDashboard } = await import('./deploy/dashboard.ts');

    const network = makeNetwork(region);
    const { balancer, targets } = makeBalancer(network, site);
    const { fleets, release } = makeFleets(stage, site, network, targets);

    const watched = { balancer: balancer.arnSuffix, targets: targets.arnSuffix };
    makeAlarms(config, { email: site.alarmEmail, key, watched, fleets });
    makeDashboard(config, site, watched, fleets);
    makeBudget(config, site.alarmEmail, site.budgetUsd);

    return {
      url: publicUrl,
      balancer: balancer.dnsName,
      release: release.name,
      inputs: inputs.name,
      results: results.name,
      archive: config.archiveBackend === 'vault' ? config.topology.vault : results.name,
    };
  },
});
