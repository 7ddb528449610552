/** A job before it is done: its place in the queue, then how far it is, how fast, and how long it still takes. */
import type { Job, Progress } from '../../jobs/job.ts';
import { Entry } from './layout.tsx';
import { sayCount, sayDuration } from './say.ts';

export interface QueuePlace {
  /** From 1, the next to run. */
  place: number;
  waiting: number;
  /** Whether there are more than were counted. */
  more: boolean;
}

export function JobProgress({ job, queue }: { job: Job; queue: QueuePlace | null }): JSX.Element {
  if (job.job_status === 'PENDING') return <Waiting job={job} queue={queue} />;
  if (job.job_status !== 'RUNNING') return <></>;
  return (
    <Entry name="Progress" id="progress">
      {job.progress ? (
        <Running progress={job.progress} />
      ) : (
        <p>An annotator has taken the job and is about to begin.</p>
      )}
    </Entry>
  );
}

function Waiting({ job, queue }: { job: Job; queue: QueuePlace | null }): JSX.Element {
  return (
    <Entry name="In the queue" id="progress">
      <p class="big" safe>
        {sayPlace(queue)}
      </p>
      <p class="quiet">
        {job.attempt > 0
          ? 'The annotator that had it stopped; the next one starts it again. '
          : 'It starts as soon as an annotator is free. '}
        You can leave this page: the annotation goes on without it.
      </p>
    </Entry>
  );
}

/** `Next to run`, `3rd of 5 waiting`, `behind more than 500 others` */
function sayPlace(queue: QueuePlace | null): string {
  if (!queue || queue.place <= 1) return 'Next to run';
  if (queue.place > queue.waiting) return `behind more than ${sayCount(queue.waiting)} others`;
  return `${ordinal(queue.place)} of ${queue.more ? 'more than ' : ''}${sayCount(queue.waiting)} waiting`;
}

const ordinalEndings = new Map([
  ['one', 'st'],
  ['two', 'nd'],
  ['few', 'rd'],
]);
const ordinalRules = new Intl.PluralRules('en', { type: 'ordinal' });

function ordinal(place: number): string {
  return `${sayCount(place)}${ordinalEndings.get(ordinalRules.select(place)) ?? 'th'}`;
}

const stages: Record<Progress['stage'], string> = {
  downloading: 'Fetching the file',
  annotating: 'Annotating',
  uploading: 'Storing the result',
};

function Running({ progress }: { progress: Progress }): JSX.Element {
  const { stage, percent, variants, variants_per_second, eta_seconds } = progress;
  return (
    <>
      <p class="progress-line">
        <label for="job-progress" safe>
          {stages[stage]}
        </label>
        <b class="number">{Math.floor(percent)} %</b>
      </p>
      <progress id="job-progress" max="100" value={Math.floor(percent * 10) / 10} />
      <dl class="figures">
        <div>
          <dt>Variants</dt>
          <dd safe>{sayCount(variants)}</dd>
        </div>
        <div>
          <dt>Rate</dt>
          <dd>
            <span safe>{sayCount(variants_per_second)}</span> <small>variants/s</small>
          </dd>
        </div>
        <div>
          <dt>Time left</dt>
          <dd safe>{eta_seconds === undefined ? '–' : sayDuration(eta_seconds)}</dd>
        </div>
      </dl>
    </>
  );
}
