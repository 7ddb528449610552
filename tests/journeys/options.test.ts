/**
 * An operator installs a source of known variants and a track; somebody submits a VCF with regions of their own, leaves
 * one source out and takes another form: what they chose is in the result, on the page, remembered, and erased.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { listObjects } from '../../aws/objects.ts';
import { annotate } from '../../jobs/annotate.ts';
import type { Job } from '../../jobs/job.ts';
import { getJob } from '../../jobs/records.ts';
import { listInstalled } from '../../jobs/installed.ts';
import { registerReferences } from '../../jobs/references.ts';
import { createApp } from '../../web/app.ts';
import { freePort } from '../support/free-port.ts';
import { dataLines } from '../support/made-vcf.ts';
import { basesOf, CONTIG_LENGTH, makeSmallReference } from '../support/small-reference.ts';
import { Visitor } from '../support/visitor.ts';
import { installStarter, startWorld, type World } from '../support/world.ts';

const root = join(import.meta.dir, '../..');
const annotatorUrl = new URL('../../bin/annotator.ts', import.meta.url).href;
const never = new AbortController().signal;

const bases = basesOf('1');
/** Where the reference's own source knows an allele A, in the coding exon of its gene. */
const position = [1101, 1103, 1105, 1107, 1109].find((one) => bases[one - 1] !== 'A') ?? 1101;
const base = bases[position - 1] ?? 'N';
const header = `##fileformat=VCFv4.2\n##contig=<ID=1,length=${CONTIG_LENGTH}>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n`;
const vcf = `${header}1\t${position}\t.\t${base}\tA\t.\t.\t.\n1\t2500\t.\t${bases[2499]}\t<DEL>\t.\t.\tEND=2510\n`;

let world: World;
let app: ReturnType<typeof createApp>;
let visitor: Visitor;
let references: string;
let folder: string;

beforeAll(async () => {
  const port = freePort();
  world = await startWorld({ GAS_PUBLIC_URL: `http://localhost:${port}`, GAS_FREE_TRACK_MIB: '1' });
  app = createApp(world.gas).listen({ port, hostname: 'localhost' });
  visitor = new Visitor(`http://localhost:${port}`);
  await visitor.signUp();
  references = join(world.gas.config.dataDir, 'references');
  folder = await mkdtemp(join(tmpdir(), 'gas-options-'));
  await installStarter(world.gas);
  await makeSmallReference(join(references, 'small'));
  await install();
}, 120_000);
afterAll(async () => {
  await app?.stop(true);
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What the manual tells an operator to do. */
async function install(): Promise<void> {
  const frequencies = join(folder, 'frequencies.vcf');
  const info = '##INFO=<ID=AF,Number=A,Type=Float,Description="frequency">\n';
  await writeFile(
    frequencies,
    `${header.replace('#CHROM', `${info}#CHROM`)}1\t${position}\t.\t${base}\tA\t.\t.\tAF=0.25\n`,
  );
  const words = ['known', 'build', 'Freq', '--vcf', frequencies, '--fields', 'INFO/AF', '--version', '7'];
  const build = Bun.spawnSync([process.execPath, join(root, 'bin/anntools.ts'), ...words, '--assembly', 'small'], {
    env: { ...process.env, GAS_DATA_DIR: world.gas.config.dataDir },
  });
  expect(build.stderr.toString()).toBe('');

  const panel = join(references, 'tracks', 'PANEL');
  await mkdir(panel, { recursive: true });
  await writeFile(join(panel, 'panel.bed'), '1\t1000\t1200\tcore\n1\t2400\t2600\trim\n');
  const told = { assembly: 'small', version: '3', description: 'The panel of our clinic' };
  await writeFile(join(panel, 'track.json'), JSON.stringify(told));
  const dosage = join(references, 'genes', 'DOSE');
  await mkdir(dosage, { recursive: true });
  await writeFile(join(dosage, 'dosage.tsv'), 'gene\tscore\nGENE1\t3\n');
  await writeFile(join(dosage, 'genes.json'), '{}');
  await mkdir(join(references, 'tracks', 'UNTOLD'));
  await writeFile(join(references, 'tracks', 'UNTOLD', 'x.bed'), '1\t1\t2\n');
  await registerReferences(world.gas);
}

async function run(job_id: string): Promise<Job> {
  await annotate(world.gas, JSON.stringify({ kind: 'job request', job_id }), annotatorUrl, never);
  return (await getJob(world.gas, job_id)) as Job;
}

async function resultOf(job: Job): Promise<string> {
  return gunzipSync(await visitor.download(`/annotations/${job.job_id}/result`)).toString();
}

/** Uploads the VCF and then regions, as a browser without JavaScript. */
async function uploadBoth(trackName: string, track: Uint8Array | string) {
  const first = await visitor.upload((await visitor.go('/annotate')).text, 'upload', 'mine.vcf', vcf);
  const second = await visitor.upload(first.text, 'track-upload', trackName, track);
  return { key: first.key, trackKey: second.key, page: second };
}

const asked = (fields: Record<string, string | string[]>): [string, string][] =>
  Object.entries(fields).flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value]));

test('what is installed is offered, and what cannot be used is said', async () => {
  const installed = await listInstalled(world.gas);
  expect(installed.sources).toMatchObject([
    { name: 'Known', assembly: 'small', reference: 'small', fields: ['Known_N'] },
    { name: 'ClinVar', assembly: 'GRCh38', reference: 'grch38-starter' },
    { name: 'Freq', version: '7', assembly: 'small', fields: ['Freq_AF'], variants: 1 },
  ]);
  expect(installed.sources.every(({ bytes }) => bytes > 0)).toBe(true);
  expect(installed.tracks).toMatchObject([
    { name: 'PANEL', version: '3', regions: 2, file: 'panel.bed', description: 'The panel of our clinic' },
  ]);
  expect(installed.problems).toEqual(['tracks/UNTOLD: there is no track.json, which says what it is.']);
  const { text } = await visitor.go('/annotate');
  for (const name of ['ClinVar', 'Known', 'Freq']) {
    expect(text).toMatch(new RegExp(`<input[^>]* name="source" value="${name}" checked[^>]*>`));
  }
  expect(text).toMatch(/<input[^>]* name="track" value="PANEL"(?! checked)[^>]*>/);
});

test('the operator sees the same by a command', async () => {
  const { endpoint = '', region, credentials } = world.gas.config;
  const operate = Bun.spawn([process.execPath, join(root, 'bin/operate.ts'), 'sources', 'list'], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials?.accessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: credentials?.secretAccessKey ?? '',
    },
  });
  const lines = (await new Response(operate.stdout).text()).split('\n');
  expect(lines).toContainEqual(expect.stringMatching(/^  small  small  2 transcripts, [\d.]+ KiB, made /));
  expect(lines).toContainEqual(expect.stringMatching(/^  Freq  small  7  1 variant, [\d.]+ KiB, made /));
  expect(lines).toContainEqual(expect.stringMatching(/^  PANEL  small  3  2 regions, \d+ B  panel.bed$/));
  expect(lines).toContainEqual(expect.stringMatching(/^  tracks\/UNTOLD: there is no track.json/));
});

test('without any option all known variants of the assembly are used, and no track', async () => {
  const result = await resultOf(await run(await visitor.submit('plain.vcf', vcf, asked({ reference: 'small' }))));
  expect(dataLines(result)[0]).toContain(`;Known_N=${position - 1};Freq_AF=0.25`);
  expect(result).not.toContain('PANEL');
});

test('what was chosen is in the result, on the page, and remembered; nothing is left when it is erased', async () => {
  const { key, trackKey, page } = await uploadBoth('of my own.bed.gz', gzipSync('1\t1100\t1130\thot spot\nodd line\n'));
  expect(page.status).toBe(200);
  expect(page.text).toContain('of my own.bed.gz');
  expect(page.text).toContain('BED with 1 region. Line 2 has 1 columns where the end is in column 3');
  const id = await visitor.submitUploaded(
    asked({
      key,
      track_key: trackKey,
      track_name: 'MINE',
      reference: 'small',
      offered_source: ['ClinVar', 'Known', 'Freq'],
      source: ['ClinVar', 'Freq'],
      track: 'PANEL',
      genes: 'DOSE',
      transcripts: 'canonical',
      distance: '100',
      manner: 'specification',
      form: 'csq',
    }),
  );
  const job = await run(id);
  expect(job.job_status).toBe('COMPLETED');
  const text = await resultOf(job);
  const [first = '', second = ''] = dataLines(text);
  expect(first).toContain('Freq_AF=0.25');
  expect(first).toContain('MINE=hot_spot');
  expect(first).toContain('PANEL=core');
  expect(first).toMatch(/CSQ=A\|[^;]*\|3(;|$)/);
  expect(text).not.toContain('Known_N');
  expect(second).toContain('PANEL=rim');
  expect(second).toContain('intergenic_variant');
  expect(job.summary?.warnings.map(({ code }) => code)).toContain('TRACK_LINES');

  const { text: shown } = await visitor.go(`/annotations/${id}`);
  expect(shown).toContain('Freq 7');
  expect(shown).toContain('DOSE from dosage.tsv, 1 gene of the reference');
  expect(shown).toContain('PANEL from panel.bed, 2 regions, overlapping 2 records');
  expect(shown).toContain('MINE from of my own.bed.gz, 1 region, overlapping 1 record');
  expect(shown).toContain(
    'canonical transcripts, up to 100 bases beside; rules as specified; VCF with CSQ; without Known',
  );

  expect(gunzipSync(await visitor.download(`/annotations/${id}/track`)).toString()).toStartWith('1\t1100\t1130');

  const { text: next } = await visitor.go('/annotate');
  expect(next).toContain(
    'canonical transcripts; up to 100 bases beside; rules as specified; without Known; with PANEL, DOSE',
  );
  expect(next).toMatch(/name="source" value="Known"(?! checked)/);
  expect(next).toMatch(/name="track" value="PANEL" checked/);
  expect(next).not.toContain('MINE');

  const bucket = world.gas.config.topology.buckets.inputs.name;
  const inFolder = () => listObjects(world.gas.aws, bucket, `${job.user_id}/${id}/`);
  expect((await inFolder()).map((one) => one.key).sort()).toEqual([key, trackKey].sort());
  await visitor.go(`/annotations/${id}/deletion`, {});
  expect(await inFolder()).toEqual([]);
});

test('leaving for good takes along what was uploaded for no job', async () => {
  const leaver = new Visitor(visitor.url);
  await leaver.signUp();
  const first = await leaver.upload((await leaver.go('/annotate')).text, 'upload', 'mine.vcf', vcf);
  await leaver.upload(first.text, 'track-upload', 'mine.bed', '1\t1100\t1130\n');
  const bucket = world.gas.config.topology.buckets.inputs.name;
  const uploaded = () => listObjects(world.gas.aws, bucket, `${first.key.split('/')[0]}/`);
  expect(await uploaded()).toHaveLength(2);
  await leaver.go('/profile/deletion', { password: 'jumping genes 1951' });
  expect(await uploaded()).toEqual([]);
});

describe('other forms of the result', () => {
  test.each([
    ['tsv', 'mine.annot.tsv.gz', /^#?.*CHROM\tPOS\tID\tREF\tALT/m, 'annotated table (TSV)'],
    ['json', 'mine.annot.jsonl.gz', /^\{"/m, 'annotated records (JSON lines)'],
    ['ann', 'mine.annot.vcf.gz', /;?ANN=A\|/, 'annotated VCF'],
    ['bcsq', 'mine.annot.vcf.gz', /BCSQ=/, 'annotated VCF'],
  ])('%s', async (form, fileName, content, label) => {
    const job = await run(await visitor.submit('mine.vcf', vcf, asked({ form, reference: 'small' })));
    expect(job.s3_key_result_file).toEndWith(`/${fileName}`);
    expect(job.s3_key_index_file === undefined).toBe(!fileName.includes('.vcf'));
    expect(await resultOf(job)).toMatch(content);
    const { text } = await visitor.go(`/annotations/${job.job_id}`);
    expect(text).toContain(`Download the ${label}`);
    // The pictures are of the counts, which are the same in every form.
    expect(text).toContain('Records by most severe consequence');
  });
});

describe('regions that cannot be used', () => {
  test.each([
    ['poem.bed', 'Two roads diverged in a yellow wood\n', 422, /poem.bed.*cannot be used as a track: .*line 1 is/],
    ['sheet.xlsx', 'PK\x03\x04....', 422, /sheet.xlsx.*cannot be used as a track: the file is a zip archive/],
    ['turned.bed', '1\t20\t10\n', 422, /line 1 begins at 20 and ends at 10/],
    ['nothing.bed', '', 422, /nothing.bed.*is empty/],
  ])('%s is refused before anything runs', async (fileName, content, status, sentence) => {
    const { key, trackKey, page } = await uploadBoth(fileName, content);
    expect(page.status).toBe(status);
    expect(page.text).toMatch(sentence);
    // Submitted all the same, by whoever does not look.
    const again = await visitor.go('/annotations', asked({ key, track_key: trackKey }));
    expect([again.status, again.path]).toEqual([status, '/annotations']);
    expect(again.text).toMatch(sentence);
  });

  test('more than allowed is refused by S3', () => {
    expect(uploadBoth('large.bed', new Uint8Array(2 ** 20 + 1))).rejects.toThrow('EntityTooLarge');
  });

  test('what only shows when all of it is read ends the job, with the reason', async () => {
    const line = (i: number) =>
      `1\t${i}\t${i + 1}\t${Bun.hash(String(i)).toString(36)}${Bun.hash(`${i}.`).toString(36)}\n`;
    const whole = gzipSync(Array.from({ length: 25_000 }, (_, i) => line(i)).join(''));
    expect(whole.length).toBeGreaterThan(300 * 1024);
    const { key, trackKey } = await uploadBoth('cut.bed.gz', whole.subarray(0, whole.length - 1000));
    const job = await run(await visitor.submitUploaded(asked({ key, track_key: trackKey })));
    expect(job.job_status).toBe('FAILED');
    expect(job.error?.message).toMatch(/cut\.bed\.gz: the compressed file ends in the middle of a block/);
    const { text } = await visitor.go(`/annotations/${job.job_id}`);
    expect(text).toContain('cut.bed.gz');
  });

  test.each([
    ['a name that is none', 'my track', /cannot be the name of a track/],
    ['a name that has another meaning', 'CSQ', /has another meaning/],
    ['a name of something else', 'Freq_AF', /Something else is called Freq_AF/],
  ])('%s is told at its field, and nothing is lost', async (_what, name, sentence) => {
    const { key, trackKey } = await uploadBoth('mine.bed', '1\t1100\t1130\n');
    const fields = { key, track_key: trackKey, track_name: name, form: 'tsv', distance: '70' };
    const { status, text } = await visitor.go('/annotations', asked(fields));
    expect(status).toBe(422);
    expect(text).toMatch(sentence);
    expect(text).toContain(`name="track_key" value="${trackKey}"`);
    expect(text).toContain(`name="track_name" type="text" maxlength="60"`);
    expect(text).toMatch(/<option value="tsv" selected/);
    expect(text).toMatch(/name="distance"[^>]* value="70"/);
  });

  test("somebody else's track is nobody's", async () => {
    const { trackKey } = await uploadBoth('mine.bed', '1\t1100\t1130\n');
    const other = new Visitor(visitor.url);
    await other.signUp();
    const { key } = await other.upload((await other.go('/annotate')).text, 'upload', 'theirs.vcf', vcf);
    const { status, text } = await other.go('/annotations', asked({ key, track_key: trackKey }));
    expect(status).toBe(403);
    expect(text).toContain('belongs to another upload');
  });
});

describe('what changes between submission and annotation', () => {
  test('a track that is gone is missed, and that is said', async () => {
    const id = await visitor.submit('mine.vcf', vcf, asked({ reference: 'small', track: 'PANEL' }));
    await rm(join(references, 'tracks', 'PANEL'), { recursive: true });
    const job = await run(id);
    expect(job.job_status).toBe('COMPLETED');
    expect(job.summary?.warnings[0]?.message).toBe('The track PANEL is no longer installed, so it was not used.');
    await registerReferences(world.gas);
    const { text } = await visitor.go('/annotate');
    expect(text).not.toContain('PANEL');
  });
});
