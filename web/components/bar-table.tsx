/** Counts as a table with bars: text stays text on every screen, and whoever does not see bars reads the numbers. */
import type { Impact } from './impact.ts';
import { Mark } from './mark.tsx';
import { sayCount, sayShare } from './say.ts';

interface BarTableProps {
  caption: string;
  /** What the first column is. */
  what: string;
  rows: { label: string; count: number; impact?: Impact }[];
  /** What shares are of; the sum of the rows if not given. */
  total?: number;
}

export function BarTable({ caption, what, rows, total = sumOf(rows) }: BarTableProps): JSX.Element {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <table class="bars">
      <caption safe>{caption}</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col" safe>
            {what}
          </th>
          <th scope="col">Count</th>
          <th scope="col">Share</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, count, impact }) => (
          <tr {...(impact ? { class: `impact-${impact}` } : {})}>
            <th scope="row">
              {impact && <Mark shape={impact} />}
              <span safe>{label}</span>
            </th>
            <td class="number" safe>
              {sayCount(count)}
            </td>
            <td class="number quiet" safe>
              {sayShare(count, total)}
            </td>
            <td class="bar">
              <Bar share={count / most} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sumOf(rows: BarTableProps['rows']): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** A bar of `share` of the width there is. */
function Bar({ share }: { share: number }): JSX.Element {
  // Something is never drawn as nothing.
  const width = share > 0 ? Math.max(0.6, 100 * share).toFixed(2) : '0';
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect width={width} height="10" />
    </svg>
  );
}
