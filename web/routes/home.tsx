/** GET / */
import { HomePage } from '../pages/home.tsx';
import { page } from '../reply.ts';
import type { Visit } from '../visit.ts';

export function home(visit: Visit): Promise<Response> {
  return page(<HomePage visit={visit} />);
}
