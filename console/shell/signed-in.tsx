import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { ProblemAnswer } from '#contract';
import { Loading } from '../page/loading.tsx';
import { ProblemNotice } from '../page/problem-notice.tsx';
import { ask } from '../server/ask.ts';
import { SessionProvider } from '../server/session.tsx';
import { Shell } from './shell.tsx';
import { SignInNeeded } from './sign-in-needed.tsx';

const useStyles = makeStyles({ alone: { maxWidth: '640px', margin: '0 auto', padding: '96px 24px' } });

/** Finds out who is there before anything else is asked. */
export function SignedIn() {
  const styles = useStyles();
  const session = useQuery({ ...ask('session.get', {}), staleTime: 60_000 });
  if (session.data !== undefined) {
    return (
      <SessionProvider session={session.data}>
        <Shell />
      </SessionProvider>
    );
  }
  if (session.error instanceof ProblemAnswer && session.error.problemName === 'not-authenticated')
    return <SignInNeeded />;
  return (
    <main className={styles.alone}>
      {session.error === null ? (
        <Loading what="the console" />
      ) : (
        <ProblemNotice problem={session.error} onRetry={() => void session.refetch()} />
      )}
    </main>
  );
}
