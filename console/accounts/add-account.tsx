import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import type { Answer } from '../server/call.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { ShownOnce } from '../values/shown-once.tsx';
import { Ago } from '../values/time.tsx';
import { RoleField, roleOf } from './role-field.tsx';

/** Adds an account that signs in by a password or passkey of its own, then shows the link that sets it. */
export function AddAccount({ organization, onClose }: { organization: string; onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState('');
  const [made, setMade] = useState<Answer<'accounts.create'>>();
  const create = useAct('accounts.create', ['accounts']);
  const faults = fieldFaults(create.error);
  const submit = async (): Promise<void> =>
    setMade(await create.mutateAsync({ organization, body: { email, name, role: roleOf(role) } }));
  if (made !== undefined) {
    return (
      <ShownOnce
        title={`${made.name ?? made.userName} was added`}
        values={[{ label: 'Link to set a password or a passkey', value: made.link.url }]}
        onClose={onClose}
      >
        It works once, until <Ago at={made.link.expiresAt} />. Hand it over by a way that only this person reads.
      </ShownOnce>
    );
  }
  return (
    <FormDialog
      open
      title="Add an account"
      does="Add"
      busy={create.isPending}
      problem={create.error}
      fields={['email', 'name', 'role']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <p>For a person without another provider: you get a link by which the person sets a password or a passkey.</p>
      <Field
        label="E-mail"
        required
        hint="The person signs in by it. It is not proven by being entered here."
        validationMessage={faults['email'] ?? null}
      >
        <Input type="email" value={email} maxLength={254} onChange={(_, { value }) => setEmail(value)} />
      </Field>
      <Field label="Name" required validationMessage={faults['name'] ?? null}>
        <Input value={name} maxLength={50} onChange={(_, { value }) => setName(value)} />
      </Field>
      <RoleField value={role} onChange={setRole} fault={faults['role']} />
    </FormDialog>
  );
}
