/** An operator installs a reference with sequence; a job then has protein consequences, in a layout other tools read. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { annotate } from '../../jobs/annotate.ts';
import type { Job, User } from '../../jobs/job.ts';
import { getJob } from '../../jobs/records.ts';
import { listInstalled } from '../../jobs/installed.ts';
import { registerReferences } from '../../jobs/references.ts';
import { downloadUrl } from '../../jobs/results.ts';
import { prepareUpload, submitJob } from '../../jobs/submit.ts';
import { dataLines } from '../support/made-vcf.ts';
import { postFile, someone } from '../support/people.ts';
import { startWorld, type World } from '../support/world.ts';

const root = join(import.meta.dir, '../..');
const annotatorUrl = new URL('../../bin/annotator.ts', import.meta.url).href;
const bcftools = '/usr/bin/bcftools';

/** A gene of two exons, forward: ATG GCT | GAA TGA, with an intron GT…AG between. Positions count from 1. */
const sequence = `${'C'.repeat(100)}ATGGCT${`GT${'C'.repeat(46)}AG`}GAATGA${'C'.repeat(100)}`;
const gff = `##gff-version 3
made	x	gene	91	172	.	+	.	ID=gene:G1;Name=MADE1;biotype=protein_coding
made	x	mRNA	91	172	.	+	.	ID=transcript:T1;Parent=gene:G1;biotype=protein_coding;version=1
made	x	exon	91	106	.	+	.	Parent=transcript:T1
made	x	exon	157	172	.	+	.	Parent=transcript:T1
made	x	CDS	101	106	.	+	0	ID=CDS:P1;Parent=transcript:T1;protein_id=P1
made	x	CDS	157	162	.	+	0	ID=CDS:P1;Parent=transcript:T1;protein_id=P1
`;
const vcf = `##fileformat=VCFv4.2
##contig=<ID=made,length=${sequence.length}>
#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO
made	101	start	A	G	.	.	.
made	105	missense	C	A	.	.	.
made	107	donor	G	A	.	.	.
made	157	stop	G	T	.	.	.
`;

let world: World;
let user: User;
let folder: string;

beforeAll(async () => {
  world = await startWorld();
  folder = await mkdtemp(join(tmpdir(), 'gas-full-'));
  await writeFile(join(folder, 'made.fa'), `>made\n${sequence}\n`);
  await writeFile(join(folder, 'made.gff3'), gff);
  const command = ['reference', 'build', '--fasta', join(folder, 'made.fa'), '--genes', join(folder, 'made.gff3')];
  const out = join(world.gas.config.dataDir, 'references', 'made');
  const build = Bun.spawnSync([
    process.execPath,
    join(root, 'bin/anntools.ts'),
    ...command,
    '--name',
    'made',
    '-o',
    out,
  ]);
  expect(build.stderr.toString()).toBe('');
  await registerReferences(world.gas);
  user = await someone(world.gas);
}, 60_000);
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(reference: string): Promise<Job> {
  const upload = await prepareUpload(world.gas, user);
  expect((await postFile(upload, 'made.vcf', vcf)).status).toBe(201);
  const key = `${user.user_id}/${upload.jobId}/made.vcf`;
  const { job_id } = await submitJob(world.gas, user, { key, options: { reference } });
  await annotate(
    world.gas,
    JSON.stringify({ kind: 'job request', job_id }),
    annotatorUrl,
    new AbortController().signal,
  );
  return (await getJob(world.gas, job_id)) as Job;
}

async function bytesOf(job: Job): Promise<Buffer> {
  return Buffer.from(await (await fetch(await downloadUrl(world.gas, job, 'result'))).arrayBuffer());
}

test('an installed reference is offered, the starter last', async () => {
  const names = (await listInstalled(world.gas)).references.map(({ name }) => name);
  expect(names).toEqual(['made', 'grch38-starter']);
});

test('a job with it has protein consequences and HGVS', async () => {
  const job = await run('made');
  expect(job).toMatchObject({ job_status: 'COMPLETED' });
  expect(job.summary?.reference).toContain('made');
  const csq = dataLines(gunzipSync(await bytesOf(job)).toString()).map((line) => /CSQ=([^;\t]+)/.exec(line)?.[1] ?? '');
  expect(csq[0]).toContain('|start_lost|HIGH|MADE1|');
  expect(csq[1]).toContain('|missense_variant&splice_region_variant|MODERATE|MADE1|');
  expect(csq[1]).toContain('|T1.1:c.5C>A|P1.1:p.Ala2Asp|');
  expect(csq[2]).toContain('|splice_donor_variant|HIGH|MADE1|');
  expect(csq[3]).toContain('|stop_gained&splice_region_variant|HIGH|MADE1|');
});

test.skipIf(!existsSync(bcftools))('bcftools +split-vep reads what we write (needs bcftools)', async () => {
  const path = join(folder, 'made.annot.vcf.gz');
  await writeFile(path, await bytesOf(await run('made')));
  const format = '%ID %Consequence %SYMBOL %HGVSp\n';
  const { stdout, stderr } = Bun.spawnSync([bcftools, '+split-vep', '-f', format, path]);
  expect(stderr.toString()).toBe('');
  expect(stdout.toString().split('\n')[1]).toBe('missense missense_variant&splice_region_variant MADE1 P1.1:p.Ala2Asp');
});

test('a reference nobody installed is refused at submission', async () => {
  expect(run('grcz11')).rejects.toThrow("There is no reference 'grcz11' here");
});
