import { Field, Input, Radio, RadioGroup } from '@fluentui/react-components';
import { useState } from 'react';
import { type Operator, type Role, roles } from '#contract';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import { type Answer, ifVersion } from '../server/call.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';

interface OperatorDialogProps {
  /** The one to change; without one a new one is added. */
  operator?: Operator;
  onClose: () => void;
  onAdded: (operator: Answer<'operators.create'>) => void;
}

const roleNames = Object.keys(roles) as Role[];

/** Adds or changes an operator. */
export function OperatorDialog({ operator, onClose, onAdded }: OperatorDialogProps) {
  const [name, setName] = useState(operator?.name ?? '');
  const [email, setEmail] = useState(operator?.email ?? '');
  const [role, setRole] = useState<Role>(operator?.role ?? 'administrator');
  const create = useAct('operators.create', ['operators']);
  const update = useAct('operators.update', ['operators', 'session']);
  const told = useTold();
  const problem = create.error ?? update.error;
  const faults = fieldFaults(problem);

  const submit = async (): Promise<void> => {
    const body = { name, email: email.trim() === '' ? null : email, role };
    if (operator === undefined) {
      onAdded(await create.mutateAsync({ body }));
    } else {
      await update.mutateAsync({ operator: operator.id, body, ifMatch: ifVersion(operator.version) });
      told(`${name} was changed`);
      onClose();
    }
  };

  return (
    <FormDialog
      open
      title={operator === undefined ? 'Add an operator' : `Change ${operator.name}`}
      does={operator === undefined ? 'Add' : 'Change'}
      busy={create.isPending || update.isPending}
      problem={problem}
      fields={['name', 'email', 'role']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field label="Name" required validationMessage={faults['name'] ?? null}>
        <Input value={name} maxLength={50} onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label="E-mail" validationMessage={faults['email'] ?? null}>
        <Input type="email" value={email} onChange={(_, { value }) => setEmail(value)} />
      </Field>
      <Field label="Role" validationMessage={faults['role'] ?? null}>
        <RadioGroup
          value={role}
          onChange={(_, { value }) => {
            const chosen = roleNames.find((candidate) => candidate === value);
            if (chosen !== undefined) setRole(chosen);
          }}
        >
          {roleNames.map((candidate) => (
            <Radio key={candidate} value={candidate} label={`${candidate}: ${roles[candidate].about}`} />
          ))}
        </RadioGroup>
      </Field>
    </FormDialog>
  );
}
