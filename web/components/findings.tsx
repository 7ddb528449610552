/** What was found, to look at: impacts, consequences, classes, Ti/Tv, frequencies, quality, and where it lies. */
import type { JobSummary } from '../../jobs/job.ts';
import { BarTable } from './bar-table.tsx';
import { HistogramFigure } from './histogram-figure.tsx';
import { bySeverity, impactOf, impacts } from './impact.ts';
import { Karyotype } from './karyotype.tsx';
import { Entry } from './layout.tsx';
import { Mark } from './mark.tsx';
import { sayCount, sayShare } from './say.ts';
import type { SummaryFile } from './summary-file.ts';

export function Findings({ summary, file }: { summary: JobSummary; file: SummaryFile | null }): JSX.Element {
  const terms = Object.entries(summary.terms).sort(([a], [b]) => bySeverity(a, b));
  const classes = Object.entries(summary.classes).sort(([, a], [, b]) => b - a);
  return (
    <Entry name="What was found" id="findings">
      <Impacts counts={summary.impacts} />
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
            sayValue={(value) => String(Number(value.toFixed(2)))}
            axis="alternative allele frequency"
          />
        )}
        {file?.qualities !== undefined && (
          <HistogramFigure
            title="Quality"
            description="Histogram of QUAL, Phred scale"
            histogram={file.qualities}
            sayValue={sayCount}
            axis="QUAL, Phred scale"
          />
        )}
      </div>
      {file?.contigs !== undefined && file.contigs.length > 0 && <Karyotype contigs={file.contigs} />}
    </Entry>
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
