import { Select } from '@fluentui/react-components';
import { getRouteApi } from '@tanstack/react-router';
import { Confirm } from '../page/confirm.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Section } from '../page/section.tsx';
import { To, ToRow } from '../page/to.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';
import { Filters } from '../table/filters.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Ago, At } from '../values/time.tsx';

const route = getRouteApi('/directories/$directory/held');

const released = 'Portico makes the change itself, as it was asked for.';
const dropped =
  'Nothing is changed. When Entra asks again within a day, it is refused; put the scope right there meanwhile.';

/** P9: who would lose access and is held by the brake, by which request, and the decision. */
export function Held() {
  const { directory } = route.useParams();
  const { state = 'held' } = route.useSearch();
  const navigate = route.useNavigate();
  const listing = useListing('held.list', { directory, query: { state } }, { refetchInterval: 15_000 });
  const release = useAct('held.release', ['held', 'directories', 'users', 'requests']);
  const drop = useAct('held.drop', ['held', 'directories']);
  const told = useTold();
  const some = state === 'held' && (listing.items?.length ?? 0) > 0;
  return (
    <Section
      title="Held changes"
      about="More users would lose access than the brake lets go. Nothing is changed until somebody decides; Entra is told to ask again."
      actions={
        some && (
          <>
            <Confirm
              label="Apply all"
              title="Apply all held changes?"
              does="Apply all"
              right="directories:update"
              appearance="primary"
              onConfirm={async () => {
                const { released: count } = await release.mutateAsync({ directory, body: { all: true } });
                told(`${count} changes are being made`);
              }}
            >
              Each of these users loses access. {released} The brake then counts anew.
            </Confirm>
            <Confirm
              label="Drop all"
              title="Drop all held changes?"
              does="Drop all"
              right="directories:update"
              onConfirm={async () => {
                const { dropped: count } = await drop.mutateAsync({ directory, body: { all: true } });
                told(`${count} changes were dropped`);
              }}
            >
              {dropped}
            </Confirm>
          </>
        )
      }
    >
      <Filters>
        <Select
          aria-label="State"
          value={state}
          onChange={(_, { value }) => void navigate({ search: value === 'dropped' ? { state: 'dropped' } : {} })}
        >
          <option value="held">Held</option>
          <option value="dropped">Dropped</option>
        </Select>
      </Filters>
      <Listed
        listing={listing}
        what="held changes"
        empty={
          <NothingHere title={state === 'held' ? 'Nothing is held' : 'Nothing was dropped'}>
            {state === 'held'
              ? 'So many users did not lose access at once.'
              : 'Dropped changes stand here for the day on which they are refused.'}
          </NothingHere>
        }
      >
        {(changes) => (
          <Table
            label="Held changes"
            items={changes}
            keyOf={({ user }) => user.id}
            columns={[
              {
                title: 'User',
                cell: ({ user }) => (
                  <TwoLines
                    first={
                      <ToRow to="/directories/$directory/users/$user" params={{ directory, user: user.id }}>
                        {user.displayName ?? user.userName ?? user.id}
                      </ToRow>
                    }
                    second={user.userName}
                  />
                ),
              },
              {
                title: 'Would be',
                width: '130px',
                cell: ({ wish }) => (wish === 'delete' ? 'deleted' : 'switched off'),
              },
              {
                title: 'By',
                from: 'narrow',
                cell: ({ method, request, token }) => (
                  <TwoLines
                    first={
                      <To to="/directories/$directory/requests/$request" params={{ directory, request }}>
                        {method}
                      </To>
                    }
                    second={token}
                  />
                ),
              },
              {
                title: 'Since',
                width: '150px',
                from: 'medium',
                cell: ({ heldAt, lastAskedAt, times }) => (
                  <TwoLines
                    first={<Ago at={heldAt} />}
                    second={
                      times === 1 ? null : (
                        <>
                          asked {times} times, last <Ago at={lastAskedAt} />
                        </>
                      )
                    }
                  />
                ),
              },
              ...(state === 'dropped'
                ? [
                    {
                      title: 'Refused until',
                      width: '180px',
                      from: 'medium' as const,
                      cell: ({ refusedUntil }: (typeof changes)[number]) =>
                        refusedUntil === null ? '–' : <At at={refusedUntil} />,
                    },
                  ]
                : []),
              {
                ...actionsColumn,
                cell: ({ user }) => (
                  <RowActions
                    about={user.displayName ?? user.userName ?? user.id}
                    actions={[
                      {
                        label: 'Apply',
                        right: 'directories:update',
                        question: {
                          title: `Take access from ${user.displayName ?? user.userName ?? user.id}?`,
                          does: 'Apply',
                          words: released,
                          onConfirm: async () => {
                            await release.mutateAsync({ directory, body: { users: [user.id] } });
                            told('The change is being made');
                          },
                        },
                      },
                      ...(state === 'held'
                        ? [
                            {
                              label: 'Drop',
                              right: 'directories:update' as const,
                              question: {
                                title: `Leave ${user.displayName ?? user.userName ?? user.id} as they are?`,
                                does: 'Drop',
                                words: dropped,
                                onConfirm: async () => {
                                  await drop.mutateAsync({ directory, body: { users: [user.id] } });
                                  told('The change was dropped');
                                },
                              },
                            },
                          ]
                        : []),
                    ]}
                  />
                ),
              },
            ]}
          />
        )}
      </Listed>
    </Section>
  );
}
