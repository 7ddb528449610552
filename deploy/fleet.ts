/**
 * The instances: for each program a role that may do what the program does, a template whose user data installs the
 * release, and a group that keeps as many as there shall be. A new release is a new template; groups replace their
 * instances one after the other, a new one first.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../jobs/config.ts';
import type { Network } from './network.ts';
import { permissions, policyDocument, trustDocument, type Statement } from './permissions.ts';
import { fleetNames, type FleetName, type Site, type Stage } from './stage.ts';
import { userData } from './user-data.ts';

/** Where AWS says which image is the newest Amazon Linux 2023 for Graviton; asked at each deployment. */
const IMAGE_PARAMETER = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';

/** Seconds from launch until an instance does its part. */
const WARM_UP_SECONDS = 120;

export interface Fleet {
  group: aws.autoscaling.Group;
  logGroup: aws.cloudwatch.LogGroup;
}

export function makeFleets(stage: Stage, site: Site, network: Network, targets: aws.lb.TargetGroup) {
  const release = makeRelease(site.release, stage);
  const allowed = permissions(stage.config);
  const image = aws.ssm.getParameterOutput({ name: IMAGE_PARAMETER }).value;
  const fleets = Object.fromEntries(
    fleetNames.map((name) => [
      name,
      makeFleet(name, { stage, site, network, release, image, statements: allowed[name], targets }),
    ]),
  ) as Record<FleetName, Fleet>;
  scaleAnnotators(fleets.annotator.group, stage, site);
  new aws.autoscaling.Policy('WebOnLoad', {
    autoscalingGroupName: fleets.web.group.name,
    policyType: 'TargetTrackingScaling',
    targetTrackingConfiguration: {
      predefinedMetricSpecification: { predefinedMetricType: 'ASGAverageCPUUtilization' },
      targetValue: 50,
    },
  });
  return { fleets, release };
}

/** The group of a program's instances, by name. */
export function groupName({ prefix }: Config, program: FleetName): string {
  return `${prefix}-${program}`;
}

interface Release {
  bucket: aws.s3.Bucket;
  /** The release's name, from its bytes. */
  name: string;
  files: string[];
}

/** The release in a bucket of its own, under a name made from its checksums; older ones stay, to go back to. */
function makeRelease(folder: string, { config }: Stage): Release {
  const path = resolve($cli.paths.root, folder);
  if (!existsSync(join(path, 'SHA256SUMS'))) {
    throw new Error(`There is no release in ${path}. Run 'npm run build' first.`);
  }
  const checksums = readFileSync(join(path, 'SHA256SUMS'), 'utf8');
  const name = createHash('sha256').update(checksums).digest('hex').slice(0, 16);
  const files = [
    'SHA256SUMS',
    ...checksums
      .trim()
      .split('\n')
      .map((line) => line.slice(66)),
  ];

  const { prefix, account, region } = config;
  const bucket = new aws.s3.Bucket('Releases', { bucket: `${prefix}-releases-${account}-${region}` });
  new aws.s3.BucketPublicAccessBlock('ReleasesPrivate', {
    bucket: bucket.bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketServerSideEncryptionConfiguration('ReleasesEncryption', {
    bucket: bucket.bucket,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  new aws.s3.BucketVersioning('ReleasesVersioning', {
    bucket: bucket.bucket,
    versioningConfiguration: { status: 'Enabled' },
  });
  new aws.s3.BucketPolicy('ReleasesByTls', {
    bucket: bucket.bucket,
    policy: $jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [bucket.arn, $interpolate`${bucket.arn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    }),
  });
  for (const file of files) {
    new aws.s3.BucketObjectv2(
      `Release-${name}-${file}`,
      { bucket: bucket.bucket, key: `${name}/${file}`, source: new $util.asset.FileAsset(join(path, file)) },
      { retainOnDelete: true },
    );
  }
  return { bucket, name, files };
}

interface FleetParts {
  stage: Stage;
  site: Site;
  network: Network;
  release: Release;
  image: $util.Output<string>;
  statements: Statement[];
  targets: aws.lb.TargetGroup;
}

function makeFleet(program: FleetName, parts: FleetParts): Fleet {
  const { stage, site, network, release, image, statements, targets } = parts;
  const { prefix, region } = stage.config;
  const { instanceType, min, max, diskGib } = site.fleets[program];
  const label = `${program[0]?.toUpperCase()}${program.slice(1)}`;
  const physical = groupName(stage.config, program);

  const logGroup = new aws.cloudwatch.LogGroup(`${label}Log`, {
    name: `/gas/${prefix}/${program}`,
    retentionInDays: 30,
  });
  const role = new aws.iam.Role(`${label}Role`, {
    name: `${physical}-${region}`,
    assumeRolePolicy: JSON.stringify(trustDocument('ec2.amazonaws.com')),
    inlinePolicies: [
      { name: 'program', policy: JSON.stringify(policyDocument(statements)) },
      { name: 'instance', policy: JSON.stringify(policyDocument(instanceStatements(program, parts))) },
    ],
  });
  const profile = new aws.iam.InstanceProfile(`${label}Profile`, { role: role.name });
  const template = new aws.ec2.LaunchTemplate(`${label}Template`, {
    name: physical,
    imageId: image,
    instanceType,
    updateDefaultVersion: true,
    iamInstanceProfile: { arn: profile.arn },
    vpcSecurityGroupIds: [program === 'web' ? network.webGroup.id : network.workerGroup.id],
    // IMDSv2 only, and not from a container or through a proxy.
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: '/dev/xvda',
        ebs: { volumeType: 'gp3', volumeSize: diskGib, encrypted: 'true', deleteOnTermination: 'true' },
      },
    ],
    monitoring: { enabled: true },
    tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags: { Name: physical } })),
    userData: $resolve([release.bucket.bucket, logGroup.name]).apply(([bucket, log]) =>
      Buffer.from(
        userData({
          program,
          region,
          release: `s3://${bucket}/${release.name}`,
          files: release.files,
          environment: stage.environment,
          logGroup: log,
        }),
      ).toString('base64'),
    ),
  });
  const group = new aws.autoscaling.Group(`${label}Group`, {
    name: physical,
    minSize: min,
    maxSize: max,
    vpcZoneIdentifiers: network.vpc.privateSubnets,
    launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
    ...(program === 'web' ? { targetGroupArns: [targets.arn] } : {}),
    healthCheckType: program === 'web' ? 'ELB' : 'EC2',
    healthCheckGracePeriod: WARM_UP_SECONDS,
    defaultInstanceWarmup: WARM_UP_SECONDS,
    terminationPolicies: ['OldestLaunchTemplate', 'OldestInstance'],
    instanceRefresh: {
      strategy: 'Rolling',
      preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 200, autoRollback: true },
    },
    enabledMetrics: ['GroupInServiceInstances', 'GroupDesiredCapacity'],
    metricsGranularity: '1Minute',
    tags: [{ key: 'Name', value: physical, propagateAtLaunch: true }],
  });
  return { group, logGroup };
}

/** What any instance needs, whatever its program: its release, and a place for its log. */
function instanceStatements(program: FleetName, { stage, release }: FleetParts): Statement[] {
  const { prefix, region, account } = stage.config;
  return [
    {
      actions: ['s3:GetObject'],
      resources: [`arn:aws:s3:::${prefix}-releases-${account}-${region}/${release.name}/*`],
    },
    {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`arn:aws:logs:${region}:${account}:log-group:/gas/${prefix}/${program}:log-stream:*`],
    },
  ];
}

/** Aims at so many jobs, waiting or running, for each annotator in service. */
function scaleAnnotators(group: aws.autoscaling.Group, { config }: Stage, { backlogPerAnnotator }: Site): void {
  const queued = (id: string, metricName: string) => ({
    id,
    returnData: false,
    metricStat: {
      metric: {
        namespace: 'AWS/SQS',
        metricName,
        dimensions: [{ name: 'QueueName', value: config.topology.queues.jobRequests.name }],
      },
      stat: 'Average',
    },
  });
  new aws.autoscaling.Policy('AnnotatorsOnBacklog', {
    autoscalingGroupName: group.name,
    policyType: 'TargetTrackingScaling',
    targetTrackingConfiguration: {
      targetValue: backlogPerAnnotator,
      customizedMetricSpecification: {
        metrics: [
          queued('waiting', 'ApproximateNumberOfMessagesVisible'),
          queued('running', 'ApproximateNumberOfMessagesNotVisible'),
          {
            id: 'annotators',
            returnData: false,
            metricStat: {
              metric: {
                namespace: 'AWS/AutoScaling',
                metricName: 'GroupInServiceInstances',
                dimensions: [{ name: 'AutoScalingGroupName', value: group.name }],
              },
              stat: 'Average',
            },
          },
          {
            id: 'backlog',
            label: 'jobs for each annotator',
            returnData: true,
            expression: '(waiting + running) / annotators',
          },
        ],
      },
    },
  });
}
