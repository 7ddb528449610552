/** A moment, said relative to now, with the exact one in `<time>`. */
import { sayExactly, sayWhen } from './say.ts';

export function When({ iso, now, exact = false }: { iso: string; now: number; exact?: boolean }): JSX.Element {
  return (
    <time datetime={iso} title={sayExactly(iso)} safe>
      {exact ? sayExactly(iso) : sayWhen(iso, now)}
    </time>
  );
}
