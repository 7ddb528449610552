/** For whoever runs the service: what is installed, in which version and since when, and how much work waits where. */
import type { Work } from '../../jobs/health.ts';
import { sayBytes } from '../../jobs/plan.ts';
import type { Installed } from '../../jobs/installed.ts';
import { Entry, Layout } from '../components/layout.tsx';
import { Notice } from '../components/notice.tsx';
import { sayCount, sayDay, sayDuration } from '../components/say.ts';
import type { SignedInVisit } from '../visit.ts';

interface AdminProps {
  visit: SignedInVisit;
  installed: Installed;
  work: Work;
}

export function AdminPage({ visit, installed, work }: AdminProps): JSX.Element {
  const { references, sources, tracks, genes, problems } = installed;
  const now = visit.gas.now();
  const waiting = work.jobs.filter(({ count }) => count > 0);
  return (
    <Layout visit={visit} title="Administration" here="admin">
      <h1>Administration</h1>
      <p>
        What the annotators have told of themselves: each looks through its folder <code>references</code> at every
        sweep. What none has told of for a day is no longer shown.
      </p>
      {problems.length > 0 && (
        <Entry name="Not used">
          <Notice tone="warning">
            <ul class="plain">
              {problems.map((problem) => (
                <li class="said" safe>
                  {problem}
                </li>
              ))}
            </ul>
          </Notice>
        </Entry>
      )}
      <Entry name="References">
        <Listing
          nothing="No annotator has told of a reference yet."
          columns={['Name', 'Assembly', 'Built']}
          figures={['Genes', 'Transcripts', 'Size']}
          rows={references.map(({ name, assembly, note, facts }) => ({
            name,
            note: note.replace(/^.*; from /, ''),
            words: [assembly, facts ? sayDay(facts.made, now) : ''],
            figures: facts ? [sayCount(facts.genes), sayCount(facts.transcripts), sayBytes(facts.bytes)] : ['', '', ''],
          }))}
        />
      </Entry>
      <Entry name="Known variants">
        <Listing
          nothing="No source of known variants is installed."
          columns={['Name', 'Assembly', 'Version', 'Built']}
          figures={['Variants', 'Size']}
          rows={sources.map(({ name, version, assembly, variants, bytes, made, reference, fields }) => ({
            name,
            note: `${reference === undefined ? '' : `with ${reference}: `}${fields.join(', ')}`,
            words: [assembly, version, made === undefined ? '' : sayDay(made, now)],
            figures: [sayCount(variants), sayBytes(bytes)],
          }))}
        />
      </Entry>
      <Entry name="Regions">
        <Listing
          nothing="No track is installed."
          columns={['Name', 'Assembly', 'Version', 'File']}
          figures={['Regions', 'Size']}
          rows={tracks.map(({ name, version, assembly, description, file, regions, bytes }) => ({
            name,
            note: description,
            words: [assembly, version, file],
            figures: [sayCount(regions), sayBytes(bytes)],
          }))}
        />
      </Entry>
      <Entry name="Genes">
        <Listing
          nothing="No table of genes is installed."
          columns={['Name', 'Version', 'File']}
          figures={['Genes', 'Size']}
          rows={genes.map(({ name, version, description, file, fields, genes: count, bytes }) => ({
            name,
            note: [description, fields.join(', ')].filter(Boolean).join(': '),
            words: [version, file],
            figures: [sayCount(count), sayBytes(bytes)],
          }))}
        />
      </Entry>
      <Entry name="Jobs">
        <Listing
          nothing="Nothing is left to happen to any job."
          columns={['Standing']}
          figures={['Jobs', 'Oldest']}
          rows={waiting.map(({ attention, count, oldestSeconds }) => ({
            name: attention,
            figures: [sayCount(count), sayDuration(oldestSeconds)],
          }))}
        />
      </Entry>
      <Entry name="Queues">
        <Listing
          nothing="There are no queues."
          columns={['Queue']}
          figures={['Waiting', 'In hand', 'Later']}
          rows={work.queues.map(({ queue, visible, inFlight, delayed }) => ({
            name: queue,
            figures: [visible, inFlight, delayed].map(sayCount),
          }))}
        />
      </Entry>
    </Layout>
  );
}

interface ListingProps {
  /** What is said instead of an empty table. */
  nothing: string;
  /** The first is of the rows' names. */
  columns: readonly string[];
  /** Columns of numbers, right of the others. */
  figures: readonly string[];
  rows: readonly { name: string; note?: string; words?: readonly string[]; figures: readonly string[] }[];
}

/** Wider than a phone, it is scrolled by itself, by keyboard too. */
function Listing({ nothing, columns, figures, rows }: ListingProps): JSX.Element {
  if (rows.length === 0) return <p safe>{nothing}</p>;
  return (
    <div class="wide" tabindex="0" role="group" aria-label={`Table by ${columns[0]?.toLowerCase()}`}>
      <table class="installed">
        <thead>
          <tr>
            {columns.map((name) => (
              <th scope="col" safe>
                {name}
              </th>
            ))}
            {figures.map((name) => (
              <th scope="col" class="number" safe>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, note = '', words = [], figures: values }) => (
            <tr>
              <th scope="row">
                <span safe>{name}</span>
                {note !== '' && <small safe>{note}</small>}
              </th>
              {words.map((word) => (
                <td safe>{word}</td>
              ))}
              {values.map((value) => (
                <td class={`number${value === '0' ? ' quiet' : ''}`} safe>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
