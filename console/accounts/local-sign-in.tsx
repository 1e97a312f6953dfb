import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Asked } from '../page/asked.tsx';
import { Confirm } from '../page/confirm.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { ask, useListing } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { ShownOnce } from '../values/shown-once.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';

type Of = { organization: string; account: string };

/** What an account signs in by without another provider; nothing for one that signs in elsewhere only. */
export function LocalSignIn(of: Of) {
  const query = useQuery(ask('accounts.localSignIn', of));
  if (query.data?.signInName === null) return null;
  return (
    <Section
      title="Password and passkeys"
      about="For people without another provider. The person sets them by a link that works once, and changes them on the page of the account."
      actions={<NewLink {...of} />}
    >
      <Asked query={query} what="how the account signs in" rows={3}>
        {({ signInName, passwordSetAt, lock }) => (
          <>
            <Facts>
              <Fact name="Signs in as">{signInName}</Fact>
              <Fact name="Password">
                {passwordSetAt === null ? (
                  'none'
                ) : (
                  <>
                    set <Ago at={passwordSetAt} /> <RemovePassword {...of} />
                  </>
                )}
              </Fact>
              <Fact name="Lock">
                {lock === null ? (
                  'not locked'
                ) : (
                  <>
                    <State tone="warning">locked</State> after {lock.attempts} wrong passwords, until{' '}
                    <Ago at={lock.until} />; not in browsers that the person used before. <Unlock {...of} />
                  </>
                )}
              </Fact>
            </Facts>
            <Passkeys {...of} />
          </>
        )}
      </Asked>
    </Section>
  );
}

function NewLink(of: Of) {
  const reset = useAct('accounts.reset', ['accounts']);
  const [link, setLink] = useState<{ url: string; expiresAt: string }>();
  return (
    <>
      <Confirm
        label="Make a link"
        fullLabel="Make a link to set a password or a passkey"
        right="accounts:reset"
        title="Make a link to set a password or a passkey?"
        does="Make it"
        onConfirm={async () => setLink(await reset.mutateAsync(of))}
      >
        Links that were made before and not used are worth nothing any more.
      </Confirm>
      {link !== undefined && (
        <ShownOnce
          title="Link to set a password or a passkey"
          values={[{ label: 'Link', value: link.url }]}
          onClose={() => setLink(undefined)}
        >
          It works once, until <Ago at={link.expiresAt} />. Hand it over by a way that only this person reads.
        </ShownOnce>
      )}
    </>
  );
}

function Unlock(of: Of) {
  const unlock = useAct('accounts.unlock', ['accounts']);
  return (
    <GuardedButton right="accounts:unlock" size="small" busy={unlock.isPending} onClick={() => unlock.mutate(of)}>
      Unlock
    </GuardedButton>
  );
}

function RemovePassword(of: Of) {
  const remove = useAct('accounts.removePassword', ['accounts', 'sessions']);
  return (
    <Confirm
      label="Remove"
      fullLabel="Remove the password"
      size="small"
      right="accounts:reset"
      title="Remove the password?"
      does="Remove"
      onConfirm={() => remove.mutateAsync(of)}
    >
      All sessions of the account end. The person gets in by a passkey, or by a new link.
    </Confirm>
  );
}

function Passkeys(of: Of) {
  const listing = useListing('passkeys.list', of);
  const remove = useAct('passkeys.delete', ['passkeys', 'sessions']);
  const told = useTold();
  return (
    <Listed
      listing={listing}
      what="passkeys"
      empty={<NothingHere title="No passkey">A passkey is made by a link, or on the page of the account.</NothingHere>}
    >
      {(passkeys) => (
        <Table
          label="Passkeys"
          items={passkeys}
          keyOf={({ id }) => id}
          columns={[
            {
              title: 'Passkey',
              cell: ({ name, backedUp }) => (
                <TwoLines first={name} second={backedUp ? 'on several devices' : 'on one device'} />
              ),
            },
            { title: 'Last used', width: '140px', cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} /> },
            {
              ...actionsColumn,
              cell: ({ id, name }) => (
                <RowActions
                  about={name}
                  actions={[
                    {
                      label: 'Remove',
                      right: 'accounts:reset',
                      question: {
                        title: `Remove ${name}?`,
                        does: 'Remove',
                        words: 'All sessions of the account end, and nobody signs in by it any more.',
                        onConfirm: async () => {
                          await remove.mutateAsync({ ...of, passkey: id });
                          told(`${name} was removed`);
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
  );
}
