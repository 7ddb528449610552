/** The SDK clients, made once, with their time-outs and retries said out loud. Where AWS is, only the endpoint tells. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GlacierClient } from '@aws-sdk/client-glacier';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface AwsSettings {
  region: string;
  /** `AWS_ENDPOINT_URL`: the embedded cloud or another emulator; absent for AWS itself. */
  endpoint?: string;
  /** Absent: the SDK's own chain (environment, instance role). */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

export interface Aws {
  s3: S3Client;
  /** Signs links for browsers: without the checksum of an empty body that a presigned PUT would carry. */
  s3Links: S3Client;
  /** One attempt only, for Expedited restores. */
  s3Once: S3Client;
  sqs: SQSClient;
  sns: SNSClient;
  sfn: SFNClient;
  table: DynamoDBDocumentClient;
  glacier: GlacierClient;
  /** Retrieval with the Expedited tier: one attempt, since waiting out a lack of capacity is our own decision. */
  glacierOnce: GlacierClient;
  close(): void;
}

/** Makes the clients. Nothing is contacted until the first call. */
export function createClients({ region, endpoint, credentials }: AwsSettings): Aws {
  const common = {
    region,
    // An embedded cloud that died is back within seconds; AWS is not waited for so long.
    maxAttempts: endpoint ? 8 : 5,
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 120_000 },
  };
  // An emulator has no wildcard DNS for bucket hosts.
  const paths = { forcePathStyle: endpoint !== undefined };
  const s3 = new S3Client({ ...common, ...paths });
  const s3Links = new S3Client({ ...common, ...paths, requestChecksumCalculation: 'WHEN_REQUIRED' });
  const s3Once = new S3Client({ ...common, ...paths, maxAttempts: 1 });
  const sqs = new SQSClient(common);
  const sns = new SNSClient(common);
  const sfn = new SFNClient(common);
  const dynamo = new DynamoDBClient(common);
  const glacier = new GlacierClient(common);
  const glacierOnce = new GlacierClient({ ...common, maxAttempts: 1 });
  return {
    s3,
    s3Links,
    s3Once,
    sqs,
    sns,
    sfn,
    table: DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } }),
    glacier,
    glacierOnce,
    close: () => {
      for (const client of [s3, s3Links, s3Once, sqs, sns, sfn, dynamo, glacier, glacierOnce]) client.destroy();
    },
  };
}

/** The name of an AWS error (`NoSuchKey`, `ConditionalCheckFailedException`), or undefined for anything else. */
export function awsErrorName(error: unknown): string | undefined {
  return error instanceof Error && '$metadata' in error ? error.name : undefined;
}
