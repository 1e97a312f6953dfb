import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Account as AccountShape } from '#contract';
import { Asked } from '../page/asked.tsx';
import { Confirm } from '../page/confirm.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { To } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { useAct } from '../server/act.ts';
import { ask } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';
import { useTold } from '../shell/told.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { State } from '../values/state.tsx';
import { At } from '../values/time.tsx';
import { Links } from './links.tsx';
import { LocalSignIn } from './local-sign-in.tsx';
import { Sessions } from './sessions.tsx';

const route = getRouteApi('/accounts/$organization/$account');

/** One account with what proves it and where it is signed in. */
export function Account() {
  const { organization, account } = route.useParams();
  const query = useQuery(ask('accounts.get', { organization, account }));
  const maySeeLinks = useRight('links:read');
  const maySeeSessions = useRight('sessions:read');
  const known = query.data;
  return (
    <Page
      title={known?.name ?? known?.userName ?? 'Account'}
      beside={
        known !== undefined && (
          <State tone={known.disabled ? 'paused' : 'good'}>{known.disabled ? 'disabled' : 'enabled'}</State>
        )
      }
      trail={
        <Trail>
          <To to="/accounts" search={{ organization }}>
            Accounts
          </To>
        </Trail>
      }
      actions={known !== undefined && <Disabling account={known} />}
    >
      <Asked query={query} what="the account" rows={6}>
        {({ userName, email, emailVerified, origin, createdAt, lastSignInAt }) => (
          <>
            <Facts>
              <Fact name="User name">{userName}</Fact>
              <Fact name="E-mail">
                {email === null ? 'none' : `${email}, ${emailVerified ? 'proven by the tenant' : 'not proven'}`}
              </Fact>
              <Fact name="Comes from">
                {origin === 'directory' ? 'provisioning' : 'a sign-in'}; name and e-mail are changed in the tenant
              </Fact>
              <Fact name="Since">
                <At at={createdAt} />
              </Fact>
              <Fact name="Last sign-in">
                <At at={lastSignInAt} />
              </Fact>
            </Facts>
            <LocalSignIn organization={organization} account={account} />
            {maySeeSessions && <Sessions organization={organization} account={account} />}
            {maySeeLinks && <Links organization={organization} account={account} />}
          </>
        )}
      </Asked>
    </Page>
  );
}

function Disabling({ account: { id, organization, name, userName, disabled } }: { account: AccountShape }) {
  const update = useAct('accounts.update', ['accounts', 'sessions']);
  const told = useTold();
  const called = name ?? userName;
  if (disabled) {
    return (
      <>
        <GuardedButton
          right="accounts:update"
          busy={update.isPending}
          onClick={() => update.mutate({ organization, account: id, body: { disabled: false } })}
        >
          Enable
        </GuardedButton>
        {update.error !== null && <ProblemNotice problem={update.error} />}
      </>
    );
  }
  return (
    <Confirm
      label="Disable"
      right="accounts:update"
      title={`Disable ${called}?`}
      does="Disable"
      onConfirm={async () => {
        await update.mutateAsync({ organization, account: id, body: { disabled: true } });
        told(`${called} is disabled`);
      }}
    >
      All sessions end, and {called} cannot sign in until the account is enabled again. In Entra nothing changes.
    </Confirm>
  );
}
