import { Field, Input, makeStyles, Select, Textarea, tokens } from '@fluentui/react-components';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ConnectionSelect, useConnectionChoice } from '../connections/connection-choice.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { To, ToButton } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';
import { hasMail } from './messages.tsx';

const route = getRouteApi('/messages/send');

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXL, maxWidth: '640px' },
  end: { display: 'flex', gap: tokens.spacingHorizontalM },
});

/** Sends one message. Its idempotency key stays the same while the form is open, so that pressing twice sends once. */
export function SendMessage() {
  const styles = useStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const told = useTold();
  const choice = useConnectionChoice(search.connection, hasMail);
  const connection = choice.chosen;
  const mailboxes = useListing(
    'mailboxes.list',
    { connection: connection ?? '' },
    { enabled: connection !== undefined },
  );
  const send = useAct('messages.send', ['messages']);
  const [key] = useState(() => crypto.randomUUID());
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState('');
  const [subject, setSubject] = useState('');
  const [text, setText] = useState('');
  const faults = fieldFaults(send.error);
  const mailbox = from ?? mailboxes.items?.[0]?.address;
  const toFault = faults['to'] ?? Object.entries(faults).find(([name]) => name.startsWith('to.'))?.[1];

  const submit = async (): Promise<void> => {
    if (connection === undefined || mailbox === undefined) return;
    const recipients = to.split(/[\s,;]+/).filter((address) => address !== '');
    const message = await send.mutateAsync({
      connection,
      body: { mailbox, to: recipients, subject, text },
      idempotencyKey: key,
    });
    told('The message is in the outbox');
    await navigate({
      to: '/messages/$connection/$message',
      params: { connection, message: message.id },
    });
  };

  return (
    <Page
      title="Send a message"
      trail={
        <Trail>
          <To to="/messages" search={connection === undefined ? {} : { connection }}>
            Messages
          </To>
        </Trail>
      }
      lead="It is stored before it is sent, tried again where that is safe, and never sent twice."
    >
      <form
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit().catch(() => {});
        }}
      >
        <Field label="Connection">
          <ConnectionSelect
            choice={choice}
            onChoose={(next) => {
              setFrom(undefined);
              void navigate({ to: '/messages/send', search: { connection: next } });
            }}
          />
        </Field>
        <Field
          label="From"
          validationMessage={
            mailboxes.items?.length === 0
              ? 'This connection has no mailbox yet. Add one on its page Mailboxes.'
              : (faults['mailbox'] ?? null)
          }
        >
          <Select value={mailbox ?? ''} onChange={(_, { value }) => setFrom(value)}>
            {(mailboxes.items ?? []).map(({ id, address }) => (
              <option key={id} value={address}>
                {address}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="To" required hint="Several are separated by commas" validationMessage={toFault ?? null}>
          <Input value={to} onChange={(_, { value }) => setTo(value)} />
        </Field>
        <Field label="Subject" validationMessage={faults['subject'] ?? null}>
          <Input value={subject} maxLength={998} onChange={(_, { value }) => setSubject(value)} />
        </Field>
        <Field label="Text" validationMessage={faults['text'] ?? null}>
          <Textarea rows={8} resize="vertical" value={text} onChange={(_, { value }) => setText(value)} />
        </Field>
        {send.error !== null && (
          <ProblemNotice problem={send.error} shownFields={['mailbox', 'to', 'subject', 'text']} />
        )}
        <div className={styles.end}>
          <GuardedButton
            type="submit"
            appearance="primary"
            right="mail:send"
            busy={send.isPending}
            unable={mailbox === undefined ? 'There is no mailbox to send from.' : undefined}
          >
            Send
          </GuardedButton>
          <ToButton to="/messages" search={connection === undefined ? {} : { connection }}>
            Cancel
          </ToButton>
        </div>
      </form>
    </Page>
  );
}
