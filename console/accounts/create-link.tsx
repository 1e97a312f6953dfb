import { Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';

interface CreateLinkProps {
  organization: string;
  account: string;
  onClose: () => void;
}

/** S4: links an account to a person of a tenant, or of another provider. */
export function CreateLink({ organization, account, onClose }: CreateLinkProps) {
  const connections = useListing('connections.list', { query: { organization, limit: 100 } }).items ?? [];
  const [entered, setConnection] = useState<string>();
  const [tenantId, setTenantId] = useState('');
  const [objectId, setObjectId] = useState('');
  const create = useAct('links.create', ['links', 'accounts']);
  const told = useTold();
  const faults = fieldFaults(create.error);
  const chosen = connections.find(({ id }) => id === entered) ?? connections[0];
  const settings = chosen?.live ?? chosen?.draft;
  const isEntra = settings?.provider === 'entra';
  const hasSeveral = isEntra && settings.accountType !== 'oneTenant';
  const submit = async (): Promise<void> => {
    const tenant = hasSeveral && tenantId.trim() !== '' ? tenantId.trim() : null;
    const body = { connection: chosen?.id ?? '', tenantId: tenant, objectId };
    await create.mutateAsync({ organization, account, body });
    told('The link was added');
    onClose();
  };
  return (
    <FormDialog
      open
      title="Add a link"
      does="Add"
      busy={create.isPending}
      problem={create.error}
      fields={['connection', 'tenantId', 'objectId']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <p>Whoever signs in as that person is this account from then on. Names and addresses are not compared.</p>
      <Field label="Connection" required validationMessage={faults['connection'] ?? null}>
        <Select value={chosen?.id ?? ''} onChange={(_, { value }) => setConnection(value)}>
          {connections.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      {hasSeveral && (
        <Field label="Tenant id" hint="Where the person comes from." validationMessage={faults['tenantId'] ?? null}>
          <Input value={tenantId} maxLength={36} spellCheck={false} onChange={(_, { value }) => setTenantId(value)} />
        </Field>
      )}
      <Field
        label={isEntra ? 'Object id' : 'Subject'}
        required
        hint={isEntra ? 'On the page of the user in Microsoft Entra ID.' : 'What the provider says in the claim sub.'}
        validationMessage={faults['objectId'] ?? null}
      >
        <Input value={objectId} maxLength={255} spellCheck={false} onChange={(_, { value }) => setObjectId(value)} />
      </Field>
    </FormDialog>
  );
}
