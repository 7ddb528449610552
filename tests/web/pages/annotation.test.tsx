/** The page of one annotation, in every state a job can be in. */
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { Job } from '../../../jobs/job.ts';
import { JobRow } from '../../../web/components/job-row.tsx';
import { AnnotationArticle } from '../../../web/pages/annotation.tsx';
import { aJob, ago, freeUser, limits, now, premiumUser, states, summary } from '../support/jobs.ts';

async function article(job: Job, user = freeUser): Promise<string> {
  return AnnotationArticle({ job, user, limits, now, queue: { place: 3, waiting: 5, more: false }, summary: null });
}

async function row(job: Job, user = freeUser): Promise<string> {
  return JobRow({ job, tier: user.tier, now });
}

describe.each(Object.entries(states))('%s', (_, { job, user, isLive }) => {
  test(isLive ? 'the page looks again by itself' : 'the page has stopped asking', async () => {
    for (const html of [await article(job, user), await row(job, user)]) {
      // Both: an element with hx-get alone would ask on every click.
      expect(html.includes('hx-trigger="every ')).toBe(isLive);
      expect(html.includes('hx-get=')).toBe(isLive);
    }
  });

  test('says the file, its status in a word, and what one can do', async () => {
    const html = await article(job, user);
    expect(html).toContain(job.input_file_name);
    expect(html).toMatch(/class="standing standing-[A-Z]+"><svg/);
    expect(html).toContain(`href="/annotations/${job.job_id}/deletion"`);
    expect(html).toContain(`href="/annotations/${job.job_id}/input"`);
  });

  test('has no inline style, script or handler', async () => {
    const html = `${await article(job, user)}${await row(job, user)}`;
    expect(html).not.toMatch(/<(script|style)|\sstyle=|\son\w+=/i);
  });

  test('says no word like undefined or NaN', async () => {
    const html = `${await article(job, user)}${await row(job, user)}`;
    expect(html).not.toMatch(/undefined|NaN|\[object|Infinity/);
  });
});

const said: [state: string, sentence: string | RegExp][] = [
  ['waiting', '3rd of 5 waiting'],
  ['running', '80,412'],
  ['running', '81,230'],
  ['running', '1 min 14 s'],
  ['running', '<progress id="job-progress" max="100" value="41.7"'],
  ['counting down', /stays here until .*<time datetime="2026-11-22T19:31:59.000Z".*archived in .*1 min 59 s/],
  ['counting down', 'href="/subscribe"'],
  ['archived', 'This result is archived.'],
  ['archived', 'Upgrade to premium'],
  ['archived, upgraded', 'on its way back'],
  ['thawing', 'Expedited retrieval, usually 1 to 5 minutes'],
  ['restoring', 'copied back and checked'],
  ['restored', 'its checksum is the one it was archived with'],
  ['failed', 'The header has no line that begins with #CHROM'],
  ['failed', 'NO_CHROM_LINE'],
  ['failed', /line <span class="number">3/],
  ['failed', 'Submit a corrected file'],
  ['premium', 'stays until you delete it'],
  ['premium', '193,204 variants in 191,877 records'],
  ['premium', 'The file is on GRCh38'],
  ['premium', 'the first is line 4,102'],
  ['premium', '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752'],
  ['premium', 'stop gained'],
];

test.each(said)('%s: the page says %p', async (state, sentence) => {
  const { job, user } = states[state] ?? { job: aJob(), user: freeUser };
  const html = (await article(job, user)).replaceAll('&#39;', "'");
  if (typeof sentence === 'string') expect(html).toContain(sentence);
  else expect(html).toMatch(sentence);
});

test('a result is offered while it is at hand, and only then', async () => {
  const atHand = Object.entries(states)
    .filter(([, { job }]) => job.job_status === 'COMPLETED')
    .map(async ([name, { job, user }]) => [name, (await article(job, user)).includes('/result"')] as const);
  expect(Object.fromEntries(await Promise.all(atHand))).toEqual({
    'completed, not yet scheduled': true,
    'counting down': true,
    archiving: true,
    archived: false,
    'archived, upgraded': false,
    thawing: false,
    restoring: false,
    restored: true,
    premium: true,
    deleting: false,
  });
});

test('only a job that is not finished can be cancelled', async () => {
  for (const { job, user } of Object.values(states)) {
    const runs = job.job_status === 'PENDING' || job.job_status === 'RUNNING';
    expect((await article(job, user)).includes('/cancellation"')).toBe(runs);
  }
});

test('bars carry their numbers and shapes, most severe first', async () => {
  const html = await article(states['premium']?.job ?? aJob(), premiumUser);
  const places = ['splice donor variant', 'stop gained', 'missense variant', 'synonymous variant', 'intron variant'];
  const found = places.map((place) => html.indexOf(`<span>${place}</span>`));
  expect(found.every((index) => index > 0)).toBe(true);
  expect(found).toEqual([...found].sort((a, b) => a - b));
  expect(html).toContain('class="mark mark-HIGH"');
});

test('whatever a file is called or an error says, it is text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (text) => {
      const hostile = `<img src=x onerror=alert(1)>"'&${text}`;
      const job = aJob({
        job_status: 'FAILED',
        input_file_name: hostile,
        complete_time: ago(1),
        error: { code: hostile, message: hostile, field: hostile },
        options: { reference: hostile },
      });
      const finished = aJob({
        job_status: 'COMPLETED',
        archive_status: 'AVAILABLE',
        restore_status: 'RESTORED',
        restore_message: hostile,
        summary: {
          ...summary,
          reference: hostile,
          assembly_sentence: hostile,
          warnings: [{ code: 'X', message: hostile }],
          terms: { [hostile]: 1 },
          classes: { [hostile]: 1 },
        },
      });
      for (const html of [await article(job), await row(job), await article(finished)]) {
        expect(html).not.toContain('<img');
      }
    }),
    { numRuns: 50 },
  );
});
