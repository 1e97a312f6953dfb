import { makeStyles, tokens } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import type { Connection } from '#contract';
import { Confirm } from '../page/confirm.tsx';
import { Section } from '../page/section.tsx';
import { To } from '../page/to.tsx';
import { useAct } from '../server/act.ts';
import { ifVersion } from '../server/call.ts';
import { useTold } from '../shell/told.tsx';
import { DaysLeft } from '../values/days-left.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { At } from '../values/time.tsx';
import { RedirectUris } from './redirect-uris.tsx';
import { SettingsFacts } from './settings-facts.tsx';
import { Stages } from './stages.tsx';
import { useConnection } from './use-connection.ts';

const useStyles = makeStyles({
  end: { display: 'flex', justifyContent: 'flex-start', paddingTop: tokens.spacingVerticalM },
});

/** What a connection is, what is live and what is not yet, and what Entra must know of it. */
export function Summary() {
  const styles = useStyles();
  const connection = useConnection();
  const { live, draft, nextExpiry } = connection;
  return (
    <>
      {draft !== null && <Stages connection={connection} />}
      <Section
        title={live === null ? 'Draft settings' : draft === null ? 'Live settings' : 'Live and draft settings'}
        {...(live !== null && draft !== null
          ? { about: 'What is live stays as it is until the draft has passed its test and is activated.' }
          : {})}
        actions={
          <To to="/connections/$connection/settings" params={{ connection: connection.id }}>
            Change
          </To>
        }
      >
        <SettingsFacts live={live} draft={draft} />
      </Section>
      <Section
        title="Redirect URIs"
        about="Exactly these go into the app registration in Entra, each under its platform."
      >
        <RedirectUris uris={connection.redirectUris} />
      </Section>
      <Section title="About it">
        <Facts>
          <Fact name="Id">{connection.id}</Fact>
          {nextExpiry !== null && (
            <Fact name="Next to end">
              {nextExpiry.name}: <DaysLeft days={nextExpiry.daysLeft} />
            </Fact>
          )}
          <Fact name="Added">
            <At at={connection.createdAt} />
          </Fact>
          <Fact name="Last changed">
            <At at={connection.updatedAt} />
          </Fact>
        </Facts>
        <div className={styles.end}>
          <DeleteConnection connection={connection} />
        </div>
      </Section>
    </>
  );
}

function DeleteConnection({ connection: { id, name, state, version, organization } }: { connection: Connection }) {
  const navigate = useNavigate();
  const told = useTold();
  const remove = useAct('connections.delete', ['organizations']);
  return (
    <Confirm
      label="Delete this connection"
      right="connections:delete"
      unable={state === 'active' ? 'It is active. Pause it first.' : undefined}
      title={`Delete ${name}?`}
      does="Delete"
      onConfirm={async () => {
        await remove.mutateAsync({ connection: id, ifMatch: ifVersion(version) });
        told(`${name} was deleted`);
        await navigate({ to: '/connections', search: { organization } });
      }}
    >
      Its directory, mailboxes, secrets and tokens go with it, and its id “{id}” is never used again. This cannot be
      undone.
    </Confirm>
  );
}
