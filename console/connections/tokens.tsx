import { Field, Input, Select } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { useState } from 'react';
import { FormDialog } from '../page/form-dialog.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { DaysLeft } from '../values/days-left.tsx';
import { lasting, lastingWords } from '../values/lasting.ts';
import { ShownOnce } from '../values/shown-once.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';

interface TokensProps {
  directory: string;
  tenantUrl: string;
}

/** The SCIM tokens of a directory. Several are valid at once, so that one can be replaced without a gap. */
export function Tokens({ directory, tenantUrl }: TokensProps) {
  const listing = useListing('tokens.list', { directory });
  const revoke = useAct('tokens.revoke', ['tokens', 'connections']);
  const told = useTold();
  const [issuing, setIssuing] = useState(false);
  const [value, setValue] = useState<string>();
  const issue = (
    <GuardedButton icon={<Add20Regular />} right="tokens:issue" onClick={() => setIssuing(true)}>
      Issue a token
    </GuardedButton>
  );
  return (
    <Section
      title="Secret Tokens"
      about="Several are valid at once: issue the next one, enter it in Entra, see that it is used, then revoke the old one."
      actions={issue}
    >
      <Listed
        listing={listing}
        what="tokens"
        empty={<NothingHere title="No token yet">Entra’s provisioning cannot call before it has one.</NothingHere>}
      >
        {(items) => (
          <Table
            label="Secret Tokens"
            items={items}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Name',
                cell: ({ name, createdAt }) => (
                  <TwoLines
                    strong
                    first={name}
                    second={
                      <>
                        issued <Ago at={createdAt} />
                      </>
                    }
                  />
                ),
              },
              {
                title: 'Ends',
                width: '160px',
                cell: ({ daysLeft, revokedAt }) =>
                  revokedAt === null ? <DaysLeft days={daysLeft} /> : <State tone="paused">revoked</State>,
              },
              {
                title: 'Last used',
                width: '150px',
                from: 'narrow',
                cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} never="not yet" />,
              },
              {
                title: 'Actions',
                quiet: true,
                width: '48px',
                align: 'end',
                cell: ({ id, name, revokedAt }) =>
                  revokedAt === null && (
                    <RowActions
                      about={name}
                      actions={[
                        {
                          label: 'Revoke',
                          right: 'tokens:issue',
                          question: {
                            title: `Revoke ${name}?`,
                            does: 'Revoke',
                            words: 'Whoever still calls with it is refused from now on.',
                            onConfirm: async () => {
                              await revoke.mutateAsync({ directory, token: id });
                              told(`${name} was revoked`);
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
      {issuing && (
        <IssueToken
          directory={directory}
          onClose={() => setIssuing(false)}
          onIssued={(issued) => {
            setIssuing(false);
            setValue(issued);
          }}
        />
      )}
      {value !== undefined && (
        <ShownOnce
          title="The token, this once"
          values={[
            { label: 'Tenant URL', value: tenantUrl },
            { label: 'Secret Token', value },
          ]}
          onClose={() => setValue(undefined)}
        >
          Enter both in Entra, under Provisioning, Admin credentials, and press Test Connection there. Portico keeps
          only a hash and cannot show the token again.
        </ShownOnce>
      )}
    </Section>
  );
}

interface IssueTokenProps {
  directory: string;
  onClose: () => void;
  onIssued: (value: string) => void;
}

function IssueToken({ directory, onClose, onIssued }: IssueTokenProps) {
  const [name, setName] = useState('Secret Token');
  const [days, setDays] = useState('365');
  const create = useAct('tokens.create', ['tokens', 'connections']);
  const faults = fieldFaults(create.error);
  const submit = async (): Promise<void> => {
    const made = await create.mutateAsync({ directory, body: { name, expiresAt: lasting(days) } });
    onIssued(made.value);
  };
  return (
    <FormDialog
      open
      title="Issue a Secret Token"
      does="Issue"
      busy={create.isPending}
      problem={create.error}
      fields={['name', 'expiresAt']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field label="Name" required hint="To tell it from the others" validationMessage={faults['name'] ?? null}>
        <Input value={name} maxLength={50} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field label="Valid for" validationMessage={faults['expiresAt'] ?? null}>
        <Select value={days} onChange={(_, data) => setDays(data.value)}>
          {lastingWords.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  );
}
