/** What is kept: buckets, tables and, on that back end, the vault; names and shapes from `jobs/topology.ts`. */
import type { Config } from '../jobs/config.ts';
import type { BucketSpec, TableSpec } from '../jobs/topology.ts';

/** Inputs are read once, when they are annotated; after so many days they move to cheaper storage. */
const INPUTS_COOL_DAYS = 30;

export function makeStorage(config: Config, sites: string[]) {
  const { buckets, tables } = config.topology;
  return {
    inputs: bucket('Inputs', buckets.inputs, sites, [
      {
        id: 'cool-inputs',
        status: 'Enabled',
        filter: {},
        transitions: [{ days: INPUTS_COOL_DAYS, storageClass: 'STANDARD_IA' }],
      },
    ]),
    results: bucket('Results', buckets.results, sites, []),
    tables: Object.entries(tables).map(([name, spec]) => table(name, spec)),
  };
}

type LifecycleRule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** Private, encrypted, by TLS only. Not versioned: erasing a job has to erase it, and the archive is the second copy. */
function bucket(
  name: string,
  { name: physical, uploads, abortMultipartDays }: BucketSpec,
  sites: string[],
  rules: LifecycleRule[],
) {
  const made = new sst.aws.Bucket(name, {
    cors: uploads
      ? {
          allowMethods: ['POST', 'GET'],
          allowOrigins: sites,
          allowHeaders: ['*'],
          exposeHeaders: ['ETag', 'Location'],
          maxAge: '1 hour',
        }
      : false,
    transform: { bucket: { bucket: physical, forceDestroy: $app.removal === 'remove' } },
  });
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}Encryption`, {
    bucket: made.name,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  const abandoned = {
    id: 'abort-unfinished-uploads',
    status: 'Enabled',
    filter: {},
    abortIncompleteMultipartUpload: { daysAfterInitiation: abortMultipartDays },
  };
  new aws.s3.BucketLifecycleConfiguration(`${name}Lifecycle`, { bucket: made.name, rules: [abandoned, ...rules] });
  return made;
}

/** On demand, encrypted, restorable to any second of the last 35 days. */
function table(name: string, { name: physical, hash, indexes, ttl }: TableSpec) {
  const keys = [hash, ...indexes.flatMap((index) => [index.hash, ...(index.range ? [index.range] : [])])];
  return new sst.aws.Dynamo(`${name[0]?.toUpperCase()}${name.slice(1)}Table`, {
    fields: Object.fromEntries(keys.map((key) => [key, 'string' as const])),
    primaryIndex: { hashKey: hash },
    globalIndexes: Object.fromEntries(
      indexes.map((index) => [
        index.name,
        { hashKey: index.hash, ...(index.range ? { rangeKey: index.range } : {}), projection: 'all' as const },
      ]),
    ),
    ...(ttl ? { ttl } : {}),
    deletionProtection: $app.removal !== 'remove',
    transform: { table: { name: physical, serverSideEncryption: { enabled: true } } },
  });
}

/** Where archives tell that they are ready: the vault itself, or the results bucket for objects of the Glacier class. */
export function makeArchive(config: Config, results: sst.aws.Bucket, thawRestore: aws.sns.Topic) {
  const { archiveBackend, topology, account } = config;
  const fromAccount = { StringEquals: { 'aws:SourceAccount': account }, ArnEquals: { 'aws:SourceArn': results.arn } };
  const policy = new aws.sns.TopicPolicy('ThawRestorePolicy', {
    arn: thawRestore.arn,
    policy: $jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sns:Publish',
          Resource: thawRestore.arn,
          ...(archiveBackend === 'vault'
            ? // As AWS's own solution that moves vaults to S3 has it; Glacier does not say which vault it speaks for.
              {
                Principal: { Service: 'glacier.amazonaws.com' },
                Condition: { StringEquals: { 'aws:SourceOwner': account } },
              }
            : { Principal: { Service: 's3.amazonaws.com' }, Condition: fromAccount }),
        },
      ],
    }),
  });
  if (archiveBackend === 'vault') {
    return new aws.glacier.Vault(
      'Vault',
      {
        name: topology.vault,
        notification: { snsTopic: thawRestore.arn, events: ['ArchiveRetrievalCompleted'] },
      },
      { dependsOn: [policy] },
    );
  }
  return new aws.s3.BucketNotification(
    'RestoreNotification',
    { bucket: results.name, topics: [{ topicArn: thawRestore.arn, events: ['s3:ObjectRestore:Completed'] }] },
    { dependsOn: [policy] },
  );
}
