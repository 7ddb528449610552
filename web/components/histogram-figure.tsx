/** A histogram as SVG, drawn for about 360 px so that its text is legible on a phone. */
import { sayCount } from './say.ts';
import type { Histogram } from './summary-file.ts';

interface HistogramFigureProps {
  title: string;
  /** What is counted and along which axis, for those who do not see the picture. */
  description: string;
  histogram: Histogram;
  /** Writes a value of the horizontal axis. */
  sayValue: (value: number) => string;
  axis: string;
}

const width = 360;
const height = 170;
const box = { left: 44, right: 8, top: 8, bottom: 40 };

export function HistogramFigure({ title, description, histogram, sayValue, axis }: HistogramFigureProps): JSX.Element {
  const { from, width: binWidth, counts } = histogram;
  const most = Math.max(1, ...counts);
  const top = niceCeiling(most);
  const inner = { width: width - box.left - box.right, height: height - box.top - box.bottom };
  const step = inner.width / counts.length;
  const y = (count: number) => box.top + inner.height * (1 - count / top);
  const ticks = [0, 0.5, 1].map((share) => share * top).filter((tick) => Number.isInteger(tick));
  const labels = [0, 0.25, 0.5, 0.75, 1].map((share) => ({
    x: box.left + inner.width * share,
    text: sayValue(from + binWidth * counts.length * share),
  }));
  return (
    <figure class="chart">
      <figcaption safe>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={description}>
        {ticks.map((tick) => (
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
            x={(box.left + i * step + 0.5).toFixed(2)}
            width={Math.max(0.5, step - 1).toFixed(2)}
            y={y(count).toFixed(2)}
            height={(box.top + inner.height - y(count)).toFixed(2)}
          >
            <title
              safe
            >{`${sayValue(from + i * binWidth)}–${sayValue(from + (i + 1) * binWidth)}: ${sayCount(count)}`}</title>
          </rect>
        ))}
        <line class="axis" x1={box.left} x2={width - box.right} y1={y(0)} y2={y(0)} />
        {labels.map(({ x, text }, i) => (
          <text x={x} y={height - box.bottom + 16} text-anchor={i === 0 ? 'start' : i === 4 ? 'end' : 'middle'} safe>
            {text}
          </text>
        ))}
        <text class="axis-name" x={box.left + inner.width / 2} y={height - 6} text-anchor="middle" safe>
          {axis}
        </text>
      </svg>
    </figure>
  );
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
