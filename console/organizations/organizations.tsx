import { makeStyles, tokens } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { useState } from 'react';
import type { Organization } from '#contract';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { To } from '../page/to.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { ifVersion } from '../server/call.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { Day } from '../values/time.tsx';
import { OrganizationDialog } from './organization-dialog.tsx';

const useStyles = makeStyles({
  name: { fontWeight: tokens.fontWeightSemibold },
  ways: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXS },
});

/** The customers of the deployment. */
export function Organizations() {
  const styles = useStyles();
  const listing = useListing('organizations.list', {});
  const remove = useAct('organizations.delete', ['organizations']);
  const endAll = useAct('sessions.endAll', ['sessions']);
  const told = useTold();
  const [shown, setShown] = useState<'add' | Organization>();

  const add = (
    <GuardedButton
      appearance="primary"
      icon={<Add20Regular />}
      right="organizations:create"
      onClick={() => setShown('add')}
    >
      Add organization
    </GuardedButton>
  );
  return (
    <Page
      title="Organizations"
      lead="Your customers. Everything else belongs to one of them; nothing of one is visible to another."
      actions={add}
    >
      <Listed
        listing={listing}
        what="organizations"
        empty={
          <NothingHere title="No organization yet" action={add}>
            Add the first customer, then connect its Microsoft Entra tenant.
          </NothingHere>
        }
      >
        {(items) => (
          <Table
            label="Organizations"
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { title: 'Name', cell: ({ name }) => <span className={styles.name}>{name}</span> },
              {
                title: 'Look at',
                from: 'narrow',
                cell: ({ id, name }) => (
                  <span className={styles.ways}>
                    <To to="/connections" search={{ organization: id }} aria-label={`Connections of ${name}`}>
                      Connections
                    </To>
                    <To to="/accounts" search={{ organization: id }} aria-label={`Accounts of ${name}`}>
                      Accounts
                    </To>
                    <To to="/domains" search={{ organization: id }} aria-label={`E-mail domains of ${name}`}>
                      Domains
                    </To>
                    <To to="/events" search={{ organization: id }} aria-label={`Events of ${name}`}>
                      Events
                    </To>
                  </span>
                ),
              },
              { title: 'Since', width: '130px', from: 'medium', cell: ({ createdAt }) => <Day at={createdAt} /> },
              {
                ...actionsColumn,
                cell: (organization) => (
                  <RowActions
                    about={organization.name}
                    actions={[
                      { label: 'Change', right: 'organizations:update', onSelect: () => setShown(organization) },
                      {
                        label: 'End all sessions',
                        right: 'sessions:end',
                        question: {
                          title: `End all sessions of ${organization.name}?`,
                          does: 'End them',
                          words:
                            'Everybody of this organization is signed out, of every product too, and has to sign in again.',
                          onConfirm: async () => {
                            const { ended } = await endAll.mutateAsync({ organization: organization.id, body: {} });
                            told(ended === 1 ? 'One session was ended' : `${ended} sessions were ended`);
                          },
                        },
                      },
                      {
                        label: 'Delete',
                        right: 'organizations:delete',
                        question: {
                          title: `Delete ${organization.name}?`,
                          does: 'Delete',
                          words:
                            'Its accounts and events go with it. That works only when it has no connections any more.',
                          onConfirm: async () => {
                            await remove.mutateAsync({
                              organization: organization.id,
                              ifMatch: ifVersion(organization.version),
                            });
                            told(`${organization.name} was deleted`);
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
      {shown !== undefined && (
        <OrganizationDialog {...(shown === 'add' ? {} : { organization: shown })} onClose={() => setShown(undefined)} />
      )}
    </Page>
  );
}
