/** What was found, to look at: impacts, consequences, classes, Ti/Tv, frequencies, quality, and where it lies. */
import type { JobSummary } from '../../jobs/job.ts';
import { BarTable } from './bar-table.tsx';
import { HistogramFigure } from './histogram-figure.tsx';
import { bySeverity, impactOf, impacts } from './impact.ts';
import { Karyotype } from './karyotype.tsx';
import { Entry } from './layout.tsx';
import { Mark } from './mark.tsx';
import { sayCount, sayMany, sayShare } from './say.ts';
import type { SummaryFile } from './summary-file.ts';

/** Genes listed; the summary has more. */
const genesShown = 12;

export function Findings({ summary, file }: { summary: JobSummary; file: SummaryFile | null }): JSX.Element {
  const terms = Object.entries(summary.terms).sort(([a], [b]) => bySeverity(a, b));
  const classes = Object.entries(summary.classes).sort(([, a], [, b]) => b - a);
  return (
    <Entry name="What was found" id="findings">
      {terms.length > 0 && <Impacts counts={summary.impacts} />}
      {terms.length > 0 && <Known file={file} variants={summary.variants} />}
      {terms.length > 0 && (
        <BarTable
          caption="Records by most severe consequence"
          what="Consequence"
          rows={terms.map(([term, count]) => ({ label: sayTerm(term), count, impact: impactOf(term) }))}
        />
      )}
      <div class="charts">
        {classes.length > 0 && (
          <BarTable
            caption="Alleles by class"
            what="Class"
            rows={classes.map(([label, count]) => ({ label: sayTerm(label), count }))}
          />
        )}
        {file?.transitions !== undefined && file.transversions !== undefined && (
          <TransitionsTransversions transitions={file.transitions} transversions={file.transversions} />
        )}
        {file?.frequencies !== undefined && (
          <HistogramFigure
            title="Allele frequency"
            description="Histogram of alternative allele frequencies from 0 to 1"
            histogram={file.frequencies}
            axis="alternative allele frequency"
          />
        )}
        {file?.qualities !== undefined && (
          <HistogramFigure
            title="Quality"
            description="Histogram of QUAL, Phred scale"
            histogram={file.qualities}
            axis="QUAL, Phred scale"
            openEnded
          />
        )}
        {file?.indelLengths !== undefined && (
          <HistogramFigure
            title="Indel lengths"
            description="Histogram of the bases that insertions gain and deletions lose"
            histogram={file.indelLengths}
            axis="bases gained (or, below 0, lost)"
            discrete
            openEnded
          />
        )}
        {file !== null && file.genes.length > 0 && (
          <BarTable
            caption="Genes with most records"
            what="Gene"
            rows={file.genes.slice(0, genesShown).map(({ symbol, records }) => ({ label: symbol, count: records }))}
            total={summary.records}
          />
        )}
      </div>
      {file !== null && file.contigs.length > 0 && <Karyotype contigs={file.contigs} />}
    </Entry>
  );
}

/** Known alleles by source, under the impacts. */
function Known({ file, variants }: { file: SummaryFile | null; variants: number }): JSX.Element {
  if (!file || file.known.length === 0) return <></>;
  return (
    <ul class="plain known">
      {file.known.map(({ name, version, alleles }) => (
        <li>
          <b class="number" safe>
            {sayCount(alleles)}
          </b>{' '}
          <span safe>{`of ${sayMany(variants, 'variant')} known to ${`${name} ${version}`.trim()}`}</span>
        </li>
      ))}
    </ul>
  );
}

function Impacts({ counts }: { counts: Record<string, number> }): JSX.Element {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <dl class="impacts" aria-label="Records by impact">
      {impacts.map((impact) => (
        <div class={`impact-${impact}`}>
          <dt>
            <Mark shape={impact} />
            {impact}
          </dt>
          <dd>
            <b safe>{sayCount(counts[impact] ?? 0)}</b> <small safe>{sayShare(counts[impact] ?? 0, total)}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface TiTv {
  transitions: number;
  transversions: number;
}

function TransitionsTransversions({ transitions, transversions }: TiTv): JSX.Element {
  const ratio = transversions > 0 ? (transitions / transversions).toFixed(2) : '–';
  return (
    <div class="titv">
      <BarTable
        caption={`Transitions and transversions: Ti/Tv ${ratio}`}
        what="Substitution"
        rows={[
          { label: 'transitions', count: transitions },
          { label: 'transversions', count: transversions },
        ]}
      />
    </div>
  );
}

/** `splice_region_variant` → `splice region variant`, `5_prime_UTR_variant` → `5′ UTR variant`: words break better. */
function sayTerm(term: string): string {
  return term.replace('_prime', '′').replaceAll('_', ' ');
}
