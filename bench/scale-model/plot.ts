/** A line plot as SVG: axes with round numbers, a name at the end of each line. Readable on white and on black. */

export interface Line {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 760;
const HEIGHT = 320;
const MARGIN = { top: 36, right: 150, bottom: 44, left: 64 };
/** Told apart without colour sight, too (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const GREY = '#808080';

export function plot(title: string, axes: { x: string; y: string }, lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const xStep = niceStep(Math.max(...points.map(([x]) => x)), 8);
  const yStep = niceStep(Math.max(...points.map(([, y]) => y)), 5);
  const xMost = Math.ceil(Math.max(...points.map(([x]) => x)) / xStep) * xStep;
  const yMost = Math.max(1, Math.ceil(Math.max(...points.map(([, y]) => y)) / yStep)) * yStep;
  const left = (x: number) => round(MARGIN.left + (x / xMost) * (WIDTH - MARGIN.left - MARGIN.right));
  const top = (y: number) => round(HEIGHT - MARGIN.bottom - (y / yMost) * (HEIGHT - MARGIN.top - MARGIN.bottom));
  const ticks = (step: number, most: number) =>
    Array.from({ length: Math.round(most / step) + 1 }, (_, i) => round(i * step));

  const rows = ticks(yStep, yMost).map(
    (y) =>
      `<path d="M${MARGIN.left} ${top(y)}H${WIDTH - MARGIN.right}" stroke="${GREY}" stroke-opacity=".3"/>` +
      text(MARGIN.left - 8, top(y) + 4, y.toLocaleString('en'), 'end'),
  );
  const columns = ticks(xStep, xMost).map((x) =>
    text(left(x), HEIGHT - MARGIN.bottom + 18, x.toLocaleString('en'), 'middle'),
  );
  const drawn = lines.map(({ name, points: line }, i) => {
    const colour = COLOURS[i % COLOURS.length] ?? GREY;
    const path = line.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${left(x)} ${top(y)}`).join('');
    return (
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>` +
      text(WIDTH - MARGIN.right + 10, MARGIN.top + 8 + i * 18, name, 'start', colour)
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="${escape(title)}">`,
    text(MARGIN.left, 18, title, 'start', GREY, 'font-weight="bold"'),
    ...rows,
    ...columns,
    ...drawn,
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 8, axes.x, 'middle'),
    `<g transform="translate(16 ${HEIGHT / 2}) rotate(-90)">${text(0, 0, axes.y, 'middle')}</g>`,
    '</svg>\n',
  ].join('\n');
}

/** 1, 2 or 5 times a power of ten, so that `most` has at most `count` steps. */
function niceStep(most: number, count: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1e-9) / count));
  return power * ([1, 2, 5, 10].find((factor) => power * factor * count >= most) ?? 10);
}

function text(x: number, y: number, words: string, anchor: string, fill = GREY, more = ''): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}"${more ? ` ${more}` : ''}>${escape(words)}</text>`;
}

function escape(words: string): string {
  return words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
