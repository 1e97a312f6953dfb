import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { Directory } from '#contract';
import { Asked } from '../page/asked.tsx';
import { Section } from '../page/section.tsx';
import { To } from '../page/to.tsx';
import { ask } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';
import { Copyable } from '../values/copyable.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { useNow } from '../values/now.ts';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';
import { Assertions } from './assertions.tsx';
import { credentialKinds } from './credential-kinds.ts';
import { Credentials } from './credentials.tsx';
import { useConnection } from './use-connection.ts';

const useStyles = makeStyles({ quiet: { color: tokens.colorNeutralForeground3 } });

/** P1, P2 and P10: where Entra's provisioning calls, the three ways in which it authenticates, and when it last did. */
export function Provisioning() {
  const { id, tenantUrl, tokenEndpoint } = useConnection();
  const maySeeUsers = useRight('users:read');
  const directory = useQuery({
    ...ask('directories.get', { directory: id }),
    enabled: maySeeUsers,
    refetchInterval: 30_000,
  });
  return (
    <>
      <Section
        title="Where Entra calls"
        about="In the enterprise application, under Provisioning, enter the Tenant URL and one of three: a Secret Token, client credentials, or a workload identity; the last two with the token endpoint and the client identifier."
        actions={
          maySeeUsers && (
            <To to="/directories/$directory/users" params={{ directory: id }}>
              Users and groups
            </To>
          )
        }
      >
        <Facts>
          <Fact name="Tenant URL">
            <Copyable value={tenantUrl} label="Tenant URL" />
          </Fact>
          <Fact name="Token endpoint">
            <Copyable value={tokenEndpoint} label="Token endpoint" />
          </Fact>
          <Fact name="Client identifier">
            <Copyable value={id} label="Client identifier" />
          </Fact>
        </Facts>
        {maySeeUsers && (
          <Asked query={directory} what="the directory" rows={3}>
            {(known) => <Contact directory={known} />}
          </Asked>
        )}
      </Section>
      <Credentials kind={credentialKinds.token} directory={id} beside={[{ label: 'Tenant URL', value: tenantUrl }]} />
      <Credentials
        kind={credentialKinds.clientSecret}
        directory={id}
        beside={[
          { label: 'Tenant URL', value: tenantUrl },
          { label: 'Token endpoint', value: tokenEndpoint },
          { label: 'Client identifier', value: id },
        ]}
      />
      <Assertions directory={id} />
    </>
  );
}

function Contact({
  directory: { users, activeUsers, groups, lastContactAt, nextExpectedAt },
}: {
  directory: Directory;
}) {
  const styles = useStyles();
  const now = useNow();
  const late = nextExpectedAt !== null && Date.parse(nextExpectedAt) < now;
  return (
    <Facts>
      <Fact name="Users">
        {activeUsers.toLocaleString('en')} active <span className={styles.quiet}>of {users.toLocaleString('en')}</span>
      </Fact>
      <Fact name="Groups">{groups.toLocaleString('en')}</Fact>
      <Fact name="Last contact">
        {lastContactAt === null ? (
          <State tone="waiting">waiting for the first</State>
        ) : (
          <State tone={late ? 'warning' : 'good'}>
            <Ago at={lastContactAt} />
          </State>
        )}
      </Fact>
      {nextExpectedAt !== null && (
        <Fact name="Next expected">
          <Ago at={nextExpectedAt} /> <span className={styles.quiet}>Entra calls every 40 minutes</span>
        </Fact>
      )}
    </Facts>
  );
}
