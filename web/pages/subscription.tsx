/** Becoming premium and leaving it: what changes, and that nothing is charged. */
import { sayBytes } from '../../jobs/plan.ts';
import { Entry, Layout } from '../components/layout.tsx';
import { Notice } from '../components/notice.tsx';
import { sayDuration } from '../components/say.ts';
import { Tiers } from '../components/tiers.tsx';
import type { SignedInVisit } from '../visit.ts';

export function SubscribePage({ visit }: { visit: SignedInVisit }): JSX.Element {
  const { user, gas } = visit;
  if (user.tier === 'premium') {
    return (
      <Layout visit={visit} title="Premium" here="profile">
        <h1>You are on premium</h1>
        <Entry name="What it means">
          <Notice tone="done">
            <p>
              Results stay until you delete them. Those that were archived are on their way back: each{' '}
              <a href="/annotations">annotation</a> says how far it is.
            </p>
          </Notice>
          <p>
            Files may have up to{' '}
            <span class="number" safe>
              {sayBytes(gas.config.limits.premiumInputBytes)}
            </span>
            .
          </p>
        </Entry>
        <Entry name="Leaving">
          <p>
            <a href="/unsubscribe">Go back to the free tier</a>
          </p>
        </Entry>
      </Layout>
    );
  }
  return (
    <Layout visit={visit} title="Upgrade to premium" here="profile">
      <h1>Upgrade to premium</h1>
      <Entry name="What changes">
        <Tiers limits={gas.config.limits} />
        <p>Results of yours that are archived come back, each checked against the SHA-256 it was archived with.</p>
      </Entry>
      <Entry name="Price">
        <p>
          <b>Nothing.</b> There is no payment on this site yet: no card is asked for and nothing is charged. You can go
          back to the free tier at any time.
        </p>
        <form method="post" action="/subscribe">
          <div class="actions">
            <button type="submit" class="primary">
              Upgrade to premium
            </button>
          </div>
        </form>
      </Entry>
    </Layout>
  );
}

export function UnsubscribePage({ visit }: { visit: SignedInVisit }): JSX.Element {
  const { user, gas } = visit;
  const { limits } = gas.config;
  return (
    <Layout visit={visit} title="Leave premium" here="profile">
      <h1>Leave premium</h1>
      {user.tier === 'free' ? (
        <Entry name="Your tier">
          <p>
            You are on the free tier. <a href="/subscribe">See what premium changes</a>
          </p>
        </Entry>
      ) : (
        <>
          <Entry name="What changes">
            <ul>
              <li>
                Your results stay at hand for another{' '}
                <b class="number" safe>
                  {sayDuration(limits.downgradeGraceSeconds)}
                </b>
                , each with a countdown on its page. Then they are archived, not deleted.
              </li>
              <li>
                New results are archived after{' '}
                <span class="number" safe>
                  {sayDuration(limits.archiveGraceSeconds)}
                </span>
                .
              </li>
              <li>
                New files may have up to{' '}
                <span class="number" safe>
                  {sayBytes(limits.freeInputBytes)}
                </span>
                .
              </li>
            </ul>
            <p>Upgrading again brings everything back. Nothing was charged, so nothing is refunded.</p>
            <form method="post" action="/unsubscribe">
              <div class="actions">
                <button type="submit" class="danger">
                  Leave premium
                </button>
                <a class="button" href="/profile">
                  Stay
                </a>
              </div>
            </form>
          </Entry>
        </>
      )}
    </Layout>
  );
}
