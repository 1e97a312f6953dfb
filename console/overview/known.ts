import { useQueries, useQuery } from '@tanstack/react-query';
import type { BreakGlass, Client, Connection, Directory, Event, Message } from '#contract';
import { ask, type Listing, useListing } from '../server/ask.ts';
import { useSession } from '../server/session.tsx';
import type { WaitingPeople } from './attention-list.ts';

const refresh = { refetchInterval: 30_000 };
/** The overview asks about each connection and organization; beyond these it says that it does not show all. */
const mostConnections = 25;
const mostOrganizations = 8;
const newestShown = 10;
const mostWaiting = 50;

/** What the overview knows, of all organizations or of one. */
export interface OverviewKnown {
  connections: Listing<Connection>;
  organizations: number | undefined;
  directories: Directory[];
  troubledMail: Message[];
  failedTests: Event[];
  waiting: WaitingPeople[];
  /** Of the deployment, so not where only one organization is looked at. */
  clients: Client[];
  breakGlass: BreakGlass[] | undefined;
  newest: Event[] | undefined;
  beyond: number;
}

/** Gathers what the overview shows, and keeps it fresh. */
export function useOverviewKnown(organization: string | undefined): OverviewKnown {
  const { rights } = useSession();
  const connections = useListing('connections.list', { query: { organization, limit: 100 } }, refresh);
  const listed = (connections.items ?? []).slice(0, mostConnections);
  const organizations = useQuery({ ...ask('organizations.list', { query: { limit: mostOrganizations } }), ...refresh });
  const about = organization === undefined ? (organizations.data?.items ?? []).map(({ id }) => id) : [organization];

  const directories = useQueries({
    queries: listed
      .filter(({ live }) => live?.provisioning === true && rights.includes('users:read'))
      .map(({ id }) => ({ ...ask('directories.get', { directory: id }), ...refresh })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
  const troubledMail = useQueries({
    queries: listed
      .filter(({ live }) => live?.mailOut === true && rights.includes('mail:read'))
      .flatMap(({ id }) =>
        (['failed', 'uncertain'] as const).map((state) => ({
          ...ask('messages.list', { connection: id, query: { state, limit: 3 } }),
          ...refresh,
        })),
      ),
    combine: (results) => results.flatMap(({ data }) => data?.items ?? []),
  });
  const failedTests = useQueries({
    queries: (rights.includes('events:read') ? about : []).map((id) => ({
      ...ask('events.list', { organization: id, query: { type: 'connection.test_failed', limit: 10 } }),
      ...refresh,
    })),
    combine: (results) => results.flatMap(({ data }) => data?.items ?? []),
  });
  const waiting = useQueries({
    queries: (rights.includes('accounts:read') ? about : []).map((id) => ({
      ...ask('accessRequests.list', { organization: id, query: { limit: mostWaiting } }),
      ...refresh,
    })),
    combine: (results) =>
      results.flatMap(({ data }, index) => {
        const id = about[index] ?? '';
        const name = organizations.data?.items.find((organization) => organization.id === id)?.name ?? id;
        if (data === undefined) return [];
        return [{ organization: id, name, count: data.items.length, more: data.nextCursor !== undefined }];
      }),
  });
  const breakGlass = useQuery({
    ...ask('breakGlass.list', {}),
    ...refresh,
    enabled: organization === undefined && rights.includes('operators:read'),
  });
  const clients = useQuery({
    ...ask('clients.list', { query: { limit: 100 } }),
    ...refresh,
    enabled: organization === undefined && rights.includes('clients:read'),
  });
  const newest = useQueries({
    queries: (rights.includes('events:read') ? about : []).map((id) => ({
      ...ask('events.list', { organization: id, query: { limit: newestShown } }),
      ...refresh,
    })),
    combine: (results) => {
      if (results.some(({ isPending }) => isPending)) return undefined;
      const events = results.flatMap(({ data }) => data?.items ?? []);
      return events.toSorted((one, other) => Date.parse(other.time) - Date.parse(one.time)).slice(0, newestShown);
    },
  });
  return {
    connections,
    organizations: organizations.data?.items.length,
    directories,
    troubledMail,
    failedTests,
    waiting,
    clients: organization === undefined ? (clients.data?.items ?? []) : [],
    breakGlass: organization === undefined ? breakGlass.data?.items : undefined,
    newest,
    beyond: Math.max(0, (connections.items ?? []).length - mostConnections),
  };
}
