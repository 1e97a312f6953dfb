import { getRouteApi } from '@tanstack/react-router';
import type { Cycle } from '#contract';
import { NothingHere } from '../page/nothing-here.tsx';
import { ToRow } from '../page/to.tsx';
import { useListing } from '../server/ask.ts';
import { Listed } from '../table/listed.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';
import { lengthWords } from '../values/time-words.ts';
import { cycleKindWords, cycleWords } from './cycle-words.ts';

const route = getRouteApi('/directories/$directory/cycles');

/** P10: what Entra's provisioning did, cycle by cycle. */
export function Cycles() {
  const { directory } = route.useParams();
  const listing = useListing('cycles.list', { directory }, { refetchInterval: 15_000 });
  return (
    <Listed
      listing={listing}
      what="cycles"
      empty={
        <NothingHere title="No cycle yet">
          Each time Entra’s provisioning calls, about every 40 minutes while something changes, becomes a line here.
        </NothingHere>
      }
    >
      {(cycles) => (
        <Table
          label="Provisioning cycles"
          items={cycles}
          keyOf={({ id }) => id}
          columns={[
            {
              title: 'Cycle',
              cell: (cycle) => (
                <TwoLines
                  first={
                    <ToRow to="/directories/$directory/requests" params={{ directory }} search={spanOf(cycle)}>
                      {cycleWords(cycle)}
                    </ToRow>
                  }
                  second={`${cycleKindWords[cycle.kind]}, ${cycle.requests.toLocaleString('en')} ${cycle.requests === 1 ? 'request' : 'requests'} in ${lengthOf(cycle)}`}
                />
              ),
            },
            {
              title: 'Failed',
              width: '110px',
              align: 'end',
              cell: ({ failed, referencesFailed }) => {
                const all = failed + referencesFailed;
                return all === 0 ? '–' : <State tone="warning">{all.toLocaleString('en')}</State>;
              },
            },
            {
              title: 'Looked up',
              width: '100px',
              align: 'end',
              from: 'medium',
              cell: ({ lookups }) => lookups.toLocaleString('en'),
            },
            {
              title: 'Began',
              width: '150px',
              align: 'end',
              from: 'narrow',
              cell: ({ startedAt, endedAt }) =>
                endedAt === null ? (
                  <State tone="waiting">
                    <Ago at={startedAt} />
                  </State>
                ) : (
                  <Ago at={startedAt} />
                ),
            },
          ]}
        />
      )}
    </Listed>
  );
}

/** The requests of a cycle, from its first to its last. */
const spanOf = ({ startedAt, lastAt }: Cycle): { from: string; to: string } => ({
  from: startedAt,
  to: new Date(Date.parse(lastAt) + 1).toISOString(),
});

const lengthOf = ({ startedAt, lastAt }: Cycle): string => {
  const ms = Date.parse(lastAt) - Date.parse(startedAt);
  return ms < 1000 ? 'a moment' : lengthWords(ms);
};
