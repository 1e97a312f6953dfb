import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { Asked } from '../page/asked.tsx';
import { Page } from '../page/page.tsx';
import { Tabs, ToTab } from '../page/tabs.tsx';
import { To } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { ask } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';
import { ConnectionActions } from './connection-actions.tsx';
import { ConnectionStateMark } from './connection-state.tsx';

const route = getRouteApi('/connections/$connection');

/** The frame of one connection: its name, state and actions, and the pages about it as tabs. */
export function ConnectionFrame() {
  const { connection } = route.useParams();
  const query = useQuery(ask('connections.get', { connection }));
  const organization = useQuery({
    ...ask('organizations.get', { organization: query.data?.organization ?? '' }),
    enabled: query.data !== undefined,
  });
  const maySeeSecrets = useRight('secrets:read');
  const maySeeTokens = useRight('tokens:read');
  const maySeeMailboxes = useRight('mailboxes:read');
  const known = query.data;
  return (
    <Page
      title={known?.name ?? connection}
      beside={known !== undefined && <ConnectionStateMark connection={known} />}
      trail={
        <Trail>
          <To to="/connections">Connections</To>
          {known !== undefined && (
            <To to="/connections" search={{ organization: known.organization }}>
              {organization.data?.name ?? known.organization}
            </To>
          )}
        </Trail>
      }
      actions={known !== undefined && <ConnectionActions connection={known} />}
      tabs={
        query.error === null && (
          <Tabs label="About this connection">
            <ToTab to="/connections/$connection" params={{ connection }} activeOptions={{ exact: true }}>
              Summary
            </ToTab>
            <ToTab to="/connections/$connection/settings" params={{ connection }}>
              Settings
            </ToTab>
            <ToTab to="/connections/$connection/setup" params={{ connection }}>
              Setup in Entra
            </ToTab>
            {maySeeSecrets && (
              <ToTab to="/connections/$connection/secrets" params={{ connection }}>
                Secrets
              </ToTab>
            )}
            <ToTab to="/connections/$connection/checks" params={{ connection }}>
              Checks
            </ToTab>
            <ToTab to="/connections/$connection/sign-in-test" params={{ connection }}>
              Test sign-in
            </ToTab>
            <ToTab to="/connections/$connection/user-names" params={{ connection }}>
              User names
            </ToTab>
            {maySeeTokens && (
              <ToTab to="/connections/$connection/provisioning" params={{ connection }}>
                Provisioning
              </ToTab>
            )}
            {maySeeMailboxes && (
              <ToTab to="/connections/$connection/mailboxes" params={{ connection }}>
                Mailboxes
              </ToTab>
            )}
          </Tabs>
        )
      }
    >
      <Asked query={query} what="the connection">
        {() => <Outlet />}
      </Asked>
    </Page>
  );
}
