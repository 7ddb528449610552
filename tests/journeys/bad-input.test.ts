/**
 * What people upload that is no good VCF, and what they are told: a state, a sentence that says what, where and what to
 * do, a log that says the same; never a hang, never a lost line.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { annotate } from '../../jobs/annotate.ts';
import type { Job, User } from '../../jobs/job.ts';
import { getJob } from '../../jobs/records.ts';
import { downloadUrl, readLog } from '../../jobs/results.ts';
import { inspectUpload } from '../../jobs/submit.ts';
import { someone, submitFile } from '../support/people.ts';
import { installStarter, startWorld, type World } from '../support/world.ts';

const annotatorUrl = new URL('../../bin/annotator.ts', import.meta.url).href;
const never = new AbortController().signal;
let world: World;
let user: User;

beforeAll(async () => {
  world = await startWorld();
  await installStarter(world.gas);
  user = await someone(world.gas);
}, 60_000);
afterAll(() => world.stop());

async function run(fileName: string, content: Uint8Array | string): Promise<Job> {
  const { job_id } = await submitFile(world.gas, user, fileName, content);
  await annotate(world.gas, JSON.stringify({ kind: 'job request', job_id }), annotatorUrl, never);
  return (await getJob(world.gas, job_id)) as Job;
}

async function resultLines(job: Job): Promise<string[]> {
  const reply = await fetch(await downloadUrl(world.gas, job, 'result'));
  const text = gunzipSync(Buffer.from(await reply.arrayBuffer())).toString('latin1');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const header =
  '##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n';
const record = (pos: number, id = '.') => `chr1\t${pos}\t${id}\tA\tG\t50\tPASS\tDP=9\n`;
const good = header + Array.from({ length: 2000 }, (_, i) => record(1_000_000 + i * 50)).join('');

describe('a file that cannot be annotated fails with a sentence', () => {
  test.each<[string, string, Uint8Array | string, string, RegExp]>([
    ['text that is no VCF', 'poem.vcf', 'Two roads diverged in a yellow wood\n', 'NOT_VCF', /not a VCF/],
    [
      'a picture',
      'dna.vcf',
      new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]),
      'NOT_VCF',
      /not a VCF/,
    ],
    [
      'a file without the line of columns',
      'half.vcf',
      '##fileformat=VCFv4.2\nchr1\t5\t.\tA\tG\t.\t.\t.\n',
      'NO_HEADER_LINE',
      /#CHROM/,
    ],
    [
      'a gzip that breaks off',
      'cut.vcf.gz',
      gzipSync(good).subarray(0, 3000),
      'TRUNCATED',
      /(breaks off|cut|truncated|ends)/i,
    ],
    ['a gzip with damaged bytes', 'bad.vcf.gz', damaged(gzipSync(good)), 'CORRUPT_COMPRESSION', /(damaged|corrupt)/i],
  ])('%s', async (_what, fileName, content, code, sentence) => {
    const job = await run(fileName, content);
    expect(job.job_status).toBe('FAILED');
    expect(job.error?.code).toBe(code);
    expect(job.error?.message).toMatch(sentence);
    expect(job.error?.message).not.toMatch(/\bat \/|Error:|undefined/);
    expect(await readLog(world.gas, job)).toContain(job.error?.message as string);
    expect(job.archive_status).toBeUndefined();
    expect(job.attention).toBeUndefined();
  });
});

describe('a file with something wrong in it is completed, with warnings, and every line comes out', () => {
  test('a bad line in the middle', async () => {
    const text = `${header}${record(1000)}this is no record\n${record(2000)}chr1\tlater\t.\tA\tG\t.\t.\t.\n${record(3000)}`;
    const job = await run('badline.vcf', text);
    expect(job.job_status).toBe('COMPLETED');
    const lines = await resultLines(job);
    expect(lines).toHaveLength(5);
    expect(lines[1]).toBe('this is no record');
    const warning = job.summary?.warnings.find(({ code }) => code === 'BAD_LINES');
    expect(warning?.count).toBe(2);
    expect(await readLog(world.gas, job)).toMatch(/line 5\b/);
  });

  test('an unsorted file', async () => {
    const job = await run('unsorted.vcf', header + record(5000) + record(1000) + record(3000));
    expect(job.job_status).toBe('COMPLETED');
    expect((await resultLines(job)).map((line) => line.split('\t')[1])).toEqual(['5000', '1000', '3000']);
    expect(job.summary?.warnings.map(({ code }) => code)).toContain('UNSORTED');
    expect(job.s3_key_index_file).toBeUndefined();
  });

  test('a file of another assembly than the reference', async () => {
    const text = good.replace('248956422', '249250621');
    const job = await run('old.vcf', text);
    expect(job.job_status).toBe('COMPLETED');
    expect(await resultLines(job)).toHaveLength(2000);
    expect(job.summary?.assembly).toBe('GRCh37');
    expect(job.summary?.warnings.map(({ code }) => code)).toContain('ASSEMBLY_MISMATCH');
  });

  test('no records at all', async () => {
    const job = await run('empty-body.vcf', header);
    expect(job.job_status).toBe('COMPLETED');
    expect(job.summary?.warnings.map(({ code }) => code)).toContain('NO_RECORDS');
  });
});

test('an empty file is refused at submission', async () => {
  expect(submitFile(world.gas, user, 'nothing.vcf', '')).rejects.toThrow('is empty');
});

test('a file over the limit is refused by S3 before it is stored', async () => {
  const small = await startWorld({ GAS_FREE_INPUT_MIB: '1' });
  try {
    const owner = await someone(small.gas);
    expect(submitFile(small.gas, owner, 'big.vcf', new Uint8Array(2 ** 20 + 4096))).rejects.toThrow('EntityTooLarge');
  } finally {
    await small.stop();
  }
});

test('the assembly is said before anything runs', async () => {
  const { s3_key_input_file } = await submitFile(world.gas, user, 'peek.vcf.gz', gzipSync(good));
  const inspection = await inspectUpload(world.gas, user, s3_key_input_file);
  expect(inspection.assembly.name).toBe('GRCh38');
  expect(inspection.preselected).toBe('grch38-starter');
});

const odd = join(import.meta.dir, '../../../shared/data/vcf/seed-samples');
test.skipIf(!existsSync(odd)).each(existsSync(odd) ? readdirSync(odd) : ['none'])(
  'the seed sample %s gives a result with every line (needs ../shared)',
  async (fileName) => {
    const content = readFileSync(join(odd, fileName));
    const job = await run(fileName, new Uint8Array(content));
    expect(job.error).toBeUndefined();
    const before = content
      .toString('latin1')
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(await resultLines(job)).toHaveLength(before.length);
    expect(job.summary?.assembly_sentence).not.toBe('');
  },
);

function damaged(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  for (let at = 2000; at < 2200; at++) copy[at] = (copy[at] as number) ^ 0x5a;
  return copy;
}
