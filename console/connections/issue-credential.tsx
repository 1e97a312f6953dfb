import { Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { lasting } from '../values/lasting.ts';
import type { CredentialKind } from './credential-kinds.ts';

interface IssueCredentialProps {
  kind: CredentialKind;
  directory: string;
  onClose: () => void;
  onIssued: (value: string) => void;
}

/** Issues a Secret Token or a client secret: what to know it by, and for how long. */
export function IssueCredential({ kind, directory, onClose, onIssued }: IssueCredentialProps) {
  const [name, setName] = useState(kind.name);
  const [days, setDays] = useState(kind.days);
  const create = useAct(kind.create, [kind.noun, 'connections']);
  const faults = fieldFaults(create.error);
  const submit = async (): Promise<void> => {
    const { value } = await create.mutateAsync({ directory, body: { name, expiresAt: lasting(days) } });
    onIssued(value);
  };
  return (
    <FormDialog
      open
      title={kind.issueTitle}
      does={kind.does}
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
          {kind.lasting.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  );
}
