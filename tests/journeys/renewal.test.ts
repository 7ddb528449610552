/** A running service gets new programs: nobody who asks meanwhile is refused, and every job ends with every line. */
import { afterAll, afterEach, expect, test } from 'bun:test';
import { gunzipSync } from 'node:zlib';
import { getJob } from '../../jobs/records.ts';
import { dataLines, manyVariants } from '../support/made-vcf.ts';
import { migrateRequests } from '../support/migrate-requests.ts';
import { startOneMachine, type OneMachine } from '../support/one-machine.ts';
import { startTraffic } from '../support/traffic.ts';
import { Visitor } from '../support/visitor.ts';
import { eventually } from '../support/world.ts';

const { isOn, restore } = migrateRequests();
afterAll(restore);
const because = isOn ? '' : ' (skipped: net.ipv4.tcp_migrate_req is off, and to switch it on takes root)';

let machine: OneMachine | undefined;
afterEach(async () => {
  await machine?.remove();
  machine = undefined;
});

test.skipIf(!isOn)(
  `every program is renewed under way: no request fails, no job is lost${because}`,
  async () => {
    const it = (machine = await startOneMachine({ GAS_ARCHIVE_GRACE_SECONDS: '600' }));
    const roles = ['cloud', 'web', 'annotator', 'archiver', 'thaw'];
    const pids = () => roles.map((role) => it.pidOf(role));
    const visitor = new Visitor(it.url);
    await visitor.signUp();
    const before = pids();
    const long = await visitor.submit('long.vcf', manyVariants(100_000));

    const traffic = startTraffic(visitor, manyVariants(200));
    await it.renew();
    const { answered, failed, jobs, slowestMs } = await traffic.stop();
    console.log(`renewed under way: ${JSON.stringify({ answered, failed, jobs: jobs.length, slowestMs })}`);
    expect(failed).toEqual([]);
    expect(jobs.length).toBeGreaterThan(0);
    const after = pids();
    for (const [at, role] of roles.entries()) expect([role, after[at]]).not.toEqual([role, before[at]]);

    const gas = it.gas();
    for (const id of [long, ...jobs]) {
      await eventually(`${id} is completed`, async () => (await getJob(gas, id))?.job_status === 'COMPLETED', 60);
      const lines = dataLines(gunzipSync(await visitor.download(`/annotations/${id}/result`)).toString());
      expect(lines).toHaveLength(id === long ? 100_000 : 200);
    }
    gas.aws.close();
  },
  120_000,
);
