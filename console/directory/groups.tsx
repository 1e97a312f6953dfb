import { getRouteApi } from '@tanstack/react-router';
import { NothingHere } from '../page/nothing-here.tsx';
import { ToRow } from '../page/to.tsx';
import { useListing } from '../server/ask.ts';
import { Filters } from '../table/filters.tsx';
import { Listed } from '../table/listed.tsx';
import { SearchField } from '../table/search-field.tsx';
import { Table } from '../table/table.tsx';
import { Ago } from '../values/time.tsx';

const route = getRouteApi('/directories/$directory/groups');

/** The groups that one connection provisions. */
export function Groups() {
  const { directory } = route.useParams();
  const { displayName } = route.useSearch();
  const navigate = route.useNavigate();
  const listing = useListing('groups.list', { directory, query: { displayName } });
  return (
    <>
      <Filters>
        <SearchField
          label="Name begins with"
          value={displayName}
          onSearch={(next) => void navigate({ search: next === undefined ? {} : { displayName: next }, replace: true })}
        />
      </Filters>
      <Listed
        listing={listing}
        what="groups"
        empty={
          displayName !== undefined ? (
            <NothingHere title="No such group">No group’s name begins like this.</NothingHere>
          ) : (
            <NothingHere title="No group yet">
              Entra provisions the groups that are assigned to the enterprise application. Assigning groups takes a
              Microsoft Entra ID P1 licence.
            </NothingHere>
          )
        }
      >
        {(groups) => (
          <Table
            label="Groups"
            items={groups}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Group',
                cell: ({ id, displayName: name }) => (
                  <ToRow to="/directories/$directory/groups/$group" params={{ directory, group: id }}>
                    {name}
                  </ToRow>
                ),
              },
              { title: 'Members', width: '110px', align: 'end', cell: ({ members }) => members.toLocaleString('en') },
              {
                title: 'Changed',
                width: '170px',
                align: 'end',
                from: 'narrow',
                cell: ({ updatedAt }) => <Ago at={updatedAt} />,
              },
            ]}
          />
        )}
      </Listed>
    </>
  );
}
