import { Select } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useOrganizationChoice } from '../organizations/organization-choice.tsx';
import { OrganizationPage } from '../organizations/organization-page.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { ToRow } from '../page/to.tsx';
import { useListing } from '../server/ask.ts';
import { Filters } from '../table/filters.tsx';
import { Listed } from '../table/listed.tsx';
import { SearchField } from '../table/search-field.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';
import { AccountTabs } from './account-tabs.tsx';
import { AddAccount } from './add-account.tsx';

const route = getRouteApi('/accounts');

/** The people of one organization who can sign in. */
export function Accounts() {
  const { organization } = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useOrganizationChoice(organization);
  const [adding, setAdding] = useState(false);
  const { chosen, listing } = choice;
  const known = listing.items?.find(({ id }) => id === chosen);
  return (
    <OrganizationPage
      title="Accounts"
      lead="People who can sign in. An account is found by its link to a person of a tenant, never by e-mail."
      what="accounts"
      choice={choice}
      tabs={<AccountTabs organization={chosen} />}
      onChoose={(next) => void navigate({ search: next === undefined ? {} : { organization: next } })}
      actions={
        chosen !== undefined && (
          <GuardedButton
            appearance="primary"
            icon={<Add20Regular />}
            right="accounts:create"
            unable={
              known?.localSignIn === false
                ? 'Passwords and passkeys are off here; the organization switches them on. People with another provider get an account by signing in.'
                : undefined
            }
            onClick={() => setAdding(true)}
          >
            Add account
          </GuardedButton>
        )
      }
    >
      {(shown) => (
        <>
          <AccountList organization={shown} />
          {adding && <AddAccount organization={shown} onClose={() => setAdding(false)} />}
        </>
      )}
    </OrganizationPage>
  );
}

function AccountList({ organization }: { organization: string }) {
  const { search, state } = route.useSearch();
  const navigate = route.useNavigate();
  const listing = useListing('accounts.list', { organization, query: { search, state } });
  return (
    <>
      <Filters>
        <SearchField
          key={organization}
          label="User name, name or e-mail begins with"
          value={search}
          onSearch={(next) =>
            void navigate({
              search: ({ search: _before, ...rest }) => (next === undefined ? rest : { ...rest, search: next }),
              replace: true,
            })
          }
        />
        <Select
          aria-label="State"
          value={state ?? ''}
          onChange={(_, { value }) =>
            void navigate({
              search: ({ state: _before, ...rest }) =>
                value === 'enabled' || value === 'disabled' ? { ...rest, state: value } : rest,
            })
          }
        >
          <option value="">Enabled and disabled</option>
          <option value="enabled">Enabled</option>
          <option value="disabled">Disabled</option>
        </Select>
      </Filters>
      <Listed
        listing={listing}
        what="accounts"
        empty={
          search !== undefined || state !== undefined ? (
            <NothingHere title="No such account">
              No user name, name or e-mail address begins like this, in this state.
            </NothingHere>
          ) : (
            <NothingHere title="No account yet">
              The first appears when somebody signs in, where the connection lets new people in.
            </NothingHere>
          )
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
              { title: 'Role', width: '130px', from: 'medium', cell: ({ role }) => role ?? '–' },
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
    </>
  );
}
