import { Checkbox, Field, Input, makeStyles, Select, Textarea, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Directory } from '#contract';
import { Asked } from '../page/asked.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { ask } from '../server/ask.ts';
import { ifVersion } from '../server/call.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';
import { entryOf, groupNames, type SettingsEntry, settingsBody, settingsFields } from './settings-entry.ts';
import { UnknownGroups } from './unknown-groups.tsx';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXXL },
  fields: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, maxWidth: '640px' },
  numbers: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: tokens.spacingHorizontalXL },
});

const route = getRouteApi('/directories/$directory/settings');

/** How a directory answers: its brake, who of it may sign in, and how it takes what Entra sends. */
export function Settings() {
  const { directory } = route.useParams();
  const query = useQuery(ask('directories.get', { directory }));
  return (
    <Asked query={query} what="the settings" rows={6}>
      {(known) => <SettingsForm key={known.version} directory={known} />}
    </Asked>
  );
}

function SettingsForm({ directory: { id, settings, version } }: { directory: Directory }) {
  const styles = useStyles();
  const told = useTold();
  const update = useAct('directories.update', ['directories']);
  const [entry, setEntry] = useState(() => entryOf(settings));
  const change = (some: Partial<SettingsEntry>): void => setEntry((before) => ({ ...before, ...some }));
  const faults = fieldFaults(update.error);
  const groupFault = Object.entries(faults).find(([field]) => field.startsWith('onlyMembersOf'))?.[1];
  const submit = async (): Promise<void> => {
    await update.mutateAsync({ directory: id, body: settingsBody(entry), ifMatch: ifVersion(version) });
    told('The settings were saved');
  };
  return (
    <form
      noValidate
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit().catch(() => {});
      }}
    >
      <Section
        title="The brake"
        about="Holds what would switch off or remove too many users at once, until somebody decides. Up to 10 users are never held."
      >
        <div className={styles.numbers}>
          <Field
            label="Percent of the active users"
            hint="1 to 100; more are held. 100: never"
            validationMessage={faults['brake.percent'] ?? null}
          >
            <Input type="number" min={1} max={100} {...text(entry.percent, (percent) => change({ percent }))} />
          </Field>
          <Field
            label="Within so many minutes"
            hint="1 to 1440, which is a day"
            validationMessage={faults['brake.minutes'] ?? null}
          >
            <Input type="number" min={1} max={1440} {...text(entry.minutes, (minutes) => change({ minutes }))} />
          </Field>
        </div>
      </Section>
      <Section
        title="Who may sign in"
        about="Empty: everybody of the connection. With any group, only its members; who is in none of them is out at once. Nested groups are not provisioned, so their members do not count."
      >
        <div className={styles.fields}>
          <Field
            label="Only members of these groups"
            hint="Display names as Entra provisions them, one in each line"
            validationMessage={groupFault ?? null}
          >
            <Textarea
              rows={3}
              value={entry.onlyMembersOf}
              onChange={(_, { value }) => change({ onlyMembersOf: value })}
            />
          </Field>
          <UnknownGroups directory={id} names={groupNames(entry)} />
        </div>
      </Section>
      <Section title="How it answers" about="The defaults fit Entra.">
        <div className={styles.fields}>
          <Checkbox
            label="Strict: refuse what the RFCs do not say, instead of understanding it"
            checked={entry.strict}
            onChange={(_, { checked }) => change({ strict: checked === true })}
          />
          <Field label="What /Schemas lists">
            <Select
              value={entry.schemaProfile}
              onChange={(_, { value }) => change({ schemaProfile: value === 'trimmed' ? 'trimmed' : 'full' })}
            >
              <option value="full">Everything</option>
              <option value="trimmed">Trimmed for Microsoft’s validator</option>
            </Select>
          </Field>
          <div className={styles.numbers}>
            <Field
              label="Requests per second"
              hint="25 to 10,000; more are answered 429"
              validationMessage={faults['requestsPerSecond'] ?? null}
            >
              <Input
                type="number"
                min={25}
                max={10_000}
                {...text(entry.requestsPerSecond, (requestsPerSecond) => change({ requestsPerSecond }))}
              />
            </Field>
            <Field
              label="Minutes that an access token lasts"
              hint="60 to 360; of the token endpoint"
              validationMessage={faults['accessTokenMinutes'] ?? null}
            >
              <Input
                type="number"
                min={60}
                max={360}
                {...text(entry.accessTokenMinutes, (accessTokenMinutes) => change({ accessTokenMinutes }))}
              />
            </Field>
          </div>
        </div>
      </Section>
      {update.error !== null && <ProblemNotice problem={update.error} shownFields={settingsFields} />}
      <div>
        <GuardedButton type="submit" appearance="primary" right="directories:update" busy={update.isPending}>
          Save
        </GuardedButton>
      </div>
    </form>
  );
}

const text = (value: string, change: (value: string) => void) => ({
  value,
  onChange: (_: unknown, data: { value: string }) => change(data.value),
});
