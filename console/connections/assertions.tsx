import { Field, Input } from '@fluentui/react-components';
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
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Ago } from '../values/time.tsx';

/** P2: the assertions that Entra signs and a directory trusts: no secret, nothing that ends. */
export function Assertions({ directory }: { directory: string }) {
  const listing = useListing('assertions.list', { directory });
  const remove = useAct('assertions.delete', ['assertions', 'connections']);
  const told = useTold();
  const [trusting, setTrusting] = useState(false);
  return (
    <Section
      title="Workload identity federation"
      about="Entra signs an assertion for a workload identity and gets access tokens for it at the token endpoint. There is no secret, and nothing ends."
      actions={
        <GuardedButton icon={<Add20Regular />} right="tokens:issue" onClick={() => setTrusting(true)}>
          Trust a workload identity
        </GuardedButton>
      }
    >
      <Listed
        listing={listing}
        what="trusted assertions"
        empty={
          <NothingHere title="None is trusted yet">
            It is needed only where Entra is to sign in without a secret.
          </NothingHere>
        }
      >
        {(items) => (
          <Table
            label="Trusted assertions"
            items={items}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Subject',
                cell: ({ name, subject }) => <TwoLines strong first={name} second={subject} />,
              },
              {
                title: 'Issuer and audience',
                from: 'narrow',
                cell: ({ issuer, audience }) => <TwoLines first={issuer} second={audience} />,
              },
              {
                title: 'Last used',
                width: '150px',
                cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} never="not yet" />,
              },
              {
                ...actionsColumn,
                cell: ({ id, name }) => (
                  <RowActions
                    about={name}
                    actions={[
                      {
                        label: 'Trust no more',
                        right: 'tokens:issue',
                        question: {
                          title: `Trust ${name} no more?`,
                          does: 'Trust no more',
                          words: 'Its assertions give no access token any more, and those that they gave end now.',
                          onConfirm: async () => {
                            await remove.mutateAsync({ directory, assertion: id });
                            told(`${name} is trusted no more`);
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
      {trusting && <TrustAssertions directory={directory} onClose={() => setTrusting(false)} />}
    </Section>
  );
}

function TrustAssertions({ directory, onClose }: { directory: string; onClose: () => void }) {
  const [name, setName] = useState('Microsoft Entra');
  const [subject, setSubject] = useState('');
  const [audience, setAudience] = useState('');
  const [tenantId, setTenantId] = useState('');
  const create = useAct('assertions.create', ['assertions', 'connections']);
  const faults = fieldFaults(create.error);
  const submit = async (): Promise<void> => {
    const optional = { ...(audience === '' ? {} : { audience }), ...(tenantId === '' ? {} : { tenantId }) };
    await create.mutateAsync({ directory, body: { name, subject, ...optional } });
    onClose();
  };
  return (
    <FormDialog
      open
      title="Trust a workload identity"
      does="Trust"
      busy={create.isPending}
      problem={create.error}
      fields={['name', 'subject', 'audience', 'tenantId']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field label="Name" required hint="To tell it from the others" validationMessage={faults['name'] ?? null}>
        <Input value={name} maxLength={50} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field
        label="Subject (sub)"
        required
        hint="As Entra shows it beside Select Workload Identity"
        validationMessage={faults['subject'] ?? null}
      >
        <Input value={subject} onChange={(_, data) => setSubject(data.value)} />
      </Field>
      <Field
        label="Audience (aud)"
        hint="As Entra shows it; empty: api:// and the application id of this connection"
        validationMessage={faults['audience'] ?? null}
      >
        <Input value={audience} onChange={(_, data) => setAudience(data.value)} />
      </Field>
      <Field
        label="Tenant id of the issuer"
        hint="Empty: the tenant of this connection"
        validationMessage={faults['tenantId'] ?? null}
      >
        <Input value={tenantId} onChange={(_, data) => setTenantId(data.value)} />
      </Field>
    </FormDialog>
  );
}
