import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { NothingHere } from '../page/nothing-here.tsx';
import { Section } from '../page/section.tsx';
import { To } from '../page/to.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { Ago } from '../values/time.tsx';
import { CreateLink } from './create-link.tsx';

/** S4: what proves an account. */
export function Links({ organization, account }: { organization: string; account: string }) {
  const listing = useListing('links.list', { organization, account });
  const remove = useAct('links.delete', ['links', 'sessions']);
  const told = useTold();
  const mayCreate = useRight('links:create');
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title="Links"
      about="The object id of a person in a tenant, or the subject at another provider. Whoever signs in as that person is this account."
      actions={mayCreate && <Button onClick={() => setAdding(true)}>Add a link</Button>}
    >
      {adding && <CreateLink organization={organization} account={account} onClose={() => setAdding(false)} />}
      <Listed
        listing={listing}
        what="links"
        empty={<NothingHere title="No link">Nobody can sign in to this account.</NothingHere>}
      >
        {(links) => (
          <Table
            label="Links"
            items={links}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Person',
                cell: ({ objectId, authority }) => <TwoLines first={`object ${objectId}`} second={`at ${authority}`} />,
              },
              {
                title: 'Provisioned as',
                width: '140px',
                from: 'narrow',
                cell: ({ userId, connection }) =>
                  userId === null || connection === null ? (
                    'not provisioned'
                  ) : (
                    <To to="/directories/$directory/users/$user" params={{ directory: connection, user: userId }}>
                      user
                    </To>
                  ),
              },
              {
                title: 'Last sign-in',
                width: '140px',
                from: 'medium',
                cell: ({ lastSignInAt }) => <Ago at={lastSignInAt} />,
              },
              {
                ...actionsColumn,
                cell: ({ id, objectId }) => (
                  <RowActions
                    about={`the link to ${objectId}`}
                    actions={[
                      {
                        label: 'Remove',
                        right: 'links:delete',
                        question: {
                          title: 'Remove this link?',
                          does: 'Remove',
                          words: 'Sessions that came by it end, and the person no longer signs in to this account.',
                          onConfirm: async () => {
                            await remove.mutateAsync({ organization, account, link: id });
                            told('The link was removed');
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
    </Section>
  );
}
