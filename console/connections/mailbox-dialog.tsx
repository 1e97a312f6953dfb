import { Checkbox, Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import type { Mailbox } from '#contract';
import { FormDialog } from '../page/form-dialog.tsx';
import { useAct } from '../server/act.ts';
import { ifVersion } from '../server/call.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';

interface MailboxDialogProps {
  connection: string;
  /** The one to change; without one a new one is added. */
  mailbox?: Mailbox;
  onClose: () => void;
}

/** Adds or changes a mailbox. Its address never changes. */
export function MailboxDialog({ connection, mailbox, onClose }: MailboxDialogProps) {
  const [address, setAddress] = useState(mailbox?.address ?? '');
  const [name, setName] = useState(mailbox?.name ?? '');
  const [types, setTypes] = useState(mailbox?.types.join(', ') ?? '');
  const [receive, setReceive] = useState(mailbox?.receive ?? true);
  const [pollSeconds, setPollSeconds] = useState(String(mailbox?.pollSeconds ?? 60));
  const create = useAct('mailboxes.create', ['mailboxes']);
  const update = useAct('mailboxes.update', ['mailboxes']);
  const told = useTold();
  const problem = create.error ?? update.error;
  const faults = fieldFaults(problem);

  const submit = async (): Promise<void> => {
    const named = name.trim() === '' ? {} : { name };
    const body = {
      ...named,
      types: types.split(/[\s,]+/).filter((type) => type !== ''),
      receive,
      pollSeconds: Number(pollSeconds),
    };
    if (mailbox === undefined) await create.mutateAsync({ connection, body: { address, ...body } });
    else await update.mutateAsync({ connection, mailbox: mailbox.id, body, ifMatch: ifVersion(mailbox.version) });
    told(mailbox === undefined ? `${address} was added` : `${address} was changed`);
    onClose();
  };

  return (
    <FormDialog
      open
      title={mailbox === undefined ? 'Add a mailbox' : `Change ${mailbox.address}`}
      does={mailbox === undefined ? 'Add' : 'Change'}
      busy={create.isPending || update.isPending}
      problem={problem}
      fields={['address', 'name', 'types', 'pollSeconds']}
      onClose={onClose}
      onSubmit={() => void submit().catch(() => {})}
    >
      {mailbox === undefined && (
        <Field label="Address" required validationMessage={faults['address'] ?? null}>
          <Input type="email" value={address} onChange={(_, data) => setAddress(data.value)} />
        </Field>
      )}
      <Field label="Name" hint="Shown beside the address" validationMessage={faults['name'] ?? null}>
        <Input value={name} maxLength={50} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field
        label="Types"
        hint="Words of your product’s own, by which it tells arriving messages apart, such as “support, invoices”."
        validationMessage={faults['types'] ?? null}
      >
        <Input value={types} onChange={(_, data) => setTypes(data.value)} />
      </Field>
      <Checkbox
        label="Take in messages that arrive"
        checked={receive}
        onChange={(_, { checked }) => setReceive(checked === true)}
      />
      {receive && (
        <Field label="Look every … seconds" validationMessage={faults['pollSeconds'] ?? null}>
          <Input
            type="number"
            min={1}
            max={86_400}
            value={pollSeconds}
            onChange={(_, data) => setPollSeconds(data.value)}
          />
        </Field>
      )}
    </FormDialog>
  );
}
