import { Field, Input, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import type { Client } from '#contract';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import { type Answer, ifVersion } from '../server/call.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';

/** A client with its secret, as it comes only once. */
export type MadeClient = Answer<'clients.create'>;

interface ClientDialogProps {
  /** The one to change; without one a new one is added. */
  client?: Client;
  onClose: () => void;
  onMade: (client: MadeClient) => void;
}

/** Adds or changes a web client of the provider. */
export function ClientDialog({ client, onClose, onMade }: ClientDialogProps) {
  const [name, setName] = useState(client?.name ?? '');
  const [redirectUris, setRedirectUris] = useState(client?.redirectUris.join('\n') ?? '');
  const [afterSignOut, setAfterSignOut] = useState(client?.postLogoutRedirectUris.join('\n') ?? '');
  const create = useAct('clients.create', ['clients']);
  const update = useAct('clients.update', ['clients']);
  const told = useTold();
  const problem = create.error ?? update.error;
  const faults = fieldFaults(problem);
  const faultIn = (list: string): string | null =>
    Object.entries(faults).find(([field]) => field === list || field.startsWith(`${list}.`))?.[1] ?? null;

  const submit = async (): Promise<void> => {
    const body = { name, redirectUris: lines(redirectUris), postLogoutRedirectUris: lines(afterSignOut) };
    if (client === undefined) {
      onMade(await create.mutateAsync({ body }));
    } else {
      await update.mutateAsync({ client: client.id, body, ifMatch: ifVersion(client.version) });
      told(`${name} was changed`);
      onClose();
    }
  };

  return (
    <FormDialog
      open
      title={client === undefined ? 'Add a client' : `Change ${client.name}`}
      does={client === undefined ? 'Add' : 'Change'}
      busy={create.isPending || update.isPending}
      problem={problem}
      fields={['name', 'redirectUris', 'postLogoutRedirectUris']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field label="Name" required validationMessage={faults['name'] ?? null}>
        <Input value={name} maxLength={50} onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field
        label="Redirect URIs"
        required
        hint="Where people are sent after sign-in; compared letter by letter. One in each line."
        validationMessage={faultIn('redirectUris')}
      >
        <Textarea rows={2} value={redirectUris} onChange={(_, { value }) => setRedirectUris(value)} />
      </Field>
      <Field
        label="Redirect URIs after sign-out"
        hint="One in each line; may be empty"
        validationMessage={faultIn('postLogoutRedirectUris')}
      >
        <Textarea rows={2} value={afterSignOut} onChange={(_, { value }) => setAfterSignOut(value)} />
      </Field>
    </FormDialog>
  );
}

const lines = (text: string): string[] => text.split(/\s+/).filter((line) => line !== '');
