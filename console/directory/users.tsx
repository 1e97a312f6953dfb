import { Select } from '@fluentui/react-components';
import { getRouteApi } from '@tanstack/react-router';
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

const route = getRouteApi('/directories/$directory/users');

/** The users that one connection provisions. */
export function Users() {
  const { directory } = route.useParams();
  const { userName, active } = route.useSearch();
  const navigate = route.useNavigate();
  const listing = useListing('users.list', { directory, query: { userName, active } });
  const narrowed = userName !== undefined || active !== undefined;
  return (
    <>
      <Filters>
        <SearchField
          label="User name begins with"
          value={userName}
          onSearch={(next) =>
            void navigate({
              search: ({ userName: _before, ...rest }) => (next === undefined ? rest : { ...rest, userName: next }),
              replace: true,
            })
          }
        />
        <Select
          aria-label="State"
          value={active ?? ''}
          onChange={(_, { value }) =>
            void navigate({
              search: ({ active: _before, ...rest }) =>
                value === 'true' || value === 'false' ? { ...rest, active: value } : rest,
            })
          }
        >
          <option value="">Active and inactive</option>
          <option value="true">Active</option>
          <option value="false">Inactive</option>
        </Select>
      </Filters>
      <Listed
        listing={listing}
        what="users"
        empty={
          narrowed ? (
            <NothingHere title="No such user">No user’s name begins like this, in this state.</NothingHere>
          ) : (
            <NothingHere title="No user yet">Users appear with Entra’s first provisioning cycle.</NothingHere>
          )
        }
      >
        {(users) => (
          <Table
            label="Users"
            items={users}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'User',
                cell: ({ id, displayName, userName: name }) => (
                  <TwoLines
                    first={
                      <ToRow to="/directories/$directory/users/$user" params={{ directory, user: id }}>
                        {displayName ?? name}
                      </ToRow>
                    }
                    second={name}
                  />
                ),
              },
              {
                title: 'State',
                width: '110px',
                cell: (user) => (
                  <State tone={user.active ? 'good' : 'paused'}>
                    {user.softDeleted ? 'deleted in Entra' : user.active ? 'active' : 'inactive'}
                  </State>
                ),
              },
              { title: 'E-mail', from: 'medium', cell: ({ email }) => email ?? '–' },
              { title: 'Changed', width: '150px', from: 'narrow', cell: ({ updatedAt }) => <Ago at={updatedAt} /> },
            ]}
          />
        )}
      </Listed>
    </>
  );
}
