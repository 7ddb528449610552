/** The log of a job, to read in the browser. */
import type { Job } from '../../jobs/job.ts';
import { Layout } from '../components/layout.tsx';
import type { SignedInVisit } from '../visit.ts';

export function LogPage({ visit, job, log }: { visit: SignedInVisit; job: Job; log: string }): JSX.Element {
  return (
    <Layout visit={visit} title={`Log of ${job.input_file_name}`} here="annotations">
      <p class="crumb">
        <a href="/annotations">Annotations</a> <span aria-hidden="true">/</span>{' '}
        <a href={`/annotations/${job.job_id}`} safe>
          {job.input_file_name}
        </a>
      </p>
      <div class="heading">
        <h1>Log</h1>
        <a class="button" href={`/annotations/${job.job_id}/log-file`}>
          Download
        </a>
      </div>
      <pre class="log" safe>
        {log}
      </pre>
    </Layout>
  );
}
