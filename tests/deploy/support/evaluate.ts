/**
 * Evaluates sst.config.ts as `sst deploy` would, with the infrastructure engine's mocks in place of AWS, and writes
 * every resource it asks for as JSON to standard output. A program of its own, since the engine knows one stack a process.
 *
 *     bun tests/deploy/support/evaluate.ts [dev]
 */
import { mkdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface Resource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const root = resolve(import.meta.dir, '../../..');
const platform = join(root, '.sst/platform');
const work = join(platform, `evaluation-${process.pid}`);
const dev = process.argv[2] === 'dev';
const account = '123456789012';
const region = process.env['AWS_REGION'] ?? 'us-east-1';

const answers: Record<string, Record<string, unknown>> = {
  'aws:index/getCallerIdentity:getCallerIdentity': {
    accountId: account,
    arn: `arn:aws:iam::${account}:root`,
    id: account,
  },
  'aws:index/getRegion:getRegion': { region, name: region, id: region },
  'aws:ssm/getParameter:getParameter': { value: 'ami-0123456789abcdef0', id: 'ami' },
  'aws:index/getPartition:getPartition': { partition: 'aws', id: 'aws' },
  'aws:index/getAvailabilityZones:getAvailabilityZones': { names: [`${region}a`, `${region}b`], id: region },
};

/** The engine asks; what a real resource would know after it was made, this makes up. */
const mocks = {
  newResource({
    type,
    name,
    inputs,
    id,
  }: {
    type: string;
    name: string;
    inputs: Record<string, unknown>;
    id?: string;
  }) {
    resources.push({ type, name, inputs });
    const physical = inputs['name'] ?? inputs['bucket'] ?? name;
    const [service = ''] = type.split(':')[1]?.split('/') ?? [];
    const made: Record<string, unknown> = {
      arn: `arn:aws:${service}:${region}:${account}:${String(physical)}`,
      name: physical,
      url: `https://sqs.${region}.amazonaws.com/${account}/${String(physical)}`,
      arnSuffix: `suffix/${name}`,
      dnsName: `${name}.example.org`,
      latestVersion: 1,
      cidrBlock: '10.0.0.0/16',
      base64: Buffer.alloc(32).toString('base64'),
      domainValidationOptions: [
        {
          resourceRecordName: '_proof.example.org',
          resourceRecordType: 'CNAME',
          resourceRecordValue: 'proof.acm',
          domainName: '',
        },
      ],
      ...inputs,
    };
    if (type === 'aws:s3/bucket:Bucket') made['arn'] = `arn:aws:s3:::${String(physical)}`;
    return { id: id || `${name}-id`, state: made };
  },
  call({ token, inputs }: { token: string; inputs: Record<string, unknown> }) {
    if (token === 'aws:iam/getPolicyDocument:getPolicyDocument') return { ...inputs, json: JSON.stringify(inputs) };
    const answer = answers[token];
    if (!answer) throw new Error(`sst.config.ts asks AWS for ${token}; say in evaluate.ts what it answers.`);
    return answer;
  },
};

const resources: Resource[] = [];

/** What the `sst` command answers its components on a loopback port. */
function startRpc() {
  const bundle = join(work, 'bundle');
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'restore.mjs'), 'export const handler = () => {};\n');
  const results: Record<string, unknown> = {
    'Provider.Aws.Bootstrap': {
      asset: 'sst-asset',
      state: 'sst-state',
      appsyncHttp: 'appsync',
      appsyncRealtime: 'appsync',
    },
    'Runtime.Build': { handler: 'restore.handler', out: bundle, errors: [], sourcemaps: [] },
    'Runtime.AddTarget': {},
    'Provider.Aws.Appsync': { http: 'appsync', realtime: 'appsync' },
  };
  return Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const { method } = (await request.json()) as { method: string };
      return Response.json(method in results ? { result: results[method] } : { error: `no answer to ${method}` });
    },
  });
}

/** Bundles the configuration the way `sst` does: providers and components as globals, `$app` and friends defined. */
async function bundleConfig(): Promise<string> {
  const { build } = (await import(join(platform, 'node_modules/esbuild/lib/main.js'))) as {
    build: (options: object) => Promise<unknown>;
  };
  const globals = `import * as aws from '@pulumi/aws'; import * as sst from '${platform}/src/components';`;
  const withGlobals = {
    name: 'globals of our own files',
    setup: (on: { onLoad: (filter: { filter: RegExp }, load: (file: { path: string }) => unknown) => void }) =>
      on.onLoad({ filter: /(sst\.config|\/deploy\/[^/]+)\.ts$/ }, async ({ path }) => ({
        contents: `${globals}${await Bun.file(path).text()}`,
        loader: 'ts',
        resolveDir: dirname(path),
      })),
  };
  const outfile = join(work, 'config.mjs');
  const app = {
    name: 'gas',
    stage: process.env['SST_STAGE'] ?? 'production',
    removal: 'retain',
    providers: { aws: {} },
    home: 'aws',
    protect: true,
  };
  const cli = { command: dev ? 'dev' : 'deploy', paths: { home: work, root, work, platform }, state: { version: {} } };
  await build({
    stdin: {
      contents: `export * as pulumi from '@pulumi/pulumi';\nexport { run } from './src/auto/run.ts';\nexport { default as config } from '${root}/sst.config.ts';`,
      resolveDir: platform,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    packages: 'external',
    inject: [join(platform, 'src/shim/run.js')],
    plugins: [withGlobals],
    define: { $app: JSON.stringify(app), $cli: JSON.stringify(cli), $dev: String(dev) },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

mkdirSync(work, { recursive: true });
const rpc = startRpc();
rpc.unref();
process.env['SST_SERVER'] = rpc.url.origin;
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
// Components make resources when what they depend on is known; all of them are made when nothing is left to happen.
process.on('beforeExit', () => writeSync(1, JSON.stringify(resources)));

const { pulumi, run, config } = (await import(await bundleConfig())) as {
  pulumi: {
    runtime: {
      setMocks(given: typeof mocks, project: string, stack: string, preview: boolean): Promise<void>;
      runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
    };
  };
  run: (program: unknown) => Promise<Record<string, unknown>>;
  config: { run: () => Promise<unknown> };
};
await pulumi.runtime.setMocks(mocks, 'gas', 'production', false);
await pulumi.runtime.runInPulumiStack(() => run(config.run));
