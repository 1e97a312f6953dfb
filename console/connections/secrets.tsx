import { Link, makeStyles, Spinner, tokens } from '@fluentui/react-components';
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
import { actionsColumn, RowActions } from '../table/row-actions.tsx';
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
  const certify = useAct('secrets.certify', ['secrets', 'connections']);
  const makeCertificate = async (): Promise<void> => {
    const made = await certify.mutateAsync({ connection: id, body: {} });
    told(`${made.name} was made: download it and upload it at the provider`);
  };
  const set = (
    <>
      <GuardedButton
        right="secrets:set"
        busy={certify.isPending}
        onClick={() => void makeCertificate().catch(() => {})}
      >
        Make a certificate
      </GuardedButton>
      <GuardedButton icon={<Add20Regular />} right="secrets:set" onClick={() => setSetting(true)}>
        Set a secret
      </GuardedButton>
    </>
  );
  return (
    <Section
      title="Client secrets and certificates"
      about="Stored sealed and never shown again. A new one waits beside the old one until the provider has taken it; then Portico switches, and no sign-in fails."
      actions={set}
    >
      {rotate.error !== null && <ProblemNotice problem={rotate.error} />}
      {certify.error !== null && <ProblemNotice problem={certify.error} />}
      {rotate.isPending && <Spinner size="tiny" label="Proving it at the provider" />}
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
                cell: ({ name, hint, daysLeft, certificate }) => (
                  <TwoLines
                    strong
                    first={name}
                    second={
                      <>
                        <span className={styles.hint}>{hint}…</span>{' '}
                        {certificate !== null && (
                          <Link
                            href={`data:application/x-pem-file,${encodeURIComponent(certificate)}`}
                            download={`${id}.pem`}
                          >
                            Download certificate
                          </Link>
                        )}{' '}
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
                ...actionsColumn,
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
