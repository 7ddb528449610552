/** The pictures of the report: tables with bars, histograms and the karyotype, as SVG with its numbers beside it. */
import type { Impact } from '../consequence/terms.ts';
import { type Markup, NOTHING, html } from './markup.ts';
import { say, sayShare } from './say.ts';
import type { ContigDensity, Histogram } from './summary.ts';

/** A shape for each impact, so that nothing is said by colour alone. */
const MARKS: Record<Impact | 'warning', string> = {
  HIGH: 'M8 2 14.5 13.5H1.5Z',
  MODERATE: 'M8 1.5 14.5 8 8 14.5 1.5 8Z',
  LOW: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11Z',
  MODIFIER: 'M2 6.5H14V9.5H2Z',
  warning: 'M8 1 15.2 14H.8ZM7.2 5.5v4.5h1.6V5.5ZM7.2 11v1.6h1.6V11Z',
};

export function impactMark(shape: Impact | 'warning'): Markup {
  return html`<svg class="mark" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
    <path d="${MARKS[shape]}" fill-rule="evenodd" />
  </svg>`;
}

export function notice(content: Markup): Markup {
  return html`<div class="notice">
    ${impactMark('warning')}
    <div>${content}</div>
  </div> `;
}

export interface BarRow {
  label: string;
  count: number;
  impact?: Impact;
}

/** Counts with bars; shares are of `total`, the sum of the rows if not given. */
export function barTable(caption: string, what: string, rows: readonly BarRow[], total = sumOf(rows)): Markup {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const lines = rows.map(({ label, count, impact }) => {
    const share = sayShare(count, total);
    // Something is never drawn as nothing.
    const width = count > 0 ? Math.max(0.6, (100 * count) / most).toFixed(2) : '0';
    return html`<tr class="${impact ? `impact-${impact}` : 'plain'}">
      <th scope="row">${impact ? impactMark(impact) : NOTHING}${label}</th>
      <td class="number">${say(count)}</td>
      <td class="number quiet">${share}</td>
      <td class="bar">
        <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect width="${width}" height="10" />
        </svg>
      </td>
    </tr> `;
  });
  return html`<table class="bars">
    <caption>
      ${caption}
    </caption>
    <thead class="hidden">
      <tr>
        <th scope="col">${what}</th>
        <th scope="col">Count</th>
        <th scope="col">Share</th>
        <td></td>
      </tr>
    </thead>
    <tbody>
      ${lines}
    </tbody>
  </table> `;
}

function sumOf(rows: readonly BarRow[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

export interface HistogramParts {
  title: string;
  axis: string;
  histogram: Histogram;
  /** Bins are single values, not ranges. */
  discrete?: boolean;
  /** The outermost bins hold what lies beyond, too. */
  openEnded?: boolean;
}

const WIDTH = 360;
const HEIGHT = 170;
const BOX = { left: 44, right: 14, top: 8, bottom: 40 };
const INNER = { width: WIDTH - BOX.left - BOX.right, height: HEIGHT - BOX.top - BOX.bottom };
const BASE = BOX.top + INNER.height;

export function histogramFigure(parts: HistogramParts): Markup {
  const { title, axis, histogram, discrete = false } = parts;
  const { from, width, counts } = histogram;
  const top = niceCeiling(Math.max(1, ...counts));
  const step = INNER.width / counts.length;
  const x = (value: number) => BOX.left + step * ((value - from) / width + (discrete ? 0.5 : 0));
  const y = (count: number) => BOX.top + INNER.height * (1 - count / top);
  const gap = Math.min(1, step / 4);
  const grid = [0, top / 2, top]
    .filter(Number.isInteger)
    .map(
      (tick) =>
        html`<line class="grid" x1="${BOX.left}" x2="${WIDTH - BOX.right}" y1="${y(tick)}" y2="${y(tick)}" /><text
            x="${BOX.left - 6}"
            y="${y(tick) + 4}"
            text-anchor="end"
            >${sayShort(tick)}</text
          > `,
    );
  const columns = counts.flatMap((count, i) =>
    count === 0
      ? []
      : [
          html`<rect
            class="column"
            x="${(BOX.left + i * step + gap / 2).toFixed(2)}"
            width="${(step - gap).toFixed(2)}"
            y="${y(count).toFixed(2)}"
            height="${(BASE - y(count)).toFixed(2)}"
            ><title>${sayBin(parts, i)}: ${say(count)}</title></rect
          > `,
        ],
  );
  const ticks = niceTicks(from, from + width * (counts.length - (discrete ? 1 : 0))).map(
    (value) => html`<text x="${x(value).toFixed(1)}" y="${BASE + 16}" text-anchor="middle">${sayValue(value)}</text> `,
  );
  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Histogram: ${axis}">
      ${grid}${columns}
      <line class="axis" x1="${BOX.left}" x2="${WIDTH - BOX.right}" y1="${BASE}" y2="${BASE}" />
      ${ticks}
      <text x="${BOX.left + INNER.width / 2}" y="${HEIGHT - 6}" text-anchor="middle">${axis}</text>
    </svg>
  </figure> `;
}

/** What bin `i` holds: `0.1–0.12`, `−3`, `50 and more`. */
function sayBin({ histogram: { from, width, counts }, discrete, openEnded }: HistogramParts, i: number): string {
  const low = sayValue(from + i * width);
  if (openEnded && i === counts.length - 1) return `${low} and more`;
  if (discrete) return openEnded && i === 0 ? `${low} and less` : low;
  return `${low}–${sayValue(from + (i + 1) * width)}`;
}

/** With a true minus, and without the tail that floating point leaves. */
function sayValue(value: number): string {
  const text = Number(Math.abs(value).toFixed(3)).toLocaleString('en-US');
  return value < 0 ? `−${text}` : text;
}

/** Some five round values. */
function niceTicks(from: number, last: number): number[] {
  const aim = Math.max((last - from) / 4, 1e-6);
  const power = 10 ** Math.floor(Math.log10(aim));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= aim) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(last / step + 1e-9) - first;
  return Array.from({ length: count + 1 }, (_, i) => (first + i) * step);
}

/** The next round number whose half is round too. */
function niceCeiling(count: number): number {
  const power = 10 ** Math.floor(Math.log10(count));
  return power * ([1, 2, 3, 4, 6, 8, 10].find((factor) => factor * power >= count) ?? 10);
}

/** `1.2k`, `3M`: the axis has little room. */
function sayShort(count: number): string {
  if (count >= 1e6) return `${Number((count / 1e6).toFixed(1))}M`;
  return count >= 1e3 ? `${Number((count / 1e3).toFixed(1))}k` : String(count);
}

/** Contigs shown; files of hundreds of scaffolds have a long tail nobody reads. */
const CONTIGS_SHOWN = 26;
const SHADES = 5;

/** A strip for each chromosome, as long as the chromosome is, darker where there are more records. */
export function karyotype(contigs: readonly ContigDensity[]): Markup {
  const shown = contigs.slice(0, CONTIGS_SHOWN);
  const rest = contigs.slice(CONTIGS_SHOWN);
  const longest = Math.max(1, ...shown.map(({ length = 0 }) => length));
  const most = Math.max(1, ...shown.flatMap(({ bins }) => bins));
  const rows = shown.map(
    (contig) =>
      html`<tr>
        <th scope="row">${contig.name.replace(/^chr/i, '')}</th>
        <td>${strip(contig, longest, most)}</td>
        <td class="number">${say(contig.count)}</td>
      </tr> `,
  );
  if (rest.length > 0) {
    const others = rest.reduce((sum, { count }) => sum + count, 0);
    rows.push(
      html`<tr>
        <th scope="row">other</th>
        <td class="quiet">${say(rest.length)} more contigs</td>
        <td class="number">${say(others)}</td>
      </tr> `,
    );
  }
  return html`<table class="karyotype">
    <caption>
      Records along the chromosomes
    </caption>
    <thead class="hidden">
      <tr>
        <th scope="col">Chromosome</th>
        <td></td>
        <th scope="col">Records</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table> `;
}

function strip({ bins, length }: ContigDensity, longest: number, most: number): Markup {
  // The shortest are still to be seen: the mitochondrion is a 15,000th of chromosome 1.
  const extent = Math.max(1.2, (100 * (length ?? longest)) / longest);
  const step = extent / Math.max(1, bins.length);
  const stretches = bins.flatMap((count, i) =>
    count === 0
      ? []
      : [
          html`<rect
            class="shade-${shadeOf(count, most)}"
            x="${(i * step).toFixed(3)}"
            width="${step.toFixed(3)}"
            height="10"
          />`,
        ],
  );
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" shape-rendering="crispEdges" aria-hidden="true">
    <rect class="contig" width="${extent.toFixed(2)}" height="10" />
    ${stretches}
  </svg>`;
}

/** 1 to 5, by the square root: single records stay visible beside dense stretches. */
function shadeOf(count: number, most: number): number {
  return Math.max(1, Math.ceil(SHADES * Math.sqrt(count / most)));
}
