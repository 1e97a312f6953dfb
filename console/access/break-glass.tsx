import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import type { BreakGlass as BreakGlassShape } from '#contract';
import { FormDialog } from '../page/form-dialog.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { useNow } from '../values/now.ts';
import { ShownOnce } from '../values/shown-once.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';

const year = 365 * 86_400_000;

/** S13: owners for the day when nobody else gets in. */
export function BreakGlass() {
  const listing = useListing('breakGlass.list', {});
  const renew = useAct('breakGlass.renew', ['breakGlass', 'operators']);
  const now = useNow();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ name: string; credential: string }>();
  const add = (
    <GuardedButton right="operators:update" onClick={() => setAdding(true)}>
      Add break-glass operator
    </GuardedButton>
  );
  const isTried = ({ lastUsedAt }: BreakGlassShape): boolean =>
    lastUsedAt !== null && now - Date.parse(lastUsedAt) < year;
  return (
    <Section
      title="Break-glass"
      about="Owners for the day when nobody else gets in. Each signs in at /operator/sign-in by a credential that is good until it is renewed, so that it can be tried once a year. Every use is announced."
      actions={add}
    >
      <Listed
        listing={listing}
        what="break-glass operators"
        empty={
          <NothingHere title="No break-glass operator" action={add}>
            When the last sign-in link is lost, nobody gets in. Add one, print its credential, and lock it away.
          </NothingHere>
        }
      >
        {(operators) => (
          <Table
            label="Break-glass operators"
            items={operators}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Name',
                cell: ({ name, createdAt }) => <TwoLines strong first={name} second={<Ago at={createdAt} />} />,
              },
              {
                title: 'Tried',
                width: '180px',
                cell: (it) => (isTried(it) ? <Ago at={it.lastUsedAt} /> : <State tone="warning">not for a year</State>),
              },
              {
                ...actionsColumn,
                cell: ({ id, name }) => (
                  <RowActions
                    about={name}
                    actions={[
                      {
                        label: 'Renew the credential',
                        right: 'operators:update',
                        question: {
                          title: `Renew the credential of ${name}?`,
                          does: 'Renew',
                          words: 'The one that is locked away opens nothing any more, and its sessions end.',
                          onConfirm: async () => setMade(await renew.mutateAsync({ breakGlass: id })),
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
      {adding && (
        <AddBreakGlass
          onClose={() => setAdding(false)}
          onAdded={(it) => {
            setAdding(false);
            setMade(it);
          }}
        />
      )}
      {made !== undefined && (
        <ShownOnce
          title={`Credential of ${made.name}`}
          values={[{ label: 'Break-glass credential', value: made.credential }]}
          onClose={() => setMade(undefined)}
        >
          Print it and lock it away. It opens the console as an owner for an hour at a time, until it is renewed.
        </ShownOnce>
      )}
    </Section>
  );
}

function AddBreakGlass({
  onClose,
  onAdded,
}: {
  onClose: () => void;
  onAdded: (made: { name: string; credential: string }) => void;
}) {
  const [name, setName] = useState('');
  const create = useAct('breakGlass.create', ['breakGlass', 'operators']);
  const faults = fieldFaults(create.error);
  const submit = async (): Promise<void> => onAdded(await create.mutateAsync({ body: { name } }));
  return (
    <FormDialog
      open
      title="Add a break-glass operator"
      does="Add"
      busy={create.isPending}
      problem={create.error}
      fields={['name']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field
        label="Name"
        required
        hint="Where its credential will be kept, such as: Safe, Berlin"
        validationMessage={faults['name'] ?? null}
      >
        <Input value={name} maxLength={50} onChange={(_, { value }) => setName(value)} />
      </Field>
    </FormDialog>
  );
}
