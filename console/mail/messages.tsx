import { Select } from '@fluentui/react-components';
import { Send20Regular } from '@fluentui/react-icons/svg/send';
import { getRouteApi } from '@tanstack/react-router';
import type { Connection } from '#contract';
import { ConnectionSelect, useConnectionChoice } from '../connections/connection-choice.tsx';
import { Loading } from '../page/loading.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { ToButton, ToRow } from '../page/to.tsx';
import { useListing } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';
import { Filters } from '../table/filters.tsx';
import { Listed } from '../table/listed.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Ago } from '../values/time.tsx';
import { MessageState } from './message-state.tsx';
import { listedStates } from './routes.ts';

const route = getRouteApi('/messages');

/** Whether mail goes out or comes in by a connection. */
export const hasMail = ({ live, draft }: Connection): boolean => {
  const settings = live ?? draft;
  return settings !== null && (settings.mailOut || settings.mailIn);
};

/** The messages of one connection, out and in. */
export function Messages() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useConnectionChoice(search.connection, hasMail);
  const maySend = useRight('mail:send');
  const { chosen, listing } = choice;

  return (
    <Page
      title="Messages"
      lead="What goes out and what comes in, each with every attempt that was made."
      actions={
        chosen !== undefined &&
        maySend && (
          <ToButton to="/messages/send" search={{ connection: chosen }} appearance="primary" icon={<Send20Regular />}>
            Send a message
          </ToButton>
        )
      }
    >
      {chosen !== undefined && (
        <Filters>
          <ConnectionSelect
            choice={choice}
            onChoose={(connection) => void navigate({ search: (before) => ({ ...before, connection }) })}
          />
          <Select
            aria-label="Direction"
            value={search.direction ?? ''}
            onChange={(_, { value }) =>
              void navigate({
                search: ({ direction: _before, ...rest }) =>
                  value === 'in' || value === 'out' ? { ...rest, direction: value } : rest,
              })
            }
          >
            <option value="">Out and in</option>
            <option value="out">Out</option>
            <option value="in">In</option>
          </Select>
          <Select
            aria-label="State"
            value={search.state ?? ''}
            onChange={(_, { value }) => {
              const state = listedStates.find((candidate) => candidate === value);
              void navigate({
                search: ({ state: _before, ...rest }) => (state === undefined ? rest : { ...rest, state }),
              });
            }}
          >
            <option value="">All states</option>
            {listedStates.map((state) => (
              <option key={state} value={state}>
                {state}
              </option>
            ))}
          </Select>
        </Filters>
      )}
      {listing.problem !== null ? (
        <ProblemNotice problem={listing.problem} onRetry={listing.retry} />
      ) : listing.items === undefined ? (
        <Loading what="messages" rows={6} />
      ) : chosen === undefined ? (
        <NothingHere title="No connection moves mail yet" action={<ToButton to="/connections">Connections</ToButton>}>
          Switch on mail out or mail in for one of them, and give it a mailbox.
        </NothingHere>
      ) : (
        <MessageTable connection={chosen} direction={search.direction} state={search.state} />
      )}
    </Page>
  );
}

interface MessageTableProps {
  connection: string;
  direction: 'in' | 'out' | undefined;
  state: (typeof listedStates)[number] | undefined;
}

function MessageTable({ connection, direction, state }: MessageTableProps) {
  const listing = useListing('messages.list', { connection, query: { direction, state } }, { refetchInterval: 15_000 });
  const narrowed = direction !== undefined || state !== undefined;
  return (
    <Listed
      listing={listing}
      what="messages"
      empty={
        narrowed ? (
          <NothingHere title="No such message">None has this direction and state.</NothingHere>
        ) : (
          <NothingHere title="No message yet">Messages that are sent or taken in appear here.</NothingHere>
        )
      }
    >
      {(messages) => (
        <Table
          label="Messages"
          items={messages}
          keyOf={({ id }) => id}
          columns={[
            {
              title: 'Message',
              cell: (message) => (
                <TwoLines
                  first={
                    <ToRow to="/messages/$connection/$message" params={{ connection, message: message.id }}>
                      {message.subject === '' ? '(no subject)' : message.subject}
                    </ToRow>
                  }
                  second={message.direction === 'out' ? `to ${message.to.join(', ')}` : `from ${message.from}`}
                />
              ),
            },
            { title: 'State', width: '120px', cell: (message) => <MessageState state={message.state} /> },
            { title: 'Attempts', width: '80px', align: 'end', from: 'medium', cell: ({ attempts }) => attempts },
            { title: 'When', width: '150px', align: 'end', from: 'narrow', cell: ({ at }) => <Ago at={at} /> },
          ]}
        />
      )}
    </Listed>
  );
}
