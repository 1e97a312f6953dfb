import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { useState } from 'react';
import { type Operator, roles } from '#contract';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NarrowOnly } from '../page/narrow-only.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useSession } from '../server/session.tsx';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { ShownOnce } from '../values/shown-once.tsx';
import { Ago } from '../values/time.tsx';
import { BreakGlass } from './break-glass.tsx';
import { OperatorDialog } from './operator-dialog.tsx';

/** O1: who runs Portico, in which role. */
export function Operators() {
  const { actor } = useSession();
  const listing = useListing('operators.list', {});
  const issue = useAct('operators.link', ['operators']);
  const remove = useAct('operators.delete', ['operators']);
  const told = useTold();
  const [shown, setShown] = useState<'add' | Operator>();
  const [link, setLink] = useState<{ name: string; url: string; expiresAt: string }>();

  const issueLink = async ({ id, name }: Operator): Promise<void> => {
    setLink({ name, ...(await issue.mutateAsync({ operator: id })) });
  };
  return (
    <Page
      title="Operators"
      lead="Who runs Portico. They sign in by a link that works once; there is always at least one owner."
      actions={
        <GuardedButton
          appearance="primary"
          icon={<Add20Regular />}
          right="operators:update"
          onClick={() => setShown('add')}
        >
          Add operator
        </GuardedButton>
      }
    >
      {issue.error !== null && <ProblemNotice problem={issue.error} />}
      <Listed
        listing={listing}
        what="operators"
        empty={<NothingHere title="No operator">There is always one; load the page again.</NothingHere>}
      >
        {(operators) => (
          <Table
            label="Operators"
            items={operators}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Operator',
                cell: ({ id, name, email, role }) => (
                  <TwoLines
                    strong
                    first={id === actor.id ? `${name} (you)` : name}
                    second={
                      <>
                        {email ?? 'no e-mail'} <NarrowOnly>· {role}</NarrowOnly>
                      </>
                    }
                  />
                ),
              },
              {
                title: 'Role',
                from: 'narrow',
                cell: ({ role }) => <TwoLines first={role} second={roles[role].about} />,
              },
              {
                title: 'Last sign-in',
                width: '130px',
                from: 'medium',
                cell: ({ lastSignInAt }) => <Ago at={lastSignInAt} />,
              },
              {
                ...actionsColumn,
                cell: (operator) => (
                  <RowActions
                    about={operator.name}
                    actions={[
                      {
                        label: 'Make a sign-in link',
                        right: 'operators:update',
                        unable: operator.breakGlass ? 'It signs in by its credential.' : undefined,
                        onSelect: () => void issueLink(operator).catch(() => {}),
                      },
                      { label: 'Change', right: 'operators:update', onSelect: () => setShown(operator) },
                      {
                        label: 'Remove',
                        right: 'operators:update',
                        question: {
                          title: `Remove ${operator.name}?`,
                          does: 'Remove',
                          words: 'Their console session ends at once. What they did stays in the events.',
                          onConfirm: async () => {
                            await remove.mutateAsync({ operator: operator.id });
                            told(`${operator.name} was removed`);
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
      <BreakGlass />
      {shown !== undefined && (
        <OperatorDialog
          {...(shown === 'add' ? {} : { operator: shown })}
          onClose={() => setShown(undefined)}
          onAdded={({ name, signInLink }) => {
            setShown(undefined);
            setLink({ name, ...signInLink });
          }}
        />
      )}
      {link !== undefined && (
        <ShownOnce
          title={`Sign-in link for ${link.name}`}
          values={[{ label: 'Sign-in link', value: link.url }]}
          onClose={() => setLink(undefined)}
        >
          It works once, until <Ago at={link.expiresAt} />. Hand it over by a way that only {link.name} reads.
        </ShownOnce>
      )}
    </Page>
  );
}
