import { getRouteApi } from '@tanstack/react-router';
import { OrganizationSelect, useOrganizationChoice } from '../organizations/organization-choice.tsx';
import { Loading } from '../page/loading.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { ToButton, ToRow } from '../page/to.tsx';
import { useListing } from '../server/ask.ts';
import { Listed } from '../table/listed.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';

const route = getRouteApi('/accounts');

/** The people of one organization who can sign in. */
export function Accounts() {
  const { organization } = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useOrganizationChoice(organization);
  const { chosen, listing } = choice;
  return (
    <Page
      title="Accounts"
      lead="People who can sign in. An account is found by its link to a person of a tenant, never by e-mail."
      actions={
        <OrganizationSelect
          choice={choice}
          value={chosen}
          onChoose={(next) => void navigate({ search: next === undefined ? {} : { organization: next } })}
        />
      }
    >
      {listing.problem !== null ? (
        <ProblemNotice problem={listing.problem} onRetry={listing.retry} />
      ) : listing.items === undefined ? (
        <Loading what="accounts" rows={6} />
      ) : chosen === undefined ? (
        <NothingHere title="No organization yet" action={<ToButton to="/organizations">Organizations</ToButton>}>
          Accounts belong to an organization. Add that first.
        </NothingHere>
      ) : (
        <AccountTable organization={chosen} />
      )}
    </Page>
  );
}

function AccountTable({ organization }: { organization: string }) {
  const listing = useListing('accounts.list', { organization });
  return (
    <Listed
      listing={listing}
      what="accounts"
      empty={
        <NothingHere title="No account yet">
          The first appears when somebody signs in, where the connection lets new people in.
        </NothingHere>
      }
    >
      {(accounts) => (
        <Table
          label="Accounts"
          items={accounts}
          keyOf={({ id }) => id}
          columns={[
            {
              title: 'Account',
              cell: ({ id, name, userName }) => (
                <TwoLines
                  first={
                    <ToRow to="/accounts/$organization/$account" params={{ organization, account: id }}>
                      {name ?? userName}
                    </ToRow>
                  }
                  second={userName}
                />
              ),
            },
            {
              title: 'State',
              width: '110px',
              cell: ({ disabled }) => (
                <State tone={disabled ? 'paused' : 'good'}>{disabled ? 'disabled' : 'enabled'}</State>
              ),
            },
            { title: 'E-mail', from: 'medium', cell: ({ email }) => email ?? '–' },
            {
              title: 'Last sign-in',
              width: '150px',
              from: 'narrow',
              cell: ({ lastSignInAt }) => <Ago at={lastSignInAt} />,
            },
          ]}
        />
      )}
    </Listed>
  );
}
