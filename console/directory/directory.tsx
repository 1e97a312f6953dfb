import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Tabs, ToTab } from '../page/tabs.tsx';
import { To, ToInText } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { ask } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';
import { Ago } from '../values/time.tsx';
import { Contact } from './contact.tsx';
import { cycleWords } from './cycle-words.ts';
import { useDirectoryName } from './directory-name.ts';
import { HeldBanner } from './held-banner.tsx';

const route = getRouteApi('/directories/$directory');

/** The frame of one directory: its counts, and users, groups, requests and settings as tabs. */
export function DirectoryFrame() {
  const { directory } = route.useParams();
  const query = useQuery({ ...ask('directories.get', { directory }), refetchInterval: 30_000 });
  const name = useDirectoryName(directory);
  const maySeeRequests = useRight('requests:read');
  const known = query.data;
  return (
    <Page
      title={name}
      trail={
        <Trail>
          <To to="/directories">Directories</To>
        </Trail>
      }
      lead={
        known !== undefined && (
          <>
            {known.activeUsers.toLocaleString('en')} active of {known.users.toLocaleString('en')} users,{' '}
            {known.groups.toLocaleString('en')} groups.{' '}
            {known.lastContactAt === null ? 'No contact yet; see ' : 'Last contact '}
            {known.lastContactAt === null ? (
              <ToInText to="/connections/$connection/provisioning" params={{ connection: directory }}>
                provisioning
              </ToInText>
            ) : (
              <Ago at={known.lastContactAt} />
            )}
            .{known.lastCycle !== null && ` In the last cycle: ${cycleWords(known.lastCycle).toLowerCase()}`}
            {known.lastCycle !== null && known.lastCycle.failed > 0 && `, ${known.lastCycle.failed} failed`}
            {known.lastCycle !== null && '.'}
            {known.nextExpectedAt !== null && known.lateSince === null && (
              <>
                {' '}
                The next is expected <Ago at={known.nextExpectedAt} />.
              </>
            )}
          </>
        )
      }
      tabs={
        <Tabs label="In this directory">
          <ToTab to="/directories/$directory/users" params={{ directory }}>
            Users
          </ToTab>
          <ToTab to="/directories/$directory/groups" params={{ directory }}>
            Groups
          </ToTab>
          {maySeeRequests && (
            <ToTab to="/directories/$directory/cycles" params={{ directory }}>
              Cycles
            </ToTab>
          )}
          {maySeeRequests && (
            <ToTab to="/directories/$directory/requests" params={{ directory }}>
              Requests
            </ToTab>
          )}
          <ToTab to="/directories/$directory/held" params={{ directory }}>
            Held
          </ToTab>
          <ToTab to="/directories/$directory/settings" params={{ directory }}>
            Settings
          </ToTab>
        </Tabs>
      }
    >
      {query.error !== null && known === undefined ? (
        <ProblemNotice problem={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          {known !== undefined && <Contact directory={known} />}
          {known !== undefined && <HeldBanner directory={known} />}
          <Outlet />
        </>
      )}
    </Page>
  );
}
