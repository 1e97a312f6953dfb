import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { useState } from 'react';
import type { Mailbox } from '#contract';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Section } from '../page/section.tsx';
import { To } from '../page/to.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { ifVersion } from '../server/call.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';
import { MailboxDialog } from './mailbox-dialog.tsx';
import { useConnection } from './use-connection.ts';

/** E4: the mailboxes that messages are sent from and taken in from. */
export function Mailboxes() {
  const { id } = useConnection();
  const listing = useListing('mailboxes.list', { connection: id }, { refetchInterval: 30_000 });
  const remove = useAct('mailboxes.delete', ['mailboxes']);
  const told = useTold();
  const [shown, setShown] = useState<'add' | Mailbox>();
  return (
    <Section
      title="Mailboxes"
      about="Messages are sent from these and, where receiving is on, taken in from them, each exactly once."
      actions={
        <GuardedButton icon={<Add20Regular />} right="mailboxes:update" onClick={() => setShown('add')}>
          Add a mailbox
        </GuardedButton>
      }
    >
      <Listed
        listing={listing}
        what="mailboxes"
        empty={<NothingHere title="No mailbox yet">Add the address of a mailbox that this tenant has.</NothingHere>}
      >
        {(items) => (
          <Table
            label="Mailboxes"
            items={items}
            keyOf={(mailbox) => mailbox.id}
            columns={[
              {
                title: 'Mailbox',
                cell: ({ address, name }) => (
                  <TwoLines strong first={address} second={name === address ? null : name} />
                ),
              },
              {
                title: 'Receiving',
                cell: ({ receive, fault, lastPolledAt }) => (
                  <Receiving receive={receive} fault={fault} polledAt={lastPolledAt} />
                ),
              },
              { title: 'Types', from: 'medium', width: '160px', cell: ({ types }) => types.join(', ') || '–' },
              {
                ...actionsColumn,
                cell: (mailbox) => (
                  <RowActions
                    about={mailbox.address}
                    actions={[
                      { label: 'Change', right: 'mailboxes:update', onSelect: () => setShown(mailbox) },
                      {
                        label: 'Remove',
                        right: 'mailboxes:update',
                        question: {
                          title: `Remove ${mailbox.address}?`,
                          does: 'Remove',
                          words: 'Nothing more is sent from it or taken in. Its messages stay.',
                          onConfirm: async () => {
                            await remove.mutateAsync({
                              connection: id,
                              mailbox: mailbox.id,
                              ifMatch: ifVersion(mailbox.version),
                            });
                            told(`${mailbox.address} was removed`);
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
      <p>
        <To to="/messages" search={{ connection: id }}>
          Messages of this connection
        </To>
      </p>
      {shown !== undefined && (
        <MailboxDialog
          connection={id}
          {...(shown === 'add' ? {} : { mailbox: shown })}
          onClose={() => setShown(undefined)}
        />
      )}
    </Section>
  );
}

function Receiving({ receive, fault, polledAt }: { receive: boolean; fault: string | null; polledAt: string | null }) {
  if (!receive) return <State tone="paused">off</State>;
  const looked =
    polledAt === null ? (
      'not looked yet'
    ) : (
      <>
        looked <Ago at={polledAt} />
      </>
    );
  if (fault !== null) return <TwoLines first={<State tone="bad">failed</State>} second={fault} />;
  return <TwoLines first={<State tone={polledAt === null ? 'waiting' : 'good'}>on</State>} second={looked} />;
}
