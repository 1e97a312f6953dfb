import { makeStyles, tokens } from '@fluentui/react-components';
import type { Replay } from '#contract';
import { GuardedButton } from '../page/guarded-button.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { CodeBlock } from '../values/code-block.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { Changes } from './changes.tsx';
import { StatusMark } from './status-mark.tsx';

const useStyles = makeStyles({ none: { color: tokens.colorNeutralForeground3 } });

/** P8: what a recorded request would do now. Nothing is written. */
export function TryAgain({ directory, request }: { directory: string; request: string }) {
  const replay = useAct('requests.replay', []);
  return (
    <Section
      title="What it would do now"
      about="The same request, against the directory as it is now. Nothing of it is written."
      actions={
        <GuardedButton
          right="requests:read"
          busy={replay.isPending}
          onClick={() => replay.mutate({ directory, request })}
        >
          Try again
        </GuardedButton>
      }
    >
      {replay.error !== null && <ProblemNotice problem={replay.error} />}
      {replay.data !== undefined && <Tried replay={replay.data} />}
    </Section>
  );
}

function Tried({ replay: { status, outcome, was, same, changes, differences, answer } }: { replay: Replay }) {
  const styles = useStyles();
  return (
    <>
      <Facts>
        <Fact name="It would be answered">
          <StatusMark status={status} /> {was.status !== status && `instead of ${was.status}`}
        </Fact>
        <Fact name="That is">{outcome}</Fact>
        {same && <Fact name="The answer">The same as then.</Fact>}
      </Facts>
      {changes.length === 0 ? (
        <p className={styles.none}>It would change nothing.</p>
      ) : (
        <Changes label="What it would change" changes={changes} />
      )}
      {differences !== null && differences.length > 0 && (
        <Changes label="How the answer differs" before="Answered then" after="Answered now" changes={differences} />
      )}
      {answer !== null && <CodeBlock label="Body of the answer now" text={answer} />}
    </>
  );
}
