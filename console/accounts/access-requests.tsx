import { Select } from '@fluentui/react-components';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { AccessRequest } from '#contract';
import { useOrganizationChoice } from '../organizations/organization-choice.tsx';
import { OrganizationPage } from '../organizations/organization-page.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';
import { Filters } from '../table/filters.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';
import type { Tone } from '../values/tone.ts';
import { ApproveDialog, DeclineDialog } from './access-decision.tsx';
import { AccountTabs } from './account-tabs.tsx';
import { calledIn, requestStates } from './request-words.ts';

const route = getRouteApi('/access-requests');
const tones: Record<AccessRequest['state'], Tone> = { waiting: 'waiting', approved: 'good', declined: 'paused' };

/** S7: people whom a sign-in proved and who wait to be let in. */
export function AccessRequests() {
  const { organization } = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useOrganizationChoice(organization);
  return (
    <OrganizationPage
      title="Requests for an account"
      lead="People who signed in and ask to be let in, where the connection leaves that to an operator."
      what="accounts"
      choice={choice}
      tabs={<AccountTabs organization={choice.chosen} />}
      onChoose={(next) => void navigate({ search: next === undefined ? {} : { organization: next } })}
    >
      {(chosen) => <RequestList organization={chosen} />}
    </OrganizationPage>
  );
}

function RequestList({ organization }: { organization: string }) {
  const { state = 'waiting' } = route.useSearch();
  const navigate = route.useNavigate();
  const listing = useListing('accessRequests.list', { organization, query: { state } }, { refetchInterval: 30_000 });
  const remove = useAct('accessRequests.delete', ['accessRequests']);
  const told = useTold();
  const [decided, setDecided] = useState<{ request: AccessRequest; how: 'approve' | 'decline' }>();
  const close = (): void => setDecided(undefined);
  return (
    <>
      <Filters>
        <Select
          aria-label="State"
          value={state}
          onChange={(_, { value }) => {
            const next = requestStates.find((candidate) => candidate === value);
            void navigate({
              search: ({ state: _before, ...rest }) => (next === undefined ? rest : { ...rest, state: next }),
            });
          }}
        >
          {requestStates.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Select>
      </Filters>
      <Listed
        listing={listing}
        what="requests"
        empty={
          state === 'waiting' ? (
            <NothingHere title="Nobody waits">
              Requests appear here when a connection lets in whom an operator approves, and somebody new signs in.
            </NothingHere>
          ) : (
            <NothingHere title={`No request is ${state}`}>
              {state === 'approved'
                ? 'An approved request is gone once the person has signed in.'
                : 'A declined person stays here until the request is deleted.'}
            </NothingHere>
          )
        }
      >
        {(requests) => (
          <Table
            label="Requests"
            items={requests}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Person',
                cell: (request) => (
                  <TwoLines
                    strong
                    first={calledIn(request)}
                    second={request.email ?? request.preferredUsername ?? `object ${request.objectId}`}
                  />
                ),
              },
              {
                title: 'Signed in at',
                from: 'medium',
                cell: ({ connection, authority }) => <TwoLines first={connection} second={authority} />,
              },
              {
                title: 'State',
                width: '110px',
                from: 'narrow',
                cell: (it) => <State tone={tones[it.state]}>{it.state}</State>,
              },
              {
                title: state === 'waiting' ? 'Asked' : 'Decided',
                width: '180px',
                from: 'narrow',
                cell: ({ createdAt, decidedAt, decidedBy, role, words }) =>
                  decidedAt === null ? (
                    <Ago at={createdAt} />
                  ) : (
                    <TwoLines
                      first={<Ago at={decidedAt} />}
                      second={[
                        decidedBy === null ? '' : `by ${decidedBy}`,
                        role === null ? '' : `as ${role}`,
                        words === null ? '' : `“${words}”`,
                      ]
                        .filter((each) => each !== '')
                        .join(', ')}
                    />
                  ),
              },
              {
                ...actionsColumn,
                cell: (request) => {
                  const unable = request.state === 'waiting' ? undefined : `It was ${request.state} already.`;
                  return (
                    <RowActions
                      about={calledIn(request)}
                      actions={[
                        {
                          label: 'Approve',
                          right: 'accounts:create',
                          unable,
                          onSelect: () => setDecided({ request, how: 'approve' }),
                        },
                        {
                          label: 'Decline',
                          right: 'accounts:create',
                          unable,
                          onSelect: () => setDecided({ request, how: 'decline' }),
                        },
                        {
                          label: 'Delete',
                          right: 'accounts:create',
                          question: {
                            title: `Delete the request of ${calledIn(request)}?`,
                            does: 'Delete',
                            words: 'What was decided is forgotten. The person can ask again by signing in.',
                            onConfirm: async () => {
                              await remove.mutateAsync({ organization, accessRequest: request.id });
                              told('The request was deleted');
                            },
                          },
                        },
                      ]}
                    />
                  );
                },
              },
            ]}
          />
        )}
      </Listed>
      {decided?.how === 'approve' && (
        <ApproveDialog organization={organization} request={decided.request} onClose={close} />
      )}
      {decided?.how === 'decline' && (
        <DeclineDialog organization={organization} request={decided.request} onClose={close} />
      )}
    </>
  );
}
