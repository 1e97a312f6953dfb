import { Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { type Client, type ClientKind, clientKinds } from '#contract';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import { type Answer, ifVersion } from '../server/call.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';
import { type ClientDraft, draftOf, inputOf } from './client-draft.ts';
import { ApiFields, PeopleFields, ProofFields, ResourceFields } from './client-fields.tsx';

/** A client with its secret, as it comes only once. */
export type MadeClient = Answer<'clients.create'>;

interface ClientDialogProps {
  /** The one to change; without one a new one is added. */
  client?: Client;
  onClose: () => void;
  onMade: (client: MadeClient) => void;
}

/** Adds or changes a client of the provider. */
export function ClientDialog({ client, onClose, onMade }: ClientDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(client));
  const create = useAct('clients.create', ['clients']);
  const update = useAct('clients.update', ['clients']);
  const told = useTold();
  const problem = create.error ?? update.error;
  const faults = fieldFaults(problem);
  const faultIn = (name: string): string | null =>
    Object.entries(faults).find(([field]) => field === name || field.startsWith(`${name}.`))?.[1] ?? null;
  const change = (part: Partial<ClientDraft>): void => setDraft({ ...draft, ...part });
  const fields = { draft, change, faultIn };

  const submit = async (): Promise<void> => {
    if (client === undefined) {
      onMade(await create.mutateAsync({ body: { kind: draft.kind, ...inputOf(draft) } }));
    } else {
      await update.mutateAsync({ client: client.id, body: inputOf(draft), ifMatch: ifVersion(client.version) });
      told(`${draft.name} was changed`);
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
      fields={[
        'name',
        'redirectUris',
        'postLogoutRedirectUris',
        'backchannelLogoutUri',
        'jwksUri',
        'jwks',
        'identifier',
      ]}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      <Field label="Name" required validationMessage={faultIn('name')}>
        <Input value={draft.name} maxLength={50} onChange={(_, { value }) => change({ name: value })} />
      </Field>
      {client === undefined && (
        <Field label="Kind" hint={clientKinds[draft.kind]}>
          <Select value={draft.kind} onChange={(_, { value }) => change({ kind: value as ClientKind })}>
            {Object.keys(clientKinds).map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </Select>
        </Field>
      )}
      <PeopleFields {...fields} />
      <ProofFields {...fields} />
      <ApiFields {...fields} />
      <ResourceFields {...fields} />
    </FormDialog>
  );
}
