import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProviderKey } from '#contract';
import { ConfirmDialog, type Question } from '../page/confirm-dialog.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { ask } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';
import { Table } from '../table/table.tsx';
import { Ago } from '../values/time.tsx';

const stateWords: Record<ProviderKey['state'], string> = {
  signs: 'signs now',
  next: 'signs next',
  over: 'signs no more; published until what it signed is over',
};

/** What the provider signs with. */
export function ProviderKeys() {
  const { data } = useQuery(ask('providerKeys.list', {}));
  const rotate = useAct('providerKeys.rotate', ['providerKeys']);
  const told = useTold();
  const [asked, setAsked] = useState<Question>();
  const rotateWith = (forgetOld: boolean) => async (): Promise<void> => {
    await rotate.mutateAsync({ body: { forgetOld } });
    told('The provider has new keys');
  };
  return (
    <Section
      title="Keys"
      about="What tokens are signed with. They change by themselves every 90 days; products find them at the issuer."
      actions={
        <>
          <GuardedButton
            right="provider:rotate"
            onClick={() =>
              setAsked({
                title: 'Change the keys?',
                does: 'Change',
                words:
                  'The new keys sign in five minutes, when products know them. What the old ones signed stays valid.',
                onConfirm: rotateWith(false),
              })
            }
          >
            Change the keys
          </GuardedButton>
          <GuardedButton
            right="provider:rotate"
            onClick={() =>
              setAsked({
                title: 'Forget the old keys?',
                does: 'Forget',
                words:
                  'For keys that somebody else may have. What they signed is worth nothing at once; products that looked at the keys a moment ago refuse sign-ins for some minutes.',
                onConfirm: rotateWith(true),
              })
            }
          >
            Forget the old keys
          </GuardedButton>
        </>
      }
    >
      <Table
        label="Keys"
        items={data?.items ?? []}
        keyOf={({ kid }) => kid}
        columns={[
          { title: 'Key', cell: ({ kid }) => <code>{kid}</code> },
          { title: 'Signs', width: '72px', cell: ({ alg }) => alg },
          { title: 'State', cell: ({ state }) => stateWords[state] },
          { title: 'Since', width: '120px', from: 'narrow', cell: ({ signsAt }) => <Ago at={signsAt} /> },
        ]}
      />
      {asked !== undefined && <ConfirmDialog question={asked} onClose={() => setAsked(undefined)} />}
    </Section>
  );
}
