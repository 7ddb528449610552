/**
 * The shapes that stand beside words, so that nothing is said by colour alone: the four impacts as on a map legend,
 * and how a job stands. Drawn, not taken from a font.
 */
import type { Impact } from './impact.ts';

export type Shape =
  Impact | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'archived' | 'moving' | 'warning';

const paths: Record<Shape, string> = {
  HIGH: 'M8 2 14.5 13.5H1.5Z',
  MODERATE: 'M8 1.5 14.5 8 8 14.5 1.5 8Z',
  LOW: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11Z',
  MODIFIER: 'M2 6.5H14V9.5H2Z',
  waiting:
    'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13ZM8 3.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9ZM7.3 4.8h1.4v3l2 1.6-.9 1.1L7.3 8.6Z',
  running: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13ZM8 3.5v9a4.5 4.5 0 0 1 0-9Z',
  done: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13ZM7 11.2 3.9 8.1 5.1 6.9 7 8.8 11 4.8 12.2 6Z',
  failed: 'M3.4 2 8 6.6 12.6 2 14 3.4 9.4 8 14 12.6 12.6 14 8 9.4 3.4 14 2 12.6 6.6 8 2 3.4Z',
  cancelled: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13ZM4.5 7.2h7v1.6h-7Z',
  archived: 'M1.5 2.5h13V6h-13ZM2.5 7h11v6.5h-11ZM6 8.5V10h4V8.5Z',
  moving: 'M8 1.5 12 6H9.2v6.5H6.8V6H4ZM2 13.5h12V15H2Z',
  warning: 'M8 1 15.2 14H.8ZM7.2 5.5v4.5h1.6V5.5ZM7.2 11v1.6h1.6V11Z',
};

/** Decorative: the word beside it says the same. */
export function Mark({ shape }: { shape: Shape }): JSX.Element {
  return (
    <svg class={`mark mark-${shape}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
      <path d={paths[shape]} fill-rule="evenodd" />
    </svg>
  );
}
