import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Connection } from '#contract';
import { Confirm } from '../page/confirm.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { useAct } from '../server/act.ts';
import { ask } from '../server/ask.ts';
import { useTold } from '../shell/told.tsx';

/** What can be done with a connection in its present state (C8); the foremost action is the next step. */
export function ConnectionActions({
  connection: { id, name, state, live, draft, draftTestedAt, canRollBack },
}: {
  connection: Connection;
}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const told = useTold();
  const test = useAct('connections.test', ['connections']);
  const activate = useAct('connections.activate', ['connections', 'directories']);
  const pause = useAct('connections.pause', ['connections']);
  const rollback = useAct('connections.rollback', ['connections']);
  const problem = test.error ?? activate.error;
  const tested = draftTestedAt !== null;

  const runTest = async (): Promise<void> => {
    const report = await test.mutateAsync({ connection: id });
    client.setQueryData(ask('connections.checks', { connection: id }).queryKey, report);
    await navigate({ to: '/connections/$connection/checks', params: { connection: id } });
  };
  const goLive = async (): Promise<void> => {
    await activate.mutateAsync({ connection: id });
    told(`${name} is active`);
  };

  return (
    <>
      {canRollBack && (
        <Confirm
          label="Roll back"
          right="connections:update"
          title="Go back to the settings before?"
          does="Roll back"
          onConfirm={async () => {
            await rollback.mutateAsync({ connection: id });
            told('The settings before are live again');
          }}
        >
          The settings before the last activation become the live ones again, at once.
        </Confirm>
      )}
      {state === 'active' && (
        <Confirm
          label="Pause"
          right="connections:update"
          title={`Pause ${name}?`}
          does="Pause"
          onConfirm={async () => {
            await pause.mutateAsync({ connection: id });
            told(`${name} is paused`);
          }}
        >
          Nobody signs in by it, nothing is provisioned, no mail moves, until it is taken up again. Nothing is lost.
        </Confirm>
      )}
      {draft !== null && (
        <GuardedButton
          right="connections:update"
          appearance={tested ? 'secondary' : 'primary'}
          busy={test.isPending}
          onClick={() => void runTest().catch(() => {})}
        >
          {tested ? 'Test again' : 'Test the draft'}
        </GuardedButton>
      )}
      {draft !== null && (
        <GuardedButton
          right="connections:update"
          appearance={tested ? 'primary' : 'secondary'}
          busy={activate.isPending}
          unable={tested ? undefined : 'Only settings that passed their test can go live. Test the draft first.'}
          onClick={() => void goLive().catch(() => {})}
        >
          {live === null ? 'Activate' : 'Activate the draft'}
        </GuardedButton>
      )}
      {draft === null && state === 'paused' && (
        <GuardedButton
          right="connections:update"
          appearance="primary"
          busy={activate.isPending}
          onClick={() => void goLive().catch(() => {})}
        >
          Take up again
        </GuardedButton>
      )}
      {problem !== null && <ProblemNotice problem={problem} />}
    </>
  );
}
