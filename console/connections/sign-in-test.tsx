import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { Open16Regular } from '@fluentui/react-icons/svg/open';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { SignInTest as SignInTestShape } from '#contract';
import { Asked } from '../page/asked.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { Outward } from '../page/outward.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { Section } from '../page/section.tsx';
import { useAct } from '../server/act.ts';
import { ask } from '../server/ask.ts';
import { Copyable } from '../values/copyable.tsx';
import { Fact, Facts } from '../values/facts.tsx';
import { State } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';
import { useConnection } from './use-connection.ts';

const route = getRouteApi('/connections/$connection/sign-in-test');
const pollEvery = 2_000;

const useStyles = makeStyles({
  waiting: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'start',
    gap: tokens.spacingVerticalL,
    maxWidth: '72ch',
  },
  refusal: { display: 'flex', flexDirection: 'column', whiteSpace: 'normal', paddingBlock: tokens.spacingVerticalS },
  claim: { fontFamily: tokens.fontFamilyMonospace, fontSize: '13px' },
});

/** D5: signs in for real and shows the claims and what would happen, without creating anything. */
export function SignInTest() {
  const { id } = useConnection();
  const { test } = route.useSearch();
  const navigate = route.useNavigate();
  const start = useAct('connections.testSignIn', []);
  const begin = async (): Promise<void> => {
    const { id: started } = await start.mutateAsync({ connection: id });
    await navigate({ search: { test: started }, replace: true });
  };
  return (
    <Section
      title="Test sign-in"
      about="You sign in at Entra for real and see what Portico would make of it. No account is created, nobody is signed in."
      actions={
        <GuardedButton
          right="connections:update"
          appearance={test === undefined ? 'primary' : 'secondary'}
          busy={start.isPending}
          onClick={() => void begin().catch(() => {})}
        >
          {test === undefined ? 'Start a test' : 'Start another'}
        </GuardedButton>
      }
    >
      {start.error !== null && <ProblemNotice problem={start.error} />}
      {test !== undefined && <Running connection={id} test={test} />}
    </Section>
  );
}

function Running({ connection, test }: { connection: string; test: string }) {
  const query = useQuery({
    ...ask('connections.signInTest', { connection, test }),
    refetchInterval: ({ state: { data } }) => (data === undefined || data.state === 'waiting' ? pollEvery : false),
  });
  return (
    <Asked query={query} what="the test">
      {(shown) => (shown.state === 'waiting' ? <Waiting test={shown} /> : <Outcome test={shown} />)}
    </Asked>
  );
}

function Waiting({ test: { url, expiresAt } }: { test: SignInTestShape }) {
  const styles = useStyles();
  return (
    <div className={styles.waiting}>
      <Outward href={url} about="Test sign-in">
        Open the sign-in page <Open16Regular aria-hidden />
      </Outward>
      <p>To sign in as somebody else, open this in another browser or a private window:</p>
      <Copyable value={url} label="Address of the test" />
      <Spinner size="tiny" label="Waiting for the sign-in" />
      <p>
        It can be used until <Ago at={expiresAt} />.
      </p>
    </div>
  );
}

function Outcome({ test: { state, claims, wouldDo, refusal } }: { test: SignInTestShape }) {
  const styles = useStyles();
  return (
    <>
      <State tone={state === 'passed' ? 'good' : 'bad'}>
        {state === 'passed' ? 'The sign-in worked.' : 'The sign-in did not work.'}
      </State>
      {refusal !== null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody className={styles.refusal}>
            <MessageBarTitle>
              {refusal.code === null ? 'Portico would refuse this person' : `Entra refused: ${refusal.code}`}
            </MessageBarTitle>
            <p>{refusal.meaning}</p>
            <p>{refusal.remedy}</p>
          </MessageBarBody>
        </MessageBar>
      )}
      {wouldDo.length > 0 && (
        <Section title="What Portico would do">
          <Facts>
            {wouldDo.map(({ question, answer, good }) => (
              <Fact key={question} name={question}>
                <State tone={good ? 'good' : 'warning'}>{answer}</State>
              </Fact>
            ))}
          </Facts>
        </Section>
      )}
      {claims !== null && (
        <Section title="Claims" about="What the id token said, decoded.">
          <Facts>
            {Object.entries(claims).map(([name, value]) => (
              <Fact key={name} name={name}>
                <span className={styles.claim}>{typeof value === 'string' ? value : JSON.stringify(value)}</span>
              </Fact>
            ))}
          </Facts>
        </Section>
      )}
    </>
  );
}
