/**
 * What can be chosen, as the table of references says it: each annotator writes there what it has (`references.ts`), the
 * site and the operator's command read it here.
 */
import { scanAll } from '../aws/table.ts';
import type { OfferedNames } from './annotation-options.ts';
import type { Gas } from './gas.ts';
import type { OfferedGenes, OfferedSource, OfferedTrack } from './sources.ts';

/** One reference a user can choose. */
export interface ReferenceChoice {
  name: string;
  /** e.g. `GRCh38`. */
  assembly: string;
  /** For the list: what it is. */
  label: string;
  /** What it knows and does not. */
  note: string;
  /** For operators; annotators of an older version do not say it. */
  facts?: ReferenceFacts;
}

export interface ReferenceFacts {
  genes: number;
  transcripts: number;
  /** Bases of its sequence; 0 without one. */
  bases: number;
  bytes: number;
  /** ISO 8601. */
  made: string;
}

/** Everything the annotators have. */
export interface Installed {
  references: ReferenceChoice[];
  /** Sources of known variants, those of a reference first. */
  sources: OfferedSource[];
  tracks: OfferedTrack[];
  genes: OfferedGenes[];
  /** Sentences for the operator: what lies in the folders and is not used. */
  problems: string[];
}

/** The item of table `references`. What does not belong to one reference is said with each of them. */
export interface ReferenceItem extends ReferenceChoice {
  sources?: OfferedSource[];
  tracks?: OfferedTrack[];
  genes?: OfferedGenes[];
  problems?: string[];
  /** Those of a higher rank come later. */
  rank?: number;
  /** Second (Unix time) after which it may vanish. */
  expires: number;
}

/** What can be chosen, full references first. Empty while the first annotator is still starting. */
export async function listInstalled(gas: Gas): Promise<Installed> {
  const items: ReferenceItem[] = [];
  const now = gas.now() / 1000;
  for await (const item of scanAll<ReferenceItem>(gas.aws, gas.config.topology.tables.references.name)) {
    if (item.expires > now) items.push(item);
  }
  items.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.name.localeCompare(b.name));
  const sources = items.flatMap((item) => item.sources ?? []);
  return {
    references: items.map(({ name, assembly, label, note, facts }) => ({
      name,
      assembly,
      label,
      note,
      ...(facts ? { facts } : {}),
    })),
    sources: distinct([
      ...sources.filter(({ reference }) => reference !== undefined),
      ...sources.filter(({ reference }) => reference === undefined),
    ]),
    tracks: distinct(items.flatMap((item) => item.tracks ?? [])),
    genes: distinct(items.flatMap((item) => item.genes ?? [])),
    problems: distinct(items.flatMap((item) => item.problems ?? [])),
  };
}

/** Names that a submission may have. */
export function offeredNames({ references, sources, tracks, genes }: Installed): OfferedNames {
  const names = (list: readonly { name: string }[]) => distinct(list.map(({ name }) => name));
  return { references: names(references), sources: names(sources), tracks: names(tracks), genes: names(genes) };
}

/** The choice that fits an assembly; `auto` when none does, so that the annotator decides on the whole file. */
export function chooseReference(choices: readonly ReferenceChoice[], assembly: string): string {
  return choices.find((choice) => choice.assembly === assembly)?.name ?? 'auto';
}

function distinct<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((one) => [JSON.stringify(one), one])).values()];
}
