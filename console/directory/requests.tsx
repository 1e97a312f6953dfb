import { makeStyles, Select, tokens } from '@fluentui/react-components';
import { getRouteApi } from '@tanstack/react-router';
import { NothingHere } from '../page/nothing-here.tsx';
import { To, ToRow } from '../page/to.tsx';
import { useListing } from '../server/ask.ts';
import { Filters } from '../table/filters.tsx';
import { Listed } from '../table/listed.tsx';
import { Table } from '../table/table.tsx';
import { Ago } from '../values/time.tsx';
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
  const { outcome, resource } = route.useSearch();
  const navigate = route.useNavigate();
  const listing = useListing('requests.list', { directory, query: { outcome, resource } }, { refetchInterval: 15_000 });
  return (
    <>
      <Filters>
        <Select
          aria-label="Outcome"
          value={outcome ?? ''}
          onChange={(_, { value }) =>
            void navigate({
              search: ({ outcome: _before, ...rest }) =>
                value === 'changed' || value === 'refused' ? { ...rest, outcome: value } : rest,
            })
          }
        >
          <option value="">All requests</option>
          <option value="changed">That changed something</option>
          <option value="refused">That were refused</option>
        </Select>
        {resource !== undefined && (
          <span>
            Only about <code>{resource}</code>{' '}
            <To
              to="/directories/$directory/requests"
              params={{ directory }}
              search={outcome === undefined ? {} : { outcome }}
            >
              Show all
            </To>
          </span>
        )}
      </Filters>
      <Listed
        listing={listing}
        what="requests"
        empty={
          <NothingHere title={outcome === 'refused' ? 'No request was refused' : 'No request recorded'}>
            {outcome === 'refused'
              ? 'All that was asked was done.'
              : 'Each request of Entra’s provisioning is recorded here.'}
          </NothingHere>
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
