import { Confirm } from '../page/confirm.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Ago } from '../values/time.tsx';

/** S11: where somebody is signed in, and the way to end it. */
export function Sessions({ organization, account }: { organization: string; account: string }) {
  const listing = useListing('sessions.list', { organization, account });
  const end = useAct('sessions.end', ['sessions']);
  const endAll = useAct('sessions.endAll', ['sessions']);
  const told = useTold();
  return (
    <Section
      title="Sessions"
      about="Valid only while the directory says that the person is active."
      actions={
        <Confirm
          label="End all"
          fullLabel="End all sessions"
          right="sessions:end"
          title="End all sessions?"
          does="End them"
          onConfirm={async () => {
            const { ended } = await endAll.mutateAsync({ organization, body: { account } });
            told(ended === 1 ? 'One session was ended' : `${ended} sessions were ended`);
          }}
        >
          The person is signed out on every device, and of every product, and has to sign in again.
        </Confirm>
      }
    >
      <Listed
        listing={listing}
        what="sessions"
        empty={<NothingHere title="Not signed in">There is no valid session at the moment.</NothingHere>}
      >
        {(sessions) => (
          <Table
            label="Sessions"
            items={sessions}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Signed in',
                cell: ({ createdAt, connection }) => (
                  <TwoLines
                    first={<Ago at={createdAt} />}
                    second={connection === null ? 'by Portico itself' : `by ${connection}`}
                  />
                ),
              },
              {
                title: 'From',
                cell: ({ device, userAgent, place, address }) => (
                  <TwoLines
                    first={<span title={userAgent ?? undefined}>{device}</span>}
                    second={[place?.city, place?.country, address].filter(Boolean).join(', ') || 'not known'}
                  />
                ),
              },
              { title: 'Last seen', width: '140px', from: 'narrow', cell: ({ lastSeenAt }) => <Ago at={lastSeenAt} /> },
              { title: 'Ends', width: '140px', from: 'medium', cell: ({ expiresAt }) => <Ago at={expiresAt} /> },
              {
                ...actionsColumn,
                cell: ({ id, createdAt }) => (
                  <RowActions
                    about={`the session of ${createdAt}`}
                    actions={[
                      {
                        label: 'End',
                        right: 'sessions:end',
                        question: {
                          title: 'End this session?',
                          does: 'End it',
                          words: 'The person is signed out there and has to sign in again.',
                          onConfirm: async () => {
                            await end.mutateAsync({ organization, account, session: id });
                            told('The session was ended');
                          },
                        },
                      },
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
