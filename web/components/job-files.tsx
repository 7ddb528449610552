/** A job's files, to download: how large they are and, for those that matter, their SHA-256. */
import { completeOptions } from '../../jobs/annotation-options.ts';
import type { Job } from '../../jobs/job.ts';
import { sayBytes } from '../../jobs/plan.ts';
import { resultAtHand } from '../../jobs/results.ts';
import { Entry } from './layout.tsx';
import { resultLabels } from './say-options.ts';

export function JobFiles({ job }: { job: Job }): JSX.Element {
  const address = `/annotations/${job.job_id}`;
  const { form, own_track } = completeOptions(job.options);
  const done = job.job_status === 'COMPLETED';
  return (
    <Entry name="Files">
      <table class="files">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" class="number">
              Size
            </th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          <FileRow
            href={`${address}/input`}
            label="Input, as uploaded"
            bytes={job.input_bytes}
            sha256={job.input_sha256}
          />
          {own_track !== undefined && (
            <FileRow href={`${address}/track`} label="Regions, as uploaded" bytes={own_track.bytes} />
          )}
          {done && (
            <FileRow
              {...(resultAtHand(job)
                ? { href: `${address}/result` }
                : { away: job.archive_status === 'ARCHIVED' ? 'archived' : 'being restored' })}
              label={resultLabels[form]}
              bytes={job.result_bytes}
              sha256={job.result_sha256}
            />
          )}
          {done && job.s3_key_index_file !== undefined && <FileRow href={`${address}/index`} label="Tabix index" />}
          {done && job.s3_key_summary_file !== undefined && (
            <FileRow href={`${address}/summary`} label="Summary, JSON" />
          )}
          {job.s3_key_log_file !== undefined && <FileRow href={`${address}/log-file`} label="Log" />}
        </tbody>
      </table>
    </Entry>
  );
}

interface FileRowProps {
  label: string;
  href?: string;
  /** Why it cannot be had now. */
  away?: string;
  bytes?: number | undefined;
  sha256?: string | undefined;
}

function FileRow({ label, href, away, bytes, sha256 }: FileRowProps): JSX.Element {
  return (
    <tr>
      <th scope="row">
        {href ? (
          <a href={href} safe>
            {label}
          </a>
        ) : (
          <>
            <span safe>{label}</span> <span class="quiet" safe>{`(${away ?? 'not there yet'})`}</span>
          </>
        )}
      </th>
      <td class="number" safe>
        {bytes === undefined ? '' : sayBytes(bytes)}
      </td>
      <td>
        <code class="hash" safe>
          {sha256 ?? ''}
        </code>
      </td>
    </tr>
  );
}
