/** Plans for tests: what is to be done with records, made without the survey of a file that `pipeline/run.ts` makes. */
import { formColumns } from '../../anntools/forms/form.ts';
import type { Plan } from '../../anntools/pipeline/plan.ts';
import { TOLERANCE } from '../../anntools/structural/match.ts';

/** A plan that says what a run without options would do with a file that fits the reference; give what matters. */
export function planOf(reference: string, some: Partial<Plan> & { fields?: readonly string[] } = {}): Plan {
  const { fields, ...rest } = some;
  const ofGenes = (rest.genes ?? []).flatMap(({ columns }) => columns.map(({ id, isNumber }) => ({ id, isNumber })));
  return {
    reference,
    known: [],
    knownStructural: [],
    tolerance: TOLERANCE,
    knownFits: (rest.known ?? []).map(() => true),
    tracks: [],
    genes: [],
    bands: null,
    form: 'csq',
    columns: formColumns('csq', fields, [], ofGenes),
    added: [],
    assembly: '',
    transcripts: 'all',
    distance: 5000,
    manner: 'vep',
    phased: false,
    nuclear: true,
    mitochondrion: true,
    foreignContigs: [],
    lengths: new Map(),
    replaced: [],
    level: 1,
    index: 'tbi',
    ...rest,
  };
}
