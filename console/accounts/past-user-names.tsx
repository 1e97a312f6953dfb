import { getRouteApi } from '@tanstack/react-router';
import { useOrganizationChoice } from '../organizations/organization-choice.tsx';
import { OrganizationPage } from '../organizations/organization-page.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Ago, Day } from '../values/time.tsx';
import { AccountTabs } from './account-tabs.tsx';

const route = getRouteApi('/past-user-names');

/** S8: the user names of deleted accounts. */
export function PastUserNames() {
  const { organization } = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useOrganizationChoice(organization);
  return (
    <OrganizationPage
      title="Past user names"
      lead="User names of deleted accounts. Nobody else gets them, so that nobody is taken for somebody else."
      what="accounts"
      choice={choice}
      tabs={<AccountTabs organization={choice.chosen} />}
      onChoose={(next) => void navigate({ search: next === undefined ? {} : { organization: next } })}
    >
      {(chosen) => <PastUserNameTable organization={chosen} />}
    </OrganizationPage>
  );
}

function PastUserNameTable({ organization }: { organization: string }) {
  const listing = useListing('userNames.past', { organization });
  const purge = useAct('userNames.purge', ['userNames']);
  const told = useTold();
  return (
    <Listed
      listing={listing}
      what="past user names"
      empty={<NothingHere title="No past user name">One appears when an account is deleted.</NothingHere>}
    >
      {(names) => (
        <Table
          label="Past user names"
          items={names}
          keyOf={({ userName }) => userName}
          columns={[
            {
              title: 'User name',
              cell: ({ userName, account }) => <TwoLines strong first={userName} second={`of account ${account}`} />,
            },
            { title: 'Deleted', width: '150px', from: 'narrow', cell: ({ leftAt }) => <Ago at={leftAt} /> },
            { title: 'Kept until', width: '120px', cell: ({ keptUntil }) => <Day at={keptUntil} /> },
            {
              ...actionsColumn,
              cell: ({ userName }) => (
                <RowActions
                  about={userName}
                  actions={[
                    {
                      label: 'Give free',
                      right: 'accounts:delete',
                      question: {
                        title: `Give ${userName} free?`,
                        does: 'Give free',
                        words:
                          'Another account may get it then. Products that know people by user name would take that person for the one before.',
                        onConfirm: async () => {
                          await purge.mutateAsync({ organization, userName });
                          told(`${userName} is free`);
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
  );
}
