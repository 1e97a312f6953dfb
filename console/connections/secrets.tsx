import { makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { useState } from 'react';
import type { Secret } from '#contract';
import { GuardedButton } from '../page/guarded-button.tsx';
import { NarrowOnly } from '../page/narrow-only.tsx';
import { NothingHere } from '../page/nothing-here.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { useListing } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';
import { Listed } from '../table/listed.tsx';
import { RowActions } from '../table/row-actions.tsx';
import { Table } from '../table/table.tsx';
import { TwoLines } from '../table/two-lines.tsx';
import { DaysLeft } from '../values/days-left.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';
import type { Tone } from '../values/tone.ts';
import { SetSecret } from './set-secret.tsx';
import { useConnection } from './use-connection.ts';

const tones: Record<Secret['state'], Tone> = { waiting: 'waiting', current: 'good', previous: 'neutral' };
const words: Record<Secret['state'], string> = { waiting: 'waiting', current: 'in use', previous: 'was in use' };

const useStyles = makeStyles({
  hint: { fontFamily: tokens.fontFamilyMonospace, fontSize: '13px' },
});

/** K1, K2, K4: the client secrets of a connection; a new one is proven before the old one goes. */
export function Secrets() {
  const styles = useStyles();
  const { id } = useConnection();
  const listing = useListing('secrets.list', { connection: id });
  const rotate = useAct('secrets.rotate', ['secrets', 'connections']);
  const remove = useAct('secrets.delete', ['secrets', 'connections']);
  const told = useTold();
  const [setting, setSetting] = useState(false);

  const proveAndSwitch = async (secret: Secret): Promise<void> => {
    await rotate.mutateAsync({ connection: id, secret: secret.id });
    told(`${secret.name} proved itself and is in use`);
  };
  const set = (
    <GuardedButton icon={<Add20Regular />} right="secrets:set" onClick={() => setSetting(true)}>
      Set a secret
    </GuardedButton>
  );
  return (
    <Section
      title="Client secrets"
      about="Stored sealed and never shown again. A new one waits beside the old one until Entra has given a token for it; then Portico switches, and no sign-in fails."
      actions={set}
    >
      {rotate.error !== null && <ProblemNotice problem={rotate.error} />}
      {rotate.isPending && <Spinner size="tiny" label="Asking Entra for a token with it" />}
      <Listed
        listing={listing}
        what="secrets"
        empty={
          <NothingHere title="No secret yet">
            In the app registration, under Certificates &amp; secrets, add a client secret and paste its <em>Value</em>{' '}
            here, not its Secret ID.
          </NothingHere>
        }
      >
        {(items) => (
          <Table
            label="Client secrets"
            items={items}
            keyOf={(secret) => secret.id}
            columns={[
              {
                title: 'Name',
                cell: ({ name, hint, daysLeft }) => (
                  <TwoLines
                    strong
                    first={name}
                    second={
                      <>
                        <span className={styles.hint}>{hint}…</span>{' '}
                        <NarrowOnly>
                          <DaysLeft days={daysLeft} />
                        </NarrowOnly>
                      </>
                    }
                  />
                ),
              },
              {
                title: 'State',
                width: '120px',
                cell: ({ state }) => <State tone={tones[state]}>{words[state]}</State>,
              },
              { title: 'Ends', width: '150px', from: 'narrow', cell: ({ daysLeft }) => <DaysLeft days={daysLeft} /> },
              {
                title: 'Last token with it',
                width: '150px',
                from: 'medium',
                cell: ({ provenAt }) => <Ago at={provenAt} never="none yet" />,
              },
              {
                title: 'Actions',
                quiet: true,
                width: '48px',
                align: 'end',
                cell: (secret) =>
                  secret.state !== 'current' && (
                    <RowActions
                      about={secret.name}
                      actions={[
                        {
                          label: 'Prove and switch',
                          right: 'secrets:set',
                          onSelect: () => void proveAndSwitch(secret).catch(() => {}),
                        },
                        {
                          label: 'Remove',
                          right: 'secrets:set',
                          question: {
                            title: `Remove ${secret.name}?`,
                            does: 'Remove',
                            words: 'Portico forgets it. In Entra it stays until you delete it there.',
                            onConfirm: async () => {
                              await remove.mutateAsync({ connection: id, secret: secret.id });
                              told(`${secret.name} was removed`);
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
      {setting && <SetSecret connection={id} onClose={() => setSetting(false)} />}
    </Section>
  );
}
