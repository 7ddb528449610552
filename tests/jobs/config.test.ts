import { expect, test } from 'bun:test';
import { ConfigError, readConfig, type Environment } from '../../jobs/config.ts';

const local = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };

test('the defaults are those the README tells', () => {
  const config = readConfig(local, '1.2.3');
  expect(config).toMatchObject({ port: 8080, prefix: 'gas', archiveBackend: 'vault', version: '1.2.3' });
  expect(config.publicUrl.href).toBe('http://localhost:8080/');
  expect(config.limits).toMatchObject({ freeInputBytes: 25 * 2 ** 20, archiveGraceSeconds: 180 });
  expect(config.queueUrls.jobRequests).toBe('http://127.0.0.1:4566/000000000000/gas_job_requests');
});

test('admins are addresses in any case, and nobody when none are named', () => {
  expect(readConfig(local, '0').admins).toEqual([]);
  expect(readConfig({ ...local, GAS_ADMINS: ' Op@Example.org,b@c.d ' }, '0').admins).toEqual([
    'op@example.org',
    'b@c.d',
  ]);
});

test('on AWS the names are those of the account', () => {
  const config = readConfig(
    { GAS_ACCOUNT_ID: '123456789012', AWS_REGION: 'eu-west-1', GAS_BUCKET_SUFFIX: '-123456789012-eu-west-1' },
    '0',
  );
  expect(config.topicArns.jobRequests).toBe('arn:aws:sns:eu-west-1:123456789012:gas_job_requests');
  expect(config.queueUrls.thawRequests).toBe('https://sqs.eu-west-1.amazonaws.com/123456789012/gas_thaw_requests');
  expect(config.topology.buckets.inputs.name).toBe('gas-inputs-123456789012-eu-west-1');
  expect(config.endpoint).toBeUndefined();
});

test.each<[Environment, string]>([
  [{}, 'GAS_ACCOUNT_ID'],
  [{ ...local, GAS_PORT: 'eighty' }, 'GAS_PORT'],
  [{ ...local, GAS_PORT: '70000' }, 'GAS_PORT'],
  [{ ...local, GAS_ARCHIVE_GRACE_SECONDS: '-1' }, 'GAS_ARCHIVE_GRACE_SECONDS'],
  [{ ...local, GAS_PREFIX: 'My_Prefix' }, 'GAS_PREFIX'],
  [{ ...local, GAS_BUCKET_SUFFIX: '_mine' }, 'GAS_BUCKET_SUFFIX'],
  [{ ...local, GAS_ARCHIVE_BACKEND: 'tape' }, 'GAS_ARCHIVE_BACKEND'],
  [{ ...local, GAS_PUBLIC_URL: 'nowhere' }, 'GAS_PUBLIC_URL'],
  [{ ...local, GAS_ADMINS: 'op@example.org; b@c.d' }, 'GAS_ADMINS'],
  [{ ...local, GAS_FREE_TRACK_MIB: '0' }, 'GAS_FREE_TRACK_MIB'],
  [{ AWS_ENDPOINT_URL: 'nowhere' }, 'AWS_ENDPOINT_URL'],
])('a wrong variable is one sentence that names it: %p', (env, name) => {
  try {
    readConfig(env, '0');
    throw new Error('accepted');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toStartWith(name);
    expect((error as Error).message).toEndWith('.');
    expect((error as Error).message).not.toContain('\n');
  }
});
