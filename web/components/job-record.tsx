/** For the record: when a job ran, how fast, against what, on what kind of file. */
import type { Job } from '../../jobs/job.ts';
import { Entry } from './layout.tsx';
import { sayCount, sayDuration, sayMany } from './say.ts';
import { sayOptions } from './say-options.ts';
import type { SummaryFile } from './summary-file.ts';
import { When } from './when.tsx';

interface JobRecordProps {
  job: Job;
  now: number;
  summary: SummaryFile | null;
}

export function JobRecord({ job, now, summary }: JobRecordProps): JSX.Element {
  const seconds = job.summary?.seconds;
  const variants = job.variant_count ?? job.summary?.variants;
  return (
    <Entry name="Record">
      <dl class="record">
        <Moment term="Submitted" iso={job.submit_time} now={now} />
        <Moment term="Started" iso={job.start_time} now={now} />
        <Moment term={job.job_status === 'COMPLETED' ? 'Completed' : 'Ended'} iso={job.complete_time} now={now} />
        {seconds !== undefined && variants !== undefined && (
          <Fact
            term="Annotated in"
            value={`${sayDuration(seconds)}${seconds > 0 ? `, ${sayMany(variants / seconds, 'variant')}/s` : ''}`}
          />
        )}
        {job.attempt > 1 && <Fact term="Attempts" value={sayCount(job.attempt)} />}
        <Fact term="Reference" value={job.summary?.reference || sayReference(job.options.reference ?? 'auto')} />
        {summary !== null && summary.sources.length > 0 && (
          <Fact
            term="Made from"
            value={summary.sources.map(({ name, version }) => `${name} ${version}`.trim()).join(', ')}
          />
        )}
        {summary !== null && summary.known.length > 0 && (
          <Fact
            term="Known variants"
            value={summary.known.map(({ name, version }) => `${name} ${version}`.trim()).join(', ')}
          />
        )}
        {summary !== null && summary.tracks.length > 0 && (
          <Fact term="Regions" value={summary.tracks.map(sayTrack).join('; ')} />
        )}
        {summary !== null && summary.geneTables.length > 0 && (
          <Fact
            term="Genes"
            value={summary.geneTables
              .map(({ name, source, genes }) => `${name} from ${source}, ${sayMany(genes, 'gene')} of the reference`)
              .join('; ')}
          />
        )}
        <Fact term="Options" value={sayOptions(job.options)} />
        {summary !== null && <Fact term="File" value={sayFile(summary)} />}
        <dt>Job</dt>
        <dd>
          <code safe>{job.job_id}</code>
        </dd>
      </dl>
    </Entry>
  );
}

/** `VCF 4.2, 1 sample, 190,112 records passing all filters, 1,327 with several ALTs` */
function sayFile({ vcfVersion, samples, passing, multiAllelic }: SummaryFile): string {
  const parts = [
    vcfVersion && `VCF ${vcfVersion}`,
    samples !== undefined && (samples === 0 ? 'no samples' : sayMany(samples, 'sample')),
    passing !== undefined && `${sayMany(passing, 'record')} passing all filters`,
    !!multiAllelic && `${sayCount(multiAllelic)} with several ALTs`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** `SEGDUP from segdup.bed.gz, 1,204 regions, overlapping 12 records` */
function sayTrack({ name, source, regions, records }: SummaryFile['tracks'][number]): string {
  return `${name} from ${source}, ${sayMany(regions, 'region')}, overlapping ${sayMany(records, 'record')}`;
}

function sayReference(name: string): string {
  return name === 'auto' ? 'the one that fits the file' : name;
}

function Fact({ term, value }: { term: string; value: string }): JSX.Element {
  return (
    <>
      <dt safe>{term}</dt>
      <dd safe>{value}</dd>
    </>
  );
}

function Moment({ term, iso, now }: { term: string; iso: string | undefined; now: number }): JSX.Element {
  if (!iso) return <></>;
  return (
    <>
      <dt safe>{term}</dt>
      <dd>
        <When iso={iso} now={now} exact />
      </dd>
    </>
  );
}
