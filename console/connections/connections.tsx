import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { getRouteApi } from '@tanstack/react-router';
import { OrganizationSelect, useOrganizationChoice } from '../organizations/organization-choice.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ToButton, ToRow } from '../page/to.tsx';
import { useListing } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';
import { Listed } from '../table/listed.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { DaysLeft } from '../values/days-left.tsx';
import { ConnectionStateMark, featuresOf } from './connection-state.tsx';

const route = getRouteApi('/connections');

/** All connections that one may see, or those of one organization. */
export function Connections() {
  const { organization } = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useOrganizationChoice(undefined);
  const mayCreate = useRight('connections:create');
  const listing = useListing('connections.list', { query: { organization } });

  const add = mayCreate && (
    <ToButton
      to="/add-connection"
      search={organization === undefined ? {} : { organization }}
      appearance="primary"
      icon={<Add20Regular />}
    >
      Add connection
    </ToButton>
  );
  return (
    <Page
      title="Connections"
      lead="Each is the trust between one organization and its Microsoft Entra tenant: sign-in, provisioning, mail."
      actions={
        <>
          <OrganizationSelect
            choice={choice}
            value={organization}
            none="All organizations"
            onChoose={(chosen) => void navigate({ search: chosen === undefined ? {} : { organization: chosen } })}
          />
          {add}
        </>
      }
    >
      <Listed
        listing={listing}
        what="connections"
        empty={
          <NothingHere title="No connection yet" action={add}>
            Adding one takes an id and any one thing you know of the tenant: its id, a domain, or the address of its
            metadata. Portico finds the rest and tells you what to set in Entra.
          </NothingHere>
        }
      >
        {(items) => (
          <Table
            label="Connections"
            items={items}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Connection',
                cell: ({ id, name }) => (
                  <TwoLines
                    first={
                      <ToRow to="/connections/$connection" params={{ connection: id }}>
                        {name}
                      </ToRow>
                    }
                    second={id}
                  />
                ),
              },
              { title: 'State', width: '150px', cell: (connection) => <ConnectionStateMark connection={connection} /> },
              {
                title: 'Organization',
                from: 'medium',
                cell: (connection) => choice.nameOf(connection.organization),
              },
              {
                title: 'Does',
                from: 'narrow',
                cell: (connection) => featuresOf(connection).join(', ') || 'nothing yet',
              },
              {
                title: 'Next to end',
                width: '160px',
                from: 'narrow',
                cell: ({ nextExpiry }) => (nextExpiry === null ? null : <DaysLeft days={nextExpiry.daysLeft} />),
              },
            ]}
          />
        )}
      </Listed>
    </Page>
  );
}
