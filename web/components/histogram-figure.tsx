/** A histogram as SVG, drawn for about 360 px so that its text is legible on a phone. */
import { sayCount } from './say.ts';
import type { Histogram } from './summary-file.ts';

interface HistogramFigureProps {
  title: string;
  /** What is counted and along which axis, for those who do not see the picture. */
  description: string;
  histogram: Histogram;
  axis: string;
  /** Bins are single values, not ranges. */
  discrete?: boolean;
  /** The outermost bins hold what lies beyond, too. */
  openEnded?: boolean;
}

const width = 360;
const height = 170;
const box = { left: 44, right: 14, top: 8, bottom: 40 };
const inner = { width: width - box.left - box.right, height: height - box.top - box.bottom };

export function HistogramFigure(props: HistogramFigureProps): JSX.Element {
  const { title, description, histogram, axis, discrete = false } = props;
  const { from, width: binWidth, counts } = histogram;
  const top = niceCeiling(Math.max(1, ...counts));
  const step = inner.width / counts.length;
  const y = (count: number) => box.top + inner.height * (1 - count / top);
  const x = (value: number) => box.left + step * ((value - from) / binWidth + (discrete ? 0.5 : 0));
  const last = from + binWidth * (counts.length - (discrete ? 1 : 0));
  const gap = Math.min(1, step / 4);
  return (
    <figure class="chart">
      <figcaption safe>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={description}>
        {[0, top / 2, top].filter(Number.isInteger).map((tick) => (
          <>
            <line class="grid" x1={box.left} x2={width - box.right} y1={y(tick)} y2={y(tick)} />
            <text x={box.left - 6} y={y(tick) + 4} text-anchor="end" safe>
              {sayShort(tick)}
            </text>
          </>
        ))}
        {counts.map((count, i) => (
          <rect
            class="column"
            x={(box.left + i * step + gap / 2).toFixed(2)}
            width={(step - gap).toFixed(2)}
            y={y(count).toFixed(2)}
            height={(box.top + inner.height - y(count)).toFixed(2)}
          >
            <title safe>{`${sayBin(props, i)}: ${sayCount(count)}`}</title>
          </rect>
        ))}
        <line class="axis" x1={box.left} x2={width - box.right} y1={y(0)} y2={y(0)} />
        {niceTicks(from, last).map((value) => (
          <text x={x(value).toFixed(1)} y={height - box.bottom + 16} text-anchor="middle" safe>
            {sayValue(value)}
          </text>
        ))}
        <text class="axis-name" x={box.left + inner.width / 2} y={height - 6} text-anchor="middle" safe>
          {axis}
        </text>
      </svg>
    </figure>
  );
}

/** What bin `i` holds: `0.1–0.12`, `−3`, `50 and more`. */
function sayBin({ histogram, discrete, openEnded }: HistogramFigureProps, i: number): string {
  const { from, width: binWidth, counts } = histogram;
  const low = sayValue(from + i * binWidth);
  if (openEnded && i === counts.length - 1) return `${low} and more`;
  if (discrete) return openEnded && i === 0 ? `${low} and less` : low;
  return `${low}–${sayValue(from + (i + 1) * binWidth)}`;
}

/** With a true minus, and without the tail that floating point leaves. */
function sayValue(value: number): string {
  const text = Number(Math.abs(value).toFixed(3)).toLocaleString('en-US');
  return value < 0 ? `−${text}` : text;
}

/** Some five round values from `from` to `last`. */
function niceTicks(from: number, last: number): number[] {
  const span = last - from;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= span / 4) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(last / step + 1e-9) - first;
  return Array.from({ length: count + 1 }, (_, i) => (first + i) * step);
}

/** The next round number: its half is round too. */
function niceCeiling(count: number): number {
  const power = 10 ** Math.floor(Math.log10(count));
  const step = [1, 2, 3, 4, 6, 8, 10].find((factor) => factor * power >= count) ?? 10;
  return step * power;
}

/** `1.2k`, `3M`: the axis has little room. */
function sayShort(count: number): string {
  if (count >= 1e6) return `${Number((count / 1e6).toFixed(1))}M`;
  return count >= 1e3 ? `${Number((count / 1e3).toFixed(1))}k` : String(count);
}
