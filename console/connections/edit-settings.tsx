import { Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Connection, ConnectionSettings } from '#contract';
import { GuardedButton } from '../page/guarded-button.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { ifVersion } from '../server/call.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';
import { linesOfMappings, type SettingsEntry, SettingsFields, settingsBody, settingsFields } from './settings-form.tsx';
import { useConnection } from './use-connection.ts';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXL },
  name: { maxWidth: '640px' },
});

/** Changes the draft settings of a connection. */
export function EditSettings() {
  const connection = useConnection();
  const settings = connection.draft ?? connection.live;
  if (settings === null) return null;
  return <SettingsForm key={connection.version} connection={connection} settings={settings} />;
}

function SettingsForm({ connection, settings }: { connection: Connection; settings: ConnectionSettings }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const told = useTold();
  const update = useAct('connections.update', ['connections', 'secrets']);
  const [name, setName] = useState(settings.name);
  const [entry, setEntry] = useState(() => entryOf(settings));
  const faults = fieldFaults(update.error);

  const submit = async (): Promise<void> => {
    await update.mutateAsync({
      connection: connection.id,
      body: { name, ...settingsBody(entry) },
      ifMatch: ifVersion(connection.version),
    });
    told('The draft was saved');
    await navigate({ to: '/connections/$connection', params: { connection: connection.id } });
  };

  return (
    <Section
      title={connection.draft === null ? 'Live settings' : 'Draft settings'}
      about={
        connection.live === null
          ? 'Nothing is live yet.'
          : 'Changes make a draft. What is live stays as it is until the draft has passed its test and is activated.'
      }
    >
      <form
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit().catch(() => {});
        }}
      >
        <Field label="Name" required className={styles.name} validationMessage={faults['name'] ?? null}>
          <Input value={name} maxLength={50} onChange={(_, { value }) => setName(value)} />
        </Field>
        <SettingsFields
          entry={entry}
          present={settings}
          faults={faults}
          onChange={(change) => setEntry((before) => ({ ...before, ...change }))}
        />
        {update.error !== null && <ProblemNotice problem={update.error} shownFields={settingsFields} />}
        <div>
          <GuardedButton type="submit" appearance="primary" right="connections:update" busy={update.isPending}>
            Save as draft
          </GuardedButton>
        </div>
      </form>
    </Section>
  );
}

const entryOf = (settings: ConnectionSettings): SettingsEntry => ({
  provider: settings.provider,
  preset: settings.preset,
  clientAuthentication: settings.clientAuthentication,
  responseType: settings.responseType,
  responseMode: settings.responseMode,
  authenticationContext: settings.authenticationContext ?? '',
  trustEmail: settings.trustEmail,
  linkable: settings.linkable,
  roleMappings: linesOfMappings(settings.roleMappings),
  startFrom: '',
  cloud: settings.cloud,
  accountType: settings.accountType,
  tenantIds: settings.tenantIds.join('\n'),
  clientId: settings.clientId ?? '',
  domains: settings.domains.join('\n'),
  signIn: settings.signIn,
  provisioning: settings.provisioning,
  mailOut: settings.mailOut,
  mailIn: settings.mailIn,
  registration: settings.registration,
});
