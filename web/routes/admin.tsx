/** The page of whoever runs the service. To everybody else it does not exist. */
import { UserError } from '../../jobs/errors.ts';
import { countWork } from '../../jobs/health.ts';
import { listInstalled } from '../../jobs/installed.ts';
import { AdminPage } from '../pages/admin.tsx';
import { page } from '../reply.ts';
import { isAdmin, signedIn, type Visit } from '../visit.ts';

/** @throws UserError NOT_FOUND */
export async function adminPage(visit: Visit): Promise<Response> {
  if (!isAdmin(visit)) throw noSuchPage();
  const [installed, work] = await Promise.all([listInstalled(visit.gas), countWork(visit.gas)]);
  return page(<AdminPage visit={signedIn(visit)} installed={installed} work={work} />);
}

/** What whoever asks for an address that is none is told. */
export function noSuchPage(): UserError {
  return new UserError('NOT_FOUND', 'There is no such page. The address may be mistyped, or what was here is gone.');
}
