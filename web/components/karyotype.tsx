/** Where the variants lie: a strip for each chromosome, as long as the chromosome is, darker where there are more. */
import { sayCount } from './say.ts';
import type { ContigDensity } from './summary-file.ts';

/** Contigs shown; files of hundreds of scaffolds have a long tail nobody reads. */
const rowsMax = 26;
/** Steps of darkness. */
const shades = 5;

export function Karyotype({ contigs }: { contigs: ContigDensity[] }): JSX.Element {
  const shown = contigs.slice(0, rowsMax);
  const longest = Math.max(1, ...shown.map(({ length = 0 }) => length));
  const most = Math.max(1, ...shown.flatMap(({ bins }) => bins));
  const others = contigs.slice(rowsMax).reduce((sum, { count }) => sum + count, 0);
  return (
    <table class="karyotype">
      <caption>Where the variants lie</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Chromosome</th>
          <td />
          <th scope="col">Variants</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((contig) => (
          <tr>
            <th scope="row" safe>
              {contig.name.replace(/^chr/i, '')}
            </th>
            <td>
              <Strip contig={contig} longest={longest} most={most} />
            </td>
            <td class="number" safe>
              {sayCount(contig.count)}
            </td>
          </tr>
        ))}
        {others > 0 && (
          <tr>
            <th scope="row">other</th>
            <td class="quiet" safe>
              {`${contigs.length - rowsMax} more contigs`}
            </td>
            <td class="number" safe>
              {sayCount(others)}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Strip({ contig, longest, most }: { contig: ContigDensity; longest: number; most: number }): JSX.Element {
  const { bins, length = longest } = contig;
  // The shortest are still to be seen: the mitochondrion is a 15,000th of chromosome 1.
  const extent = Math.max(1.2, (100 * length) / longest);
  const step = extent / bins.length;
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="body" width={extent.toFixed(2)} height="10" />
      {bins.map((count, i) =>
        count === 0 ? (
          ''
        ) : (
          <rect
            class={`shade-${shadeOf(count, most)}`}
            x={(i * step).toFixed(3)}
            // A little over the next, against hairlines between neighbours.
            width={(step * 1.02).toFixed(3)}
            height="10"
          />
        ),
      )}
    </svg>
  );
}

/** 1 to 5, by the square root: single variants stay visible beside dense stretches. */
function shadeOf(count: number, most: number): number {
  return Math.max(1, Math.ceil(shades * Math.sqrt(count / most)));
}
