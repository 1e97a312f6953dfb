import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Asked } from '../page/asked.tsx';
import { Page } from '../page/page.tsx';
import { To } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { ask } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { State } from '../values/state.tsx';
import { At } from '../values/time.tsx';
import { AccountActions } from './account-actions.tsx';
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
      actions={known !== undefined && <AccountActions account={known} />}
    >
      <Asked query={query} what="the account" rows={6}>
        {({ userName, email, emailVerified, toldBy, role, origin, createdAt, lastSignInAt }) => (
          <>
            <Facts>
              <Fact name="User name">{userName}</Fact>
              <Fact name="E-mail">
                {email === null ? 'none' : `${email}, ${emailVerified ? 'proven' : 'not proven'}`}
              </Fact>
              <Fact name="Name and e-mail">
                {toldBy === null
                  ? 'are Portico’s own, as whoever added the account entered them'
                  : `are told by ${toldBy}, and changed there; each sign-in brings them here`}
              </Fact>
              <Fact name="Role">{role ?? 'none of its own'}</Fact>
              <Fact name="Comes from">
                {origin === 'directory' ? 'provisioning' : toldBy === null ? 'Portico itself' : 'a sign-in'}
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
