import { makeStyles, tokens } from '@fluentui/react-components';
import { useEffect } from 'react';
import { Copyable } from '../values/copyable.tsx';
import { PorticoMark } from './mark.tsx';

const useStyles = makeStyles({
  page: {
    minHeight: '100vh',
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'center',
    gap: tokens.spacingVerticalXXL,
    maxWidth: '560px',
    margin: '0 auto',
    padding: '48px 24px 15vh',
  },
  title: { fontSize: '28px', lineHeight: '36px', fontWeight: tokens.fontWeightSemibold, letterSpacing: '-0.012em' },
  words: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase500,
    color: tokens.colorNeutralForeground2,
  },
  small: { fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
});

/** What one sees without being signed in: how to get a sign-in link. */
export function SignInNeeded() {
  const styles = useStyles();
  useEffect(() => {
    document.title = 'Sign in · Portico';
  }, []);
  return (
    <main className={styles.page}>
      <PorticoMark />
      <h1 className={styles.title}>Open your sign-in link</h1>
      <div className={styles.words}>
        <p>The console has no password. You come in by a link that works once and then signs this browser in.</p>
        <p>Portico prints one when it starts. For a new one, run this on the server:</p>
        <Copyable value="portico operators link" label="The command" />
        <p className={styles.small}>
          Another operator can also make one for you, under Operators. A link that was used or is too old says so; just
          get the next one.
        </p>
      </div>
    </main>
  );
}
