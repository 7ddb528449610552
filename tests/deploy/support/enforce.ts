/**
 * IAM in small: a context whose every call to AWS must be allowed by a role, as it would have to be on AWS. What is
 * not allowed fails with AccessDenied; what is used is remembered, to be compared with what was granted.
 */
import type { Statement } from '../../../deploy/permissions.ts';
import { createGas, type Gas } from '../../../jobs/gas.ts';
import { arn } from '../../../jobs/topology.ts';

type Input = Record<string, unknown>;

export interface Ledger {
  /** Each `action resource` of the role that was used, as the role spells it. */
  used: Set<string>;
  /** What was asked for and not allowed. */
  denied: string[];
  /** Stands for a call that no client makes: the browser's upload is signed with the role's keys. */
  demand(action: string, resource: string): void;
}

/** The same context under a role. */
export function underRole(gas: Gas, statements: readonly Statement[]): { gas: Gas; ledger: Ledger } {
  const used = new Set<string>();
  const denied: string[] = [];
  const demand = (action: string, resource: string) => {
    const grants = statements
      .filter(({ actions }) => actions.includes(action))
      .flatMap(({ resources }) => resources.filter((pattern) => covers(pattern, resource)));
    if (grants.length === 0) {
      denied.push(`${action} ${resource}`);
      throw Object.assign(new Error(`not authorized: ${action} on ${resource}`), {
        name: 'AccessDenied',
        $metadata: {},
      });
    }
    for (const pattern of grants) used.add(`${action} ${pattern}`);
  };
  const ours = createGas(gas.config, gas.log);
  for (const client of Object.values(ours.aws) as unknown[]) {
    if (!isClient(client)) continue;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        for (const [action, resource] of needsOf(gas, String(context['commandName']), args.input))
          demand(action, resource);
        try {
          return await next(args);
        } catch (error) {
          // S3 answers 404 to whoever may list, and 403 to everybody else.
          if (error instanceof Error && (error.name === 'NotFound' || error.name === 'NoSuchKey'))
            demand('s3:ListBucket', `arn:aws:s3:::${String(args.input['Bucket'])}`);
          throw error;
        }
      },
      { step: 'initialize', name: 'underRole' },
    );
  }
  return { gas: ours, ledger: { used, denied, demand } };
}

/** Every `action resource` of some statements. */
export function grantsOf(statements: readonly Statement[]): string[] {
  return statements.flatMap(({ actions, resources }) =>
    actions.flatMap((action) => resources.map((resource) => `${action} ${resource}`)),
  );
}

function covers(pattern: string, resource: string): boolean {
  return pattern.endsWith('/*') ? resource.startsWith(pattern.slice(0, -1)) : pattern === resource;
}

/** The permissions a call needs, as the Service Authorization Reference lists them. */
function needsOf(gas: Gas, command: string, input: Input): [action: string, resource: string][] {
  const { region, account, topology } = gas.config;
  const text = (name: string) => String(input[name]);
  const bucket = `arn:aws:s3:::${text('Bucket')}`;
  const object = `${bucket}/${text('Key')}`;
  const table = (name: unknown) => arn('dynamodb', region, account, `table/${String(name)}`);
  const queue = () => arn('sqs', region, account, text('QueueUrl').split('/').at(-1) ?? '');
  const vault = arn('glacier', region, account, `vaults/${topology.vault}`);
  const operation = command.replace(/Command$/, '');

  if ('vaultName' in input) return [[`glacier:${operation}`, vault]];
  switch (operation) {
    case 'GetItem':
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
    case 'Scan':
      return [[`dynamodb:${operation}`, table(input['TableName'])]];
    case 'Query': {
      const index = input['IndexName'] ? `/index/${text('IndexName')}` : '';
      return [['dynamodb:Query', `${table(input['TableName'])}${index}`]];
    }
    case 'TransactWriteItems':
      return (input['TransactItems'] as Record<string, Input>[]).flatMap((one) =>
        Object.entries(one).map(([kind, write]): [string, string] => [
          `dynamodb:${kind}Item`,
          table(write['TableName']),
        ]),
      );
    case 'GetObject':
    case 'HeadObject':
      return [['s3:GetObject', object]];
    case 'PutObject':
    case 'CreateMultipartUpload':
    case 'UploadPart':
    case 'CompleteMultipartUpload':
      return [['s3:PutObject', object]];
    case 'AbortMultipartUpload':
      return [['s3:AbortMultipartUpload', object]];
    case 'CopyObject':
      return [
        ['s3:GetObject', `arn:aws:s3:::${decodeURIComponent(text('CopySource'))}`],
        ['s3:PutObject', object],
      ];
    case 'RestoreObject':
      return [['s3:RestoreObject', object]];
    case 'ListObjectsV2':
      return [['s3:ListBucket', bucket]];
    case 'DeleteObjects':
      return (input['Delete'] as { Objects: { Key: string }[] }).Objects.map(({ Key }) => [
        's3:DeleteObject',
        `${bucket}/${Key}`,
      ]);
    case 'GetQueueAttributes':
    case 'ReceiveMessage':
    case 'DeleteMessage':
    case 'ChangeMessageVisibility':
    case 'SendMessage':
      return [[`sqs:${operation}`, queue()]];
    case 'Publish':
      return [['sns:Publish', text('TopicArn')]];
    case 'StartExecution':
      return [['states:StartExecution', text('stateMachineArn')]];
    default:
      throw new Error(`say in enforce.ts which permissions ${operation} needs`);
  }
}

interface Client {
  middlewareStack: {
    add(
      middleware: (
        next: (args: { input: Input }) => Promise<unknown>,
        context: Input,
      ) => (args: { input: Input }) => Promise<unknown>,
      options: { step: 'initialize'; name: string },
    ): void;
  };
}

function isClient(value: unknown): value is Client {
  return typeof value === 'object' && value !== null && 'middlewareStack' in value;
}
