import { makeStyles } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { useState } from 'react';
import type { Client } from '#contract';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Copyable } from '../values/copyable.tsx';
import { DaysLeft } from '../values/days-left.tsx';
import { ShownOnce } from '../values/shown-once.tsx';
import { ClientDialog, type MadeClient } from './client-dialog.tsx';
import { ClientSecrets } from './client-secrets.tsx';
import { ProviderKeys } from './provider-keys.tsx';

const useStyles = makeStyles({
  uris: { display: 'flex', flexDirection: 'column' },
});

/** S15: the products behind Portico, as clients of its provider. */
export function Clients() {
  const styles = useStyles();
  const listing = useListing('clients.list', {});
  const remove = useAct('clients.delete', ['clients']);
  const told = useTold();
  const [shown, setShown] = useState<'add' | Client>();
  const [made, setMade] = useState<MadeClient>();
  const [secretsOf, setSecretsOf] = useState<string>();
  const withSecrets = listing.items?.find(({ id }) => id === secretsOf);
  const add = (
    <GuardedButton appearance="primary" icon={<Add20Regular />} right="clients:update" onClick={() => setShown('add')}>
      Add client
    </GuardedButton>
  );
  return (
    <Page
      title="Clients"
      lead="Your products. Each signs people in at Portico’s own OpenID provider, whatever tenant they come from."
      actions={add}
    >
      <Listed
        listing={listing}
        what="clients"
        empty={
          <NothingHere title="No client yet" action={add}>
            Add your product with its redirect URI; you get the id and secret for its configuration.
          </NothingHere>
        }
      >
        {(clients) => (
          <Table
            label="Clients"
            items={clients}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Client', cell: ({ name, id }) => <TwoLines strong first={name} second={id} /> },
              { title: 'Kind', width: '90px', from: 'narrow', cell: ({ kind }) => kind },
              {
                title: 'Addresses',
                from: 'narrow',
                cell: ({ redirectUris, identifier }) => (
                  <span className={styles.uris}>
                    {(identifier === null ? redirectUris : [identifier]).map((uri) => (
                      <span key={uri}>{uri}</span>
                    ))}
                  </span>
                ),
              },
              {
                title: 'Secret',
                width: '150px',
                cell: ({ nextExpiry }) => (nextExpiry === null ? 'none' : <DaysLeft days={nextExpiry.daysLeft} />),
              },
              {
                ...actionsColumn,
                cell: (client) => (
                  <RowActions
                    about={client.name}
                    actions={[
                      { label: 'Change', right: 'clients:update', onSelect: () => setShown(client) },
                      {
                        label: 'Secrets',
                        right: 'clients:update',
                        unable: client.authentication === 'secret' ? undefined : 'It has none.',
                        onSelect: () => setSecretsOf(client.id),
                      },
                      {
                        label: 'Remove',
                        right: 'clients:update',
                        question: {
                          title: `Remove ${client.name}?`,
                          does: 'Remove',
                          words: 'Nobody signs in to it any more. Its secret stops working at once.',
                          onConfirm: async () => {
                            await remove.mutateAsync({ client: client.id });
                            told(`${client.name} was removed`);
                          },
                        },
                      },
                    ]}
                  />
                ),
              },
            ]}
          />
        )}
      </Listed>
      <Section
        title="For the product’s configuration"
        about="Any OpenID Connect library needs the issuer, and the client’s id and secret."
      >
        <Copyable value={`${location.origin}/oidc`} label="Issuer" />
      </Section>
      <ProviderKeys />
      {withSecrets !== undefined && <ClientSecrets client={withSecrets} onClose={() => setSecretsOf(undefined)} />}
      {shown !== undefined && (
        <ClientDialog
          {...(shown === 'add' ? {} : { client: shown })}
          onClose={() => setShown(undefined)}
          onMade={(client) => {
            setShown(undefined);
            setMade(client);
          }}
        />
      )}
      {made !== undefined && (
        <ShownOnce
          title={`${made.name} was added`}
          values={[
            { label: 'Issuer', value: `${location.origin}/oidc` },
            { label: 'Client id', value: made.id },
            ...(made.secret === null ? [] : [{ label: 'Client secret', value: made.secret }]),
          ]}
          onClose={() => setMade(undefined)}
        >
          {made.secret === null
            ? 'Put these into the product’s configuration.'
            : 'Put these into the product’s configuration. The secret is shown this once.'}
        </ShownOnce>
      )}
    </Page>
  );
}
