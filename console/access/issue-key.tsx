import { Checkbox, Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { type Right, rights as rightWords } from '#contract';
import { type OrganizationChoice, OrganizationSelect } from '../organizations/organization-choice.tsx';
import { FieldGroup } from '../page/field-group.tsx';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useSession } from '../server/session.tsx';
import { lasting, lastingWords } from '../values/lasting.ts';

interface IssueKeyProps {
  choice: OrganizationChoice;
  onClose: () => void;
  onIssued: (value: string) => void;
}

/** Issues an API key with some of one's own rights. */
export function IssueKey({ choice, onClose, onIssued }: IssueKeyProps) {
  const { rights: held } = useSession();
  const [name, setName] = useState('');
  const [rights, setRights] = useState<readonly Right[]>([]);
  const [organization, setOrganization] = useState<string>();
  const [days, setDays] = useState('365');
  const create = useAct('keys.create', ['keys']);
  const faults = fieldFaults(create.error);

  const submit = async (): Promise<void> => {
    const made = await create.mutateAsync({
      body: { name, rights: [...rights], organization: organization ?? null, expiresAt: lasting(days) },
    });
    onIssued(made.value);
  };
  const toggle = (right: Right, on: boolean): void =>
    setRights((before) => (on ? [...before, right] : before.filter((other) => other !== right)));

  return (
    <FormDialog
      open
      title="Issue an API key"
      does="Issue"
      busy={create.isPending}
      problem={create.error}
      fields={['name', 'rights', 'organization', 'expiresAt']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field label="Name" required hint="Who or what will use it" validationMessage={faults['name'] ?? null}>
        <Input value={name} maxLength={50} onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label="Opens" validationMessage={faults['organization'] ?? null}>
        <OrganizationSelect choice={choice} value={organization} none="All organizations" onChoose={setOrganization} />
      </Field>
      <Field label="Valid for" validationMessage={faults['expiresAt'] ?? null}>
        <Select value={days} onChange={(_, { value }) => setDays(value)}>
          {lastingWords.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
      </Field>
      <FieldGroup label="Rights" fault={faults['rights']}>
        {held.map((right) => (
          <Checkbox
            key={right}
            label={`${right}: ${rightWords[right]}`}
            checked={rights.includes(right)}
            onChange={(_, { checked }) => toggle(right, checked === true)}
          />
        ))}
      </FieldGroup>
    </FormDialog>
  );
}
