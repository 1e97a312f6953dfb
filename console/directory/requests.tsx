import { makeStyles, tokens } from '@fluentui/react-components';
import { getRouteApi } from '@tanstack/react-router';
import { NothingHere } from '../page/nothing-here.tsx';
import { ToRow } from '../page/to.tsx';
import { useListing } from '../server/ask.ts';
import { Listed } from '../table/listed.tsx';
import { Table } from '../table/table.tsx';
import { Ago } from '../values/time.tsx';
import { RequestFilters } from './request-filters.tsx';
import { StatusMark } from './status-mark.tsx';

const route = getRouteApi('/directories/$directory/requests');

const useStyles = makeStyles({
  first: { display: 'flex', flexDirection: 'column', minWidth: 0 },
  request: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '12px',
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground3,
  },
});

/** P8: what Entra's provisioning asked, and what came of it. */
export function Requests() {
  const styles = useStyles();
  const { directory } = route.useParams();
  const { status, ...search } = route.useSearch();
  const query = { ...search, ...(status === undefined ? {} : { status: Number(status) }) };
  const listing = useListing('requests.list', { directory, query }, { refetchInterval: 15_000 });
  const narrowed = Object.keys(query).length > 0;
  return (
    <>
      <RequestFilters />
      <Listed
        listing={listing}
        what="requests"
        empty={
          narrowed ? (
            <NothingHere title="No such request">
              Nothing of this kind was recorded. What Entra never asked about is not in its scope, or not assigned: see
              Provisioning &gt; Settings &gt; Scope there, or ask for one person with Provision on demand.
            </NothingHere>
          ) : (
            <NothingHere title="No request recorded">
              Each request of Entra’s provisioning is recorded here.
            </NothingHere>
          )
        }
      >
        {(requests) => (
          <Table
            label="Provisioning requests"
            items={requests}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Request',
                cell: ({ id, method, path, outcome: said }) => (
                  <span className={styles.first}>
                    <ToRow to="/directories/$directory/requests/$request" params={{ directory, request: id }}>
                      {said}
                    </ToRow>
                    <span className={styles.request}>
                      {method} {readable(path)}
                    </span>
                  </span>
                ),
              },
              { title: 'Status', width: '80px', cell: ({ status }) => <StatusMark status={status} /> },
              {
                title: 'Took',
                width: '90px',
                align: 'end',
                from: 'medium',
                cell: ({ ms }) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
              },
              { title: 'When', width: '150px', align: 'end', from: 'narrow', cell: ({ at }) => <Ago at={at} /> },
            ]}
          />
        )}
      </Listed>
    </>
  );
}

/** A path as people read it: a filter without its percent signs. */
function readable(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    return path;
  }
}
