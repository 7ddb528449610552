/** The list of a user's annotations: newest first, a day at a time, as one keeps a notebook. */
import type { Job } from '../../jobs/job.ts';
import { JobRow } from '../components/job-row.tsx';
import { Layout } from '../components/layout.tsx';
import { Notice } from '../components/notice.tsx';
import { sayDay } from '../components/say.ts';
import { SampleButton } from '../components/sample-button.tsx';
import type { SignedInVisit } from '../visit.ts';

interface AnnotationsProps {
  visit: SignedInVisit;
  jobs: Job[];
  /** Where the next page begins, if there is one. */
  cursor?: string | undefined;
  /** Whether this is a later page. */
  continued: boolean;
  /** What just happened, if it should be said. */
  said?: string | undefined;
}

export function AnnotationsPage({ visit, jobs, cursor, continued, said }: AnnotationsProps): JSX.Element {
  const now = visit.gas.now();
  return (
    <Layout visit={visit} title="Annotations" here="annotations">
      <div class="heading">
        <h1>Annotations</h1>
        <a class="button primary" href="/annotate">
          Annotate a file
        </a>
      </div>
      {said !== undefined && (
        <Notice tone="done">
          <p safe>{said}</p>
        </Notice>
      )}
      {jobs.length === 0 ? (
        continued ? (
          <p>There are no older annotations.</p>
        ) : (
          <EmptyList />
        )
      ) : (
        <table class="jobs">
          <caption class="visually-hidden">Your annotations, newest first</caption>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Status</th>
              <th scope="col" class="number">
                Variants
              </th>
              <th scope="col" class="number">
                Input
              </th>
              <th scope="col">Submitted</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          {byDay(jobs, now).map(({ day, jobs }) => (
            <tbody>
              <tr class="day">
                <th scope="rowgroup" colspan="6">
                  <span safe>{day}</span>
                </th>
              </tr>
              {jobs.map((job) => (
                <JobRow job={job} tier={visit.user.tier} now={now} />
              ))}
            </tbody>
          ))}
        </table>
      )}
      {(cursor !== undefined || continued) && (
        <nav class="pages" aria-label="Pages">
          {continued && <a href="/annotations">Newest annotations</a>}
          {cursor !== undefined && (
            <a href={`/annotations?from=${encodeURIComponent(cursor)}`} rel="next">
              Older annotations
            </a>
          )}
        </nav>
      )}
    </Layout>
  );
}

function EmptyList(): JSX.Element {
  return (
    <div class="empty">
      <p>
        Nothing here yet. Annotate a VCF of yours, or see what a result looks like with a small sample: it takes a few
        seconds.
      </p>
      <div class="actions">
        <a class="button primary" href="/annotate">
          Annotate a file
        </a>
        <SampleButton />
      </div>
    </div>
  );
}

function byDay(jobs: Job[], now: number): { day: string; jobs: Job[] }[] {
  const days: { day: string; jobs: Job[] }[] = [];
  for (const job of jobs) {
    const day = sayDay(job.submit_time, now);
    const last = days.at(-1);
    if (last?.day === day) last.jobs.push(job);
    else days.push({ day, jobs: [job] });
  }
  return days;
}
