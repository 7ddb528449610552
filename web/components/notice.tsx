/** Something to know, above what it is about: what happened, and what to do. */
import type { PropsWithChildren } from '@elysiajs/html';
import { Mark, type Shape } from './mark.tsx';

const shapes: Record<NoticeTone, Shape> = { done: 'done', warning: 'warning', failed: 'failed', place: 'archived' };
export type NoticeTone = 'done' | 'warning' | 'failed' | 'place';

export function Notice({ tone, children }: PropsWithChildren<{ tone: NoticeTone }>): JSX.Element {
  return (
    <div class={`notice notice-${tone}`} role={tone === 'failed' ? 'alert' : 'note'}>
      <Mark shape={shapes[tone]} />
      <div>{children}</div>
    </div>
  );
}
