/**
 * Each program plays its part of a long story under its own role: a call that the role does not allow fails, as on
 * AWS, and at the end every permission has been used, but for the named few that only a rare moment needs.
 */
import { describe, expect, test } from 'bun:test';
import { permissions, type Role } from '../../deploy/permissions.ts';
import { createRestoreHandler } from '../../functions/restore.ts';
import { runAnnotator } from '../../jobs/annotator.ts';
import type { Gas } from '../../jobs/gas.ts';
import type { Job } from '../../jobs/job.ts';
import type { Message } from '../../jobs/messages.ts';
import { removeOrphans } from '../../jobs/orphans.ts';
import { reconcile } from '../../jobs/reconcile.ts';
import { getJob, move } from '../../jobs/records.ts';
import { runArchiver, runThaw } from '../../jobs/workers.ts';
import { putItem } from '../../aws/table.ts';
import { createApp } from '../../web/app.ts';
import { manyVariants } from '../support/made-vcf.ts';
import { finishedJob, someone } from '../support/people.ts';
import { Visitor } from '../support/visitor.ts';
import { eventually, installStarter, startWorld } from '../support/world.ts';
import { grantsOf, underRole, type Ledger } from './support/enforce.ts';

const annotatorUrl = new URL('../../bin/annotator.ts', import.meta.url).href;

/** Permissions the story does not use: each is for a moment that cannot be waited for. */
const rare: [when: string, grant: RegExp][] = [
  ['an upload or an archive in parts breaks off', /: (s3|glacier):AbortMultipartUpload /],
  [
    'an annotator finds its job taken away and removes its outputs',
    /^annotator: s3:(DeleteObject|ListBucket) .*results/,
  ],
  ['restored bytes are not those that were archived, and are removed', /^(thaw|restore): s3:DeleteObject .*results/],
  ['a message is handled for long, or cannot be handled and is looked at again', /: sqs:ChangeMessageVisibility /],
];

describe.each(['vault', 's3'] as const)('with archives on %s', (backend) => {
  test('each program can do its part, and is allowed nothing else', async () => {
    const site = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    const { port } = site;
    site.stop(true);
    let restore: ((event: unknown) => Promise<void>) | undefined;
    const world = await startWorld(
      {
        GAS_ARCHIVE_BACKEND: backend,
        GAS_ARCHIVE_GRACE_SECONDS: '1',
        GAS_DOWNGRADE_GRACE_SECONDS: '600',
        GAS_PORT: String(port),
        GAS_PUBLIC_URL: `http://localhost:${port}`,
        GAS_INVENTORY_SECONDS: '1',
      },
      {
        settings: { retrievalMs: { Expedited: 300, Standard: 500, Bulk: 500 } },
        functions: { gas_restore: async (event) => restore?.(event) },
      },
    );
    const { gas } = world;
    const granted = permissions(gas.config);
    const roles = Object.fromEntries(
      Object.entries(granted).map(([role, statements]) => [role, underRole(gas, statements)]),
    ) as Record<Role, { gas: Gas; ledger: Ledger }>;
    const stop = new AbortController();
    await installStarter(gas);
    const app = createApp(roles.web.gas).listen({ port });
    const programs = Promise.all([
      runAnnotator(roles.annotator.gas, stop.signal, { workerUrl: annotatorUrl, onReady: () => undefined }),
      runArchiver(roles.archiver.gas, stop.signal),
      runThaw(roles.thaw.gas, stop.signal),
    ]);
    try {
      restore = createRestoreHandler(roles.restore.gas);
      const visitor = await aLongStory(gas, new Visitor(`http://localhost:${port}`), roles.web.ledger, port);
      await upgradedAndBack(gas, visitor);
      await restoredForAFreeUser(gas, 1000);
      // The notification gets lost: thaw brings the result home itself.
      restore = undefined;
      await restoredForAFreeUser(gas, 17 * 2 ** 20);
      await theArchiverMends(gas, roles.archiver.gas);
    } finally {
      stop.abort();
      await programs;
      await app.stop();
      await world.stop();
    }

    const played = Object.entries(roles) as [Role, { ledger: Ledger }][];
    expect(played.flatMap(([role, { ledger }]) => ledger.denied.map((what) => `${role}: ${what}`))).toEqual([]);
    const unused = played.flatMap(([role, { ledger }]) =>
      grantsOf(granted[role])
        .filter((grant) => !ledger.used.has(grant))
        .map((grant) => `${role}: ${grant}`),
    );
    expect(unused.filter((grant) => !rare.some(([, pattern]) => pattern.test(grant)))).toEqual([]);
  }, 300_000);
});

const jobIs = (gas: Gas, id: string, what: string, is: (job: Job) => boolean) =>
  eventually(`${id} is ${what}`, async () => {
    const job = await getJob(gas, id);
    return job && is(job) && job;
  });

/** Everything a person can do on the site. */
async function aLongStory(
  gas: Gas,
  visitor: Visitor,
  web: Ledger,
  port: number,
): Promise<{ visitor: Visitor; id: string }> {
  const go = async (path: string, form?: Record<string, string>) => {
    const reply = await visitor.go(path, form);
    expect({ path, status: reply.status }).toEqual({ path, status: 200 });
    return reply;
  };
  const password = 'jumping genes 1951';
  await visitor.signUp();
  const id = await visitor.submit('mine.vcf', manyVariants(300));
  // The browser uploads with what the site signed, so the site's role must be allowed to.
  web.demand('s3:PutObject', `arn:aws:s3:::${gas.config.topology.buckets.inputs.name}/x`);
  await jobIs(gas, id, 'completed', ({ job_status }) => job_status === 'COMPLETED');
  await go('/annotations');
  await go(`/annotations/${id}`);
  await go(`/annotations/${id}/log`);
  await go(`/annotations/${id}/log-file`);
  await go('/annotations/sample', {});
  await go('/ready');
  await go('/metrics');

  const bad = await visitor.submit('bad.vcf', 'no VCF\n');
  await jobIs(gas, bad, 'failed', ({ job_status }) => job_status === 'FAILED');
  await go(`/annotations/${bad}/deletion`, {});
  const long = await visitor.submit('long.vcf', manyVariants(60_000));
  await go(`/annotations/${long}`);
  await visitor.go(`/annotations/${long}/cancellation`, {});

  await go('/profile/name', { name: 'B. McClintock' });
  await go('/profile/password', { current: password, next: 'transposable 1953' });
  await jobIs(gas, id, 'archived', ({ archive_status, attention }) => archive_status === 'ARCHIVED' && !attention);

  // Somebody else erases an account with an archived result, and signs out somewhere.
  const other = new Visitor(visitor.url);
  const { email } = await signUpAs(other, password);
  const theirs = await other.submit('theirs.vcf', manyVariants(50));
  await jobIs(gas, theirs, 'archived', ({ archive_status, attention }) => archive_status === 'ARCHIVED' && !attention);
  const elsewhere = new Visitor(`http://localhost:${port}`);
  await elsewhere.go('/sign-in', { email, password });
  await elsewhere.go('/sign-out', {});
  const gone = await other.go('/profile/deletion', { password });
  expect(gone.status).toBe(200);
  expect((await getJob(gas, theirs))?.user_id).toBeUndefined();
  return { visitor, id };
}

async function signUpAs(visitor: Visitor, password: string): Promise<{ email: string }> {
  const email = `somebody.${crypto.randomUUID()}@example.org`;
  await visitor.go('/sign-up', { name: 'Somebody', email, password });
  return { email };
}

/** Upgrading brings the result back; leaving premium starts its grace. */
async function upgradedAndBack(gas: Gas, { visitor, id }: { visitor: Visitor; id: string }): Promise<void> {
  await visitor.go('/subscribe', {});
  await jobIs(gas, id, 'restored', ({ archive_status, attention }) => archive_status === 'AVAILABLE' && !attention);
  await visitor.go('/unsubscribe', {});
  await jobIs(gas, id, 'scheduled', ({ archive_status }) => archive_status === 'ARCHIVE_SCHEDULED');
}

/** A result comes back to a user who has meanwhile left premium again. */
async function restoredForAFreeUser(gas: Gas, bytes: number): Promise<void> {
  const user = await someone(gas);
  const { job_id } = await finishedJob(gas, user, new Uint8Array(bytes));
  await jobIs(gas, job_id, 'archived', ({ archive_status, attention }) => archive_status === 'ARCHIVED' && !attention);
  await putItem(gas.aws, gas.config.topology.tables.outbox.name, row({ kind: 'thaw user', user_id: user.user_id }));
  await jobIs(gas, job_id, 'back, its grace begun', ({ archive_status }) => archive_status === 'ARCHIVE_SCHEDULED');
}

/** What was left unsent is sent, what is late is set going, what belongs to nobody goes. */
async function theArchiverMends(gas: Gas, archiver: Gas): Promise<void> {
  const outbox = gas.config.topology.tables.outbox.name;
  const nobody = 'no-such-job';
  const messages: Message[] = [
    { kind: 'job request', job_id: nobody },
    { kind: 'job result', job_id: nobody },
    { kind: 'user downgraded', user_id: nobody },
    { kind: 'archive request', job_id: nobody, archive_time: '2026-01-01T00:00:00.000Z' },
    { kind: 'thaw user', user_id: nobody },
  ];
  for (const message of messages) await putItem(gas.aws, outbox, row(message));
  const user = await someone(gas);
  const { job_id } = await finishedJob(gas, user, new Uint8Array(10));
  await jobIs(gas, job_id, 'archived', ({ archive_status, attention }) => archive_status === 'ARCHIVED' && !attention);
  await move(gas, job_id, 'erase', {});
  await reconcile({ ...archiver, now: () => Date.now() + 86_400_000 });
  expect(await getJob(gas, job_id)).toBeNull();
  await eventually('the inventory is known', async () => (await removeOrphans(archiver)) !== null);
}

/** A message that was left behind long ago. */
function row(message: Message) {
  return {
    outbox_id: crypto.randomUUID(),
    kind: message.kind,
    body: JSON.stringify(message),
    created_time: '2026-01-01T00:00:00.000Z',
  };
}
