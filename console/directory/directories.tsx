import { useQueries } from '@tanstack/react-query';
import type { Connection } from '#contract';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ToButton, ToRow } from '../page/to.tsx';
import { ask, useListing } from '../server/ask.ts';
import { Listed } from '../table/listed.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';

/** Every directory: the users and groups that one connection provisions. */
export function Directories() {
  const listing = useListing('connections.list', { query: { limit: 100 } });
  const provisioning = listing.items?.filter(({ live, draft }) => (live ?? draft)?.provisioning === true);
  return (
    <Page
      title="Directories"
      lead="The users and groups that Entra keeps up to date here, one directory for each connection."
    >
      <Listed
        listing={{ ...listing, items: provisioning }}
        what="directories"
        empty={
          <NothingHere title="Nothing is provisioned yet" action={<ToButton to="/connections">Connections</ToButton>}>
            A directory appears with the first connection that has provisioning switched on.
          </NothingHere>
        }
      >
        {(connections) => <DirectoryTable connections={connections} />}
      </Listed>
    </Page>
  );
}

function DirectoryTable({ connections }: { connections: Connection[] }) {
  const directories = useQueries({
    queries: connections.map(({ id }) => ({ ...ask('directories.get', { directory: id }), refetchInterval: 30_000 })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
  const rows = connections.map((connection) => ({
    connection,
    directory: directories.find(({ id }) => id === connection.id),
  }));
  return (
    <Table
      label="Directories"
      items={rows}
      keyOf={({ connection }) => connection.id}
      columns={[
        {
          title: 'Directory',
          cell: ({ connection: { id, name } }) => (
            <TwoLines
              first={
                <ToRow to="/directories/$directory/users" params={{ directory: id }}>
                  {name}
                </ToRow>
              }
              second={id}
            />
          ),
        },
        {
          title: 'Active users',
          width: '120px',
          align: 'end',
          cell: ({ directory }) =>
            directory && (
              <TwoLines
                first={directory.activeUsers.toLocaleString('en')}
                second={`of ${directory.users.toLocaleString('en')}`}
              />
            ),
        },
        {
          title: 'Groups',
          width: '100px',
          align: 'end',
          from: 'narrow',
          cell: ({ directory }) => directory?.groups.toLocaleString('en'),
        },
        {
          title: 'Last contact',
          width: '200px',
          align: 'end',
          from: 'narrow',
          cell: ({ directory }) => {
            if (directory === undefined) return null;
            if (directory.lastContactAt === null) return <State tone="waiting">waiting for the first</State>;
            const { risk } = directory.quarantine;
            return (
              <State
                tone={risk === 'high' ? 'bad' : risk === 'some' || directory.lateSince !== null ? 'warning' : 'good'}
              >
                <Ago at={directory.lastContactAt} />
              </State>
            );
          },
        },
      ]}
    />
  );
}
