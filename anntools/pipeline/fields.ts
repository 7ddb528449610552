/** The INFO fields a run adds and the lines that say where they come from. */
import type { Reference } from '../bundle/reference.ts';
import { isColumn } from '../engine/columns.ts';
import { InputError } from '../errors.ts';
import { consequenceField, isVcf } from '../forms/form.ts';
import type { GeneTable } from '../genes/gene-table.ts';
import { BAND_FIELD } from '../lookup/bands.ts';
import type { ColumnType, KnownManifest } from '../lookup/known-format.ts';
import { structuralFields } from '../structural/info-fields.ts';
import type { InfoField } from '../vcf/header-writer.ts';
import { VERSION } from '../version.ts';
import { trackFieldIds } from '../tracks/track-writer.ts';
import type { Plan } from './plan.ts';

/** Ids of consequences, in every form. */
const CONSEQUENCE_IDS = ['CSQ', 'ANN', 'BCSQ'];

const TYPES: Record<ColumnType, InfoField['type']> = {
  integer: 'Integer',
  float: 'Float',
  word: 'String',
  mixed: 'String',
};

/** A source of known variants of either kind. */
interface KnownSource {
  manifest: KnownManifest;
}

/** The fields of sources of known variants, about structural variants, of bands and tracks. */
export function sourceFields(
  { bands, tracks }: Pick<Plan, 'bands' | 'tracks'>,
  known: readonly KnownSource[],
  reference: Reference | null,
): InfoField[] {
  const ofSource = ({ manifest }: KnownSource): InfoField[] =>
    manifest.fields.map(({ id, column, type = TYPES[column], description }) => {
      const { name: source, version } = manifest;
      return { id, number: 'A', type, description, source, version };
    });
  const isStructural = ({ manifest }: KnownSource) => manifest.kind === 'structural';
  const fields: InfoField[] = [
    ...known.filter((source) => !isStructural(source)).flatMap(ofSource),
    ...(reference === null ? [] : structuralFields),
    ...known.filter(isStructural).flatMap(ofSource),
  ];
  if (bands) {
    fields.push({
      id: BAND_FIELD,
      number: '1',
      type: 'String',
      description: 'Cytogenetic band, or the first and last of them',
    });
  }
  for (const { name, source, sha256 } of tracks) {
    const ids = trackFieldIds(name);
    const origin = { source: quotable(source), version: sha256.slice(0, 12) };
    fields.push(
      {
        id: ids.values,
        number: '.',
        type: 'String',
        description: `Regions of ${quotable(source)} that the variant overlaps`,
        ...origin,
      },
      {
        id: ids.bases,
        number: '1',
        type: 'Integer',
        description: `Bases of the structural variant inside regions of ${name}`,
        ...origin,
      },
      {
        id: ids.percent,
        number: '1',
        type: 'Float',
        description: `Percent of the structural variant inside regions of ${name}`,
        ...origin,
      },
    );
  }
  refuseTwice(fields);
  return fields;
}

/** All fields of a VCF: the consequences and what sources add. */
export function addedFields({ form, columns, added, phased }: Plan, reference: Reference | null): readonly InfoField[] {
  if (!reference || !isVcf(form)) return added;
  const haplotypes = phased && form !== 'bcsq' ? [consequenceField('bcsq', [], true)] : [];
  return [consequenceField(form, columns.engine, phased), ...haplotypes, ...added];
}

function refuseTwice(fields: readonly InfoField[]): void {
  const seen = new Set<string>(CONSEQUENCE_IDS);
  for (const { id } of fields) {
    if (seen.has(id))
      throw new InputError('BAD_OPTION', `two sources or tracks would both write the INFO field ${id}: rename one`);
    seen.add(id);
  }
}

/** Text as it can stand between quotes in a header. */
function quotable(text: string): string {
  return text.replace(/[\\"]/g, '').replace(/[^\x20-\x7e]/g, '?');
}

/** What follows `##anntools`: versions and options, no path; a line for each table of genes. */
export function provenance(plan: Plan, reference: Reference | null, known: readonly KnownSource[]): string[] {
  const quoted = (text: string): string => `"${quotable(text)}"`;
  const sources = [
    ...(reference?.sources ?? []).map(({ name, version }) => `${name} ${version}`.trim()),
    ...known.map(({ manifest }) => `${manifest.name} ${manifest.version}`.trim()),
    ...plan.tracks.map(({ name, source }) => `${name} ${source}`),
    ...plan.genes.map(({ name, source }) => `${name} ${source}`),
  ];
  const fields = {
    ID: 'annotate',
    Version: quoted(VERSION),
    Reference: quoted(reference?.name ?? ''),
    Assembly: quoted(reference?.assembly ?? ''),
    Sources: quoted(sources.join('; ')),
    Options: quoted(
      `transcripts ${plan.transcripts}, distance ${plan.distance}, manner ${plan.manner}${plan.phased ? ', haplotypes' : ''}`,
    ),
  };
  const tables = plan.genes.map(({ name, source, sha256, columns }) => {
    const told = columns.map(({ id, column }) => (column === '' || column === id ? id : `${id} is ${column}`));
    const origin = { Source: quoted(source), Version: quoted(sha256.slice(0, 12)) };
    return `_genes${structured({ ID: name, Columns: quoted(told.join('; ')), ...origin })}`;
  });
  return [structured(fields), ...tables];
}

/** `=<KEY=VALUE,…>`. */
function structured(fields: Readonly<Record<string, string>>): string {
  const entries = Object.entries(fields).map(([key, value]) => `${key}=${value}`);
  return `=<${entries.join(',')}>`;
}

/** @throws InputError BAD_OPTION where two tables of genes would have a column of one name, or one has VEP's. */
export function refuseColumnsTwice(tables: readonly GeneTable[]): void {
  const seen = new Set<string>();
  for (const { id } of tables.flatMap(({ columns }) => columns)) {
    if (seen.has(id) || isColumn(id))
      throw new InputError(
        'BAD_OPTION',
        `a table of genes would write the column ${id}, which is there already: rename it`,
      );
    seen.add(id);
  }
}
