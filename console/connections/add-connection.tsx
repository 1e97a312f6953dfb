import { Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { RedirectUri } from '#contract';
import { OrganizationSelect, useOrganizationChoice } from '../organizations/organization-choice.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Section } from '../page/section.tsx';
import { To, ToButton } from '../page/to.tsx';
import { Trail } from '../page/trail.tsx';
import { useAct } from '../server/act.ts';
import { fieldFaults } from '../server/problem-words.ts';
import { useTold } from '../shell/told.tsx';
import { RedirectUris } from './redirect-uris.tsx';
import { newSettings, SettingsFields, settingsBody, settingsFields } from './settings-form.tsx';

const route = getRouteApi('/add-connection');
/** C2. */
const idShape = /^[a-z0-9](?:-?[a-z0-9]){2,}$/;

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXXL },
  fields: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXL, maxWidth: '640px' },
  end: { display: 'flex', gap: tokens.spacingHorizontalM },
});

/** Adds a connection as a draft: name it, see what goes into Entra, say which tenant. */
export function AddConnection() {
  const styles = useStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const told = useTold();
  const choice = useOrganizationChoice(search.organization);
  const create = useAct('connections.create', ['connections']);
  const [name, setName] = useState('');
  const [givenId, setGivenId] = useState<string>();
  const [entry, setEntry] = useState(newSettings);
  const faults = fieldFaults(create.error);
  const id = givenId ?? idOf(name);
  const { chosen } = choice;

  const submit = async (): Promise<void> => {
    if (chosen === undefined) return;
    await create.mutateAsync({ organization: chosen, body: { id, name, ...settingsBody(entry) } });
    told(`${name} was added as a draft`);
    await navigate({ to: '/connections/$connection/setup', params: { connection: id } });
  };

  const trail = (
    <Trail>
      <To to="/connections">Connections</To>
    </Trail>
  );
  if (choice.listing.items?.length === 0) {
    return (
      <Page title="Add a connection" trail={trail}>
        <NothingHere title="No organization yet" action={<ToButton to="/organizations">Organizations</ToButton>}>
          A connection belongs to an organization. Add that first.
        </NothingHere>
      </Page>
    );
  }
  return (
    <Page
      title="Add a connection"
      trail={trail}
      lead="It begins as a draft. Nobody is affected until you have tested and activated it."
    >
      <form
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit().catch(() => {});
        }}
      >
        <Section title="Name it">
          <div className={styles.fields}>
            <Field label="Organization">
              <OrganizationSelect
                choice={choice}
                value={chosen}
                onChoose={(next) =>
                  void navigate({ to: '/add-connection', search: next === undefined ? {} : { organization: next } })
                }
              />
            </Field>
            <Field
              label="Name"
              required
              hint="People read it on the sign-in page: “Login to …”. At most 50 characters."
              validationMessage={faults['name'] ?? null}
            >
              <Input value={name} maxLength={50} onChange={(_, { value }) => setName(value)} />
            </Field>
            <Field
              label="Id"
              required
              hint="3 to 36 lower-case letters, digits and single dashes. It is part of the redirect URIs and never changes."
              validationMessage={faults['id'] ?? null}
            >
              <Input value={id} maxLength={36} spellCheck={false} onChange={(_, { value }) => setGivenId(value)} />
            </Field>
          </div>
        </Section>
        {idShape.test(id) && (
          <Section title="What goes into Entra" about="With this id, these are the addresses for the app registration.">
            <RedirectUris uris={urisOf(id)} />
          </Section>
        )}
        <Section title="The tenant, and what to do with it">
          <SettingsFields
            entry={entry}
            faults={faults}
            onChange={(change) => setEntry((before) => ({ ...before, ...change }))}
          />
        </Section>
        {create.error !== null && <ProblemNotice problem={create.error} shownFields={settingsFields} />}
        <div className={styles.end}>
          <GuardedButton type="submit" appearance="primary" right="connections:create" busy={create.isPending}>
            Add as a draft
          </GuardedButton>
          <ToButton to="/connections">Cancel</ToButton>
        </div>
      </form>
    </Page>
  );
}

/** An id made of a name, as a proposal. */
const idOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 36)
    .replace(/-+$/, '');

/** The addresses that the connection will have, before it is there; afterwards the API says them. */
const urisOf = (id: string): RedirectUri[] => [
  { platform: 'web', uri: `${location.origin}/oauth/login/${id}/callback`, about: 'where Entra sends people back to' },
  {
    platform: 'front-channel logout',
    uri: `${location.origin}/oauth/logout/${id}`,
    about: 'where Entra tells of a sign-out',
  },
];
