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
import { lasting } from '../values/lasting.ts';
import { ShownOnce } from '../values/shown-once.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';

/** P2: the client secrets by which Entra gets access tokens. Several are valid at once. */
export function ClientSecrets({ directory, tenantUrl }: { directory: string; tenantUrl: string }) {
  const listing = useListing('clientSecrets.list', { directory });
  const revoke = useAct('clientSecrets.revoke', ['clientSecrets', 'connections']);
  const told = useTold();
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<Made>();
  return (
    <Section
      title="OAuth client credentials"
      about="Entra gets access tokens of some hours for them, at the token endpoint. Several are valid at once; who revokes one ends its access tokens too."
      actions={
        <GuardedButton icon={<Add20Regular />} right="tokens:issue" onClick={() => setCreating(true)}>
          Create a client secret
        </GuardedButton>
      }
    >
      <Listed
        listing={listing}
        what="client secrets"
        empty={<NothingHere title="No client secret yet">It is needed only where Entra is to use OAuth.</NothingHere>}
      >
        {(items) => (
          <Table
            label="Client secrets"
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
                        created <Ago at={createdAt} />
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
                            words: 'It gives no access token any more, and those that it gave end now.',
                            onConfirm: async () => {
                              await revoke.mutateAsync({ directory, clientSecret: id });
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
      {creating && (
        <CreateClientSecret
          directory={directory}
          onClose={() => setCreating(false)}
          onMade={(value) => {
            setCreating(false);
            setMade(value);
          }}
        />
      )}
      {made !== undefined && (
        <ShownOnce
          title="The client secret, this once"
          values={[
            { label: 'Tenant URL', value: tenantUrl },
            { label: 'Token endpoint', value: made.tokenEndpoint },
            { label: 'Client identifier', value: made.clientId },
            { label: 'Client secret', value: made.value },
          ]}
          onClose={() => setMade(undefined)}
        >
          Enter all four in Entra, under Provisioning, with the authentication method OAuth 2.0 client credentials.
          Portico keeps only a hash and cannot show the secret again.
        </ShownOnce>
      )}
    </Section>
  );
}

interface Made {
  value: string;
  clientId: string;
  tokenEndpoint: string;
}

interface CreateClientSecretProps {
  directory: string;
  onClose: () => void;
  onMade: (made: Made) => void;
}

function CreateClientSecret({ directory, onClose, onMade }: CreateClientSecretProps) {
  const [name, setName] = useState('Client secret');
  const [days, setDays] = useState('730');
  const create = useAct('clientSecrets.create', ['clientSecrets', 'connections']);
  const faults = fieldFaults(create.error);
  const submit = async (): Promise<void> =>
    onMade(await create.mutateAsync({ directory, body: { name, expiresAt: lasting(days) } }));
  return (
    <FormDialog
      open
      title="Create a client secret"
      does="Create"
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
          <option value="365">one year</option>
          <option value="730">two years</option>
          <option value="1095">three years</option>
        </Select>
      </Field>
    </FormDialog>
  );
}
