/** One line on a terminal that says how far something is: bar, percent, rate, time left. Silent where nobody looks. */
import type { CommandContext } from './context.ts';

const BAR_WIDTH = 24;
const REDRAW_MS = 100;

export class ProgressLine {
  readonly #context: Pick<CommandContext, 'err' | 'isTerminal' | 'now'>;
  #label = '';
  #started = 0;
  #startedAt = 0;
  #drawn = 0;

  constructor(context: Pick<CommandContext, 'err' | 'isTerminal' | 'now'>) {
    this.#context = context;
  }

  /** Bytes done of bytes in all, and what else there is to say; a new label begins a new line. Total 0: no bar is shown. */
  show(label: string, done: number, total: number, more = ''): void {
    if (!this.#context.isTerminal) return;
    const now = this.#context.now().getTime();
    if (label !== this.#label) {
      this.end();
      this.#label = label;
      this.#started = now;
      this.#startedAt = done;
      this.#drawn = Number.NEGATIVE_INFINITY;
    }
    if (now - this.#drawn < REDRAW_MS && done < total) return;
    this.#drawn = now;
    const figures = total > 0 ? ` ${this.#figures(now, done, total)}` : ' …';
    this.#context.err(`\r\x1b[K${label}${figures}${more === '' ? '' : `; ${more}`}`);
  }

  /** Leaves the line as it is. */
  end(): void {
    if (this.#label !== '') this.#context.err('\n');
    this.#label = '';
  }

  #figures(now: number, done: number, total: number): string {
    const full = Math.round((BAR_WIDTH * done) / total);
    const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
    const seconds = (now - this.#started) / 1000;
    const rate = seconds > 0 ? (done - this.#startedAt) / seconds : 0;
    const left = rate > 0 && done < total ? `, ${duration((total - done) / rate)} left` : '';
    return `${bar} ${Math.floor((100 * done) / total)} % of ${megabytes(total)}, ${megabytes(rate)}/s${left}`;
  }
}

/** `12.3 MB`; kilobytes below one. */
export function megabytes(bytes: number): string {
  return bytes < 1e6
    ? `${(bytes / 1e3).toFixed(0)} kB`
    : `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
