import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { useState } from 'react';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { DaysLeft } from '../values/days-left.tsx';
import { ShownOnce } from '../values/shown-once.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';
import type { CredentialKind } from './credential-kinds.ts';
import { IssueCredential } from './issue-credential.tsx';

interface CredentialsProps {
  kind: CredentialKind;
  directory: string;
  /** What is entered in Entra beside the value. */
  beside: { label: string; value: string }[];
}

/** P1, P2: what is issued to the provisioning client of a directory. Several are valid at once, so that one can be replaced without a gap. */
export function Credentials({ kind, directory, beside }: CredentialsProps) {
  const listing = useListing(kind.list, { directory });
  const revoke = useAct(kind.revoke, [kind.noun, 'connections']);
  const told = useTold();
  const [issuing, setIssuing] = useState(false);
  const [value, setValue] = useState<string>();
  return (
    <Section
      title={kind.title}
      about={kind.about}
      actions={
        <GuardedButton icon={<Add20Regular />} right="tokens:issue" onClick={() => setIssuing(true)}>
          {kind.issue}
        </GuardedButton>
      }
    >
      <Listed
        listing={listing}
        what={kind.plural}
        empty={<NothingHere title={kind.none}>{kind.noneMeans}</NothingHere>}
      >
        {(items) => (
          <Table
            label={kind.label}
            items={items}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Name',
                cell: ({ name, createdAt }) => (
                  <TwoLines
                    strong
                    first={name}
                    second={
                      <>
                        {kind.made} <Ago at={createdAt} />
                      </>
                    }
                  />
                ),
              },
              {
                title: 'Ends',
                width: '160px',
                cell: ({ daysLeft, revokedAt }) =>
                  revokedAt === null ? <DaysLeft days={daysLeft} /> : <State tone="paused">revoked</State>,
              },
              {
                title: 'Last used',
                width: '150px',
                from: 'narrow',
                cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} never="not yet" />,
              },
              {
                ...actionsColumn,
                cell: ({ id, name, revokedAt }) =>
                  revokedAt === null && (
                    <RowActions
                      about={name}
                      actions={[
                        {
                          label: 'Revoke',
                          right: 'tokens:issue',
                          question: {
                            title: `Revoke ${name}?`,
                            does: 'Revoke',
                            words: kind.revokeMeans,
                            onConfirm: async () => {
                              // Of the two names the path takes the one that it has.
                              await revoke.mutateAsync({ directory, token: id, clientSecret: id });
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
        <IssueCredential
          kind={kind}
          directory={directory}
          onClose={() => setIssuing(false)}
          onIssued={(issued) => {
            setIssuing(false);
            setValue(issued);
          }}
        />
      )}
      {value !== undefined && (
        <ShownOnce
          title={kind.shownTitle}
          values={[...beside, { label: kind.valueLabel, value }]}
          onClose={() => setValue(undefined)}
        >
          {kind.whereToEnter}
        </ShownOnce>
      )}
    </Section>
  );
}
