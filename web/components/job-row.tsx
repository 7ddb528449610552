/** One job in the list: a row that looks after itself while something is still to happen to it. */
import type { Job, Tier } from '../../jobs/job.ts';
import { sayBytes } from '../../jobs/plan.ts';
import { Mark } from './mark.tsx';
import { sayCount, sayDuration } from './say.ts';
import { placeOf, polling, rowSeconds, statusOf } from './standing.ts';
import { When } from './when.tsx';

export function JobRow({ job, tier, now }: { job: Job; tier: Tier; now: number }): JSX.Element {
  const address = `/annotations/${job.job_id}`;
  const place = placeOf(job, tier, now);
  const variants = job.variant_count ?? job.summary?.variants ?? job.progress?.variants;
  return (
    <tr id={`job-${job.job_id}`} {...polling(`${address}/row`, rowSeconds(job, tier, now), 'outerMorph')}>
      <th scope="row" class="file">
        <a href={address} safe>
          {job.input_file_name}
        </a>
      </th>
      <td class="status">
        <StatusWord job={job} />
        {job.job_status === 'RUNNING' && job.progress !== undefined && <SmallProgress job={job} />}
      </td>
      {variants === undefined ? (
        <td class="number">
          <Nothing />
        </td>
      ) : (
        <td class="number" data-unit={variants === 1 ? 'variant' : 'variants'} safe>
          {sayCount(variants)}
        </td>
      )}
      <td class="number" safe>
        {sayBytes(job.input_bytes)}
      </td>
      <td>
        <When iso={job.submit_time} now={now} />
      </td>
      <td>
        {place ? (
          <span class="standing">
            <Mark shape={place.shape} />
            <span safe>{place.word}</span>
          </span>
        ) : (
          <Nothing />
        )}
      </td>
    </tr>
  );
}

function Nothing(): JSX.Element {
  return (
    <span class="nothing">
      <span aria-hidden="true">–</span>
      <span class="visually-hidden">none yet</span>
    </span>
  );
}

export function StatusWord({ job }: { job: Job }): JSX.Element {
  const { shape, word } = statusOf(job);
  return (
    <span class={`standing standing-${job.job_status}`}>
      <Mark shape={shape} />
      <span safe>{word}</span>
    </span>
  );
}

function SmallProgress({ job }: { job: Job }): JSX.Element {
  const percent = Math.floor(job.progress?.percent ?? 0);
  const eta = job.progress?.eta_seconds;
  return (
    <span class="small-progress">
      <progress max="100" value={percent} aria-label="Annotated" />
      <span class="quiet number" safe>
        {eta === undefined ? `${percent} %` : `${percent} %, ${sayDuration(eta)} left`}
      </span>
    </span>
  );
}
