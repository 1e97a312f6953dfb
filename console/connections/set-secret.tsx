import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';

/** Takes in a client secret; it waits until it has proven itself. */
export function SetSecret({ connection, onClose }: { connection: string; onClose: () => void }) {
  const [value, setValue] = useState('');
  const [name, setName] = useState('');
  const [ends, setEnds] = useState('');
  const set = useAct('secrets.set', ['secrets', 'connections']);
  const told = useTold();
  const faults = fieldFaults(set.error);

  const submit = async (): Promise<void> => {
    const named = name.trim() === '' ? {} : { name };
    const ending = ends === '' ? {} : { expiresAt: `${ends}T00:00:00Z` };
    await set.mutateAsync({ connection, body: { value, ...named, ...ending } });
    told('The secret is stored and waits to be proven');
    onClose();
  };

  return (
    <FormDialog
      open
      title="Set a client secret"
      does="Store"
      busy={set.isPending}
      problem={set.error}
      fields={['value', 'name', 'expiresAt']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field
        label="Value"
        required
        hint="The column Value in Entra, which it shows only once. Not the Secret ID."
        validationMessage={faults['value'] ?? null}
      >
        <Input
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(_, data) => setValue(data.value)}
        />
      </Field>
      <Field
        label="Ends on"
        hint="As Entra shows it. Portico warns you in time."
        validationMessage={faults['expiresAt'] ?? null}
      >
        <Input type="date" value={ends} onChange={(_, data) => setEnds(data.value)} />
      </Field>
      <Field
        label="Name"
        hint="To tell it from the others; Portico finds one if you leave it empty."
        validationMessage={faults['name'] ?? null}
      >
        <Input value={name} maxLength={50} onChange={(_, data) => setName(data.value)} />
      </Field>
    </FormDialog>
  );
}
