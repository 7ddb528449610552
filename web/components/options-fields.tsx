/**
 * The options of an annotation, folded away: known variants, regions, transcripts, distance, form. One line of
 * explanation each. What is offered is the union of all references; the annotator uses what is of the file's assembly.
 */
import type { PropsWithChildren } from '@elysiajs/html';
import {
  DISTANCE_MAX,
  manners,
  outputForms,
  transcriptChoices,
  type AnnotationOptions,
} from '../../jobs/annotation-options.ts';
import type { UserError } from '../../jobs/errors.ts';
import { offeredNames, type Installed } from '../../jobs/installed.ts';
import type { OfferedGenes, OfferedSource, OfferedTrack } from '../../jobs/sources.ts';
import { sayMany } from './say.ts';
import { formLabels, mannerLabels, sayUnusual, transcriptLabels } from './say-options.ts';

interface OptionsFieldsProps {
  installed: Installed;
  /** What is chosen at first: as last time, or as was just tried. */
  options: AnnotationOptions;
  error?: UserError | undefined;
}

/** The field that an error is about is unfolded. `children` are about regions of the user's own. */
export function OptionsFields({
  installed,
  options,
  error,
  children,
}: PropsWithChildren<OptionsFieldsProps>): JSX.Element {
  // What is no longer installed cannot be chosen as last time.
  const offered = offeredNames(installed);
  const unusual = sayUnusual({
    ...options,
    left_out: options.left_out.filter((name) => offered.sources.includes(name)),
    tracks: options.tracks.filter((name) => offered.tracks.includes(name)),
    genes: options.genes.filter((name) => offered.genes.includes(name)),
  });
  const isWrong = error?.field !== undefined && fields.includes(error.field);
  return (
    <details class="options" id="options" {...(isWrong ? { open: true } : {})}>
      <summary>
        <b>Options</b>
        {unusual !== '' && (
          <span class="quiet" id="options-said">
            {' '}
            as last time: <span safe>{unusual}</span>
          </span>
        )}
      </summary>
      <div class="stack">
        {installed.sources.length > 0 && <Sources sources={installed.sources} leftOut={options.left_out} />}
        <Regions tracks={installed.tracks} chosen={options.tracks}>
          {children}
        </Regions>
        {installed.genes.length > 0 && <Genes tables={installed.genes} chosen={options.genes} />}
        <Choice
          name="transcripts"
          label="Transcripts"
          hint="Which transcripts consequences are told for. What lies in none of them counts as intergenic."
          choices={transcriptChoices.map((value) => ({ value, label: transcriptLabels[value] }))}
          selected={options.transcripts}
        />
        <div class={`field${error?.field === 'distance' ? ' wrong' : ''}`}>
          <label for="distance">Distance</label>
          <input
            id="distance"
            name="distance"
            type="number"
            class="short number"
            min="0"
            max={String(DISTANCE_MAX)}
            step="1"
            value={String(options.distance)}
            aria-describedby="distance-hint"
          />
          <p class="hint" id="distance-hint">
            How many bases beside a transcript a variant is still called upstream or downstream of it; Ensembl says
            5,000.
          </p>
        </div>
        <Choice
          name="manner"
          label="Rules"
          hint="In some rare cases VEP departs from SO and HGVS; in all others both say the same."
          choices={manners.map((value) => ({ value, label: mannerLabels[value] }))}
          selected={options.manner}
        />
        <Choice
          name="form"
          label="Form of the result"
          hint="A VCF keeps every line of yours and adds to INFO; a table opens in a spreadsheet. All are compressed."
          choices={outputForms.map((value) => ({ value, label: formLabels[value] }))}
          selected={options.form}
        />
      </div>
    </details>
  );
}

const fields = ['transcripts', 'distance', 'manner', 'form', 'tracks', 'track', 'track_name', 'genes'];

function Sources({ sources, leftOut }: { sources: OfferedSource[]; leftOut: readonly string[] }): JSX.Element {
  const names = [...new Set(sources.map(({ name }) => name))];
  return (
    <fieldset>
      <legend>Known variants</legend>
      <p class="hint">What these say of a variant is added to it, where they are of the file's assembly.</p>
      {names.map((name) => {
        const editions = sources.filter((one) => one.name === name);
        return (
          <>
            <input type="hidden" name="offered_source" value={name} />
            <Tick name="source" value={name} ticked={!leftOut.includes(name)} hint={sayEditions(editions)} />
          </>
        );
      })}
    </fieldset>
  );
}

function sayEditions(editions: readonly OfferedSource[]): string {
  const known = editions.map(({ assembly, version, variants }) =>
    [assembly, version, sayMany(variants, 'variant')].filter(Boolean).join(' · '),
  );
  const fields = new Set(editions.flatMap((edition) => edition.fields));
  return `${[...new Set(known)].join('; ')}. Adds ${[...fields].join(', ')}.`;
}

function Regions({
  tracks,
  chosen,
  children,
}: PropsWithChildren<{ tracks: OfferedTrack[]; chosen: readonly string[] }>): JSX.Element {
  const names = [...new Set(tracks.map(({ name }) => name))];
  if (names.length === 0 && !children) return <></>;
  return (
    <fieldset>
      <legend>Regions</legend>
      <p class="hint">The names of the regions that a variant lies in are added to it.</p>
      {names.map((name) => {
        const editions = tracks.filter((one) => one.name === name);
        return <Tick name="track" value={name} ticked={chosen.includes(name)} hint={sayTrack(editions)} />;
      })}
      {children}
    </fieldset>
  );
}

function sayTrack(editions: readonly OfferedTrack[]): string {
  const [first] = editions;
  const known = editions.map(({ assembly, version, regions }) =>
    [assembly, version, sayMany(regions, 'region')].filter(Boolean).join(' · '),
  );
  return `${first?.description ? `${first.description.replace(/\.$/, '')}. ` : ''}${known.join('; ')}.`;
}

function Genes({ tables, chosen }: { tables: OfferedGenes[]; chosen: readonly string[] }): JSX.Element {
  return (
    <fieldset>
      <legend>Genes</legend>
      <p class="hint">What is known of a gene stands beside each consequence for it, in CSQ, tables and JSON lines.</p>
      {tables.map(({ name, description, version, genes, fields: added }) => (
        <Tick
          name="genes"
          value={name}
          ticked={chosen.includes(name)}
          hint={[description.replace(/\.$/, ''), [version, sayMany(genes, 'gene')].filter(Boolean).join(' · ')]
            .filter(Boolean)
            .join('. ')
            .concat(`. Adds ${added.join(', ')}.`)}
        />
      ))}
    </fieldset>
  );
}

interface TickProps {
  name: string;
  value: string;
  ticked: boolean;
  hint: string;
}

/** A box to tick, its name, and a line about it. */
function Tick({ name, value, ticked, hint }: TickProps): JSX.Element {
  const id = `${name}-${value.replace(/\W/g, '-')}`;
  return (
    <div class="tick">
      <input id={id} type="checkbox" name={name} value={value} checked={ticked} aria-describedby={`${id}-hint`} />
      <label for={id} safe>
        {value}
      </label>
      <p class="hint" id={`${id}-hint`} safe>
        {hint}
      </p>
    </div>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  hint: string;
  choices: { value: string; label: string }[];
  selected: string;
}

function Choice({ name, label, hint, choices, selected }: ChoiceProps): JSX.Element {
  return (
    <div class="field">
      <label for={name} safe>
        {label}
      </label>
      <select id={name} name={name} aria-describedby={`${name}-hint`}>
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === selected} safe>
            {choice.label}
          </option>
        ))}
      </select>
      <p class="hint" id={`${name}-hint`} safe>
        {hint}
      </p>
    </div>
  );
}
