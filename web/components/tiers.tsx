/** Free and premium side by side. */
import { sayBytes, type PlanLimits } from '../../jobs/plan.ts';
import { sayDuration } from './say.ts';

export function Tiers({ limits }: { limits: PlanLimits }): JSX.Element {
  return (
    <table class="tiers">
      <caption class="visually-hidden">What each tier gives</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">Free</th>
          <th scope="col">Premium</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Largest file</th>
          <td safe>{sayBytes(limits.freeInputBytes)}</td>
          <td safe>{sayBytes(limits.premiumInputBytes)}</td>
        </tr>
        <tr>
          <th scope="row">Result at hand</th>
          <td safe>{sayDuration(limits.archiveGraceSeconds)}</td>
          <td>until you delete it</td>
        </tr>
        <tr>
          <th scope="row">Afterwards</th>
          <td>archived</td>
          <td>archived ones come back</td>
        </tr>
        <tr>
          <th scope="row">Annotation</th>
          <td>the same</td>
          <td>the same</td>
        </tr>
      </tbody>
    </table>
  );
}
