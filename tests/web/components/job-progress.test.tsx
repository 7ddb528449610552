import { expect, test } from 'bun:test';
import { JobProgress } from '../../../web/components/job-progress.tsx';
import { aJob } from '../support/jobs.ts';

test.each([
  [{ place: 1, waiting: 5, more: false }, 'Next to run'],
  [{ place: 3, waiting: 5, more: false }, '3rd of 5 waiting'],
  [{ place: 22, waiting: 500, more: true }, '22nd of more than 500 waiting'],
  [{ place: 501, waiting: 500, more: true }, 'behind more than 500 others'],
])('a place in the queue %p is said as %p', async (queue, words) => {
  expect(await JobProgress({ job: aJob(), queue })).toContain(words);
});
