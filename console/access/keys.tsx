import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { useState } from 'react';
import { useOrganizationChoice } from '../organizations/organization-choice.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { DaysLeft } from '../values/days-left.tsx';
import { useNow } from '../values/now.ts';
import { ShownOnce } from '../values/shown-once.tsx';
import { Ago } from '../values/time.tsx';
import { IssueKey } from './issue-key.tsx';

const day = 86_400_000;

/** O1: by which keys programs call the REST API, with which rights. */
export function Keys() {
  const now = useNow();
  const listing = useListing('keys.list', {});
  const choice = useOrganizationChoice(undefined);
  const revoke = useAct('keys.revoke', ['keys']);
  const told = useTold();
  const [issuing, setIssuing] = useState(false);
  const [value, setValue] = useState<string>();
  const issue = (
    <GuardedButton appearance="primary" icon={<Add20Regular />} right="keys:issue" onClick={() => setIssuing(true)}>
      Issue a key
    </GuardedButton>
  );
  return (
    <Page
      title="API keys"
      lead="For programs that call the REST API, and for the command line. A key never has more rights than who issued it."
      actions={issue}
    >
      <Listed
        listing={listing}
        what="keys"
        empty={
          <NothingHere title="No key yet" action={issue}>
            Your product needs one to read events, users and messages.
          </NothingHere>
        }
      >
        {(keys) => (
          <Table
            label="API keys"
            items={keys}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Key',
                cell: ({ name, organization }) => (
                  <TwoLines
                    strong
                    first={name}
                    second={organization === null ? 'all organizations' : `only ${choice.nameOf(organization)}`}
                  />
                ),
              },
              {
                title: 'Rights',
                from: 'medium',
                cell: ({ rights }) =>
                  rights.length <= 4
                    ? rights.join(', ')
                    : `${rights.slice(0, 3).join(', ')} and ${rights.length - 3} more`,
              },
              {
                title: 'Ends',
                width: '150px',
                cell: ({ expiresAt }) => <DaysLeft days={Math.floor((Date.parse(expiresAt) - now) / day)} />,
              },
              {
                title: 'Last used',
                width: '140px',
                from: 'narrow',
                cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} never="not yet" />,
              },
              {
                ...actionsColumn,
                cell: ({ id, name }) => (
                  <RowActions
                    about={name}
                    actions={[
                      {
                        label: 'Revoke',
                        right: 'keys:issue',
                        question: {
                          title: `Revoke ${name}?`,
                          does: 'Revoke',
                          words: 'Whoever still calls with it is refused from now on.',
                          onConfirm: async () => {
                            await revoke.mutateAsync({ key: id });
                            told(`${name} was revoked`);
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
      {issuing && (
        <IssueKey
          choice={choice}
          onClose={() => setIssuing(false)}
          onIssued={(issued) => {
            setIssuing(false);
            setValue(issued);
          }}
        />
      )}
      {value !== undefined && (
        <ShownOnce
          title="The key, this once"
          values={[{ label: 'API key', value }]}
          onClose={() => setValue(undefined)}
        >
          Send it as <code>Authorization: Bearer</code>, or set it as <code>PORTICO_API_KEY</code> for the command line.
          Portico keeps only a hash and cannot show it again.
        </ShownOnce>
      )}
    </Page>
  );
}
