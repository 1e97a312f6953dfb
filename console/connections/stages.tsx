import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Checkmark16Filled } from '@fluentui/react-icons/svg/checkmark';
import { useQuery } from '@tanstack/react-query';
import type { Connection } from '#contract';
import { ToInText } from '../page/to.tsx';
import { narrow } from '../page/widths.ts';
import { ask } from '../server/ask.ts';
import { useRight } from '../server/session.tsx';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(4, minmax(0, 1fr))',
    gap: tokens.spacingHorizontalL,
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalM },
  },
  stage: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXXS,
    borderTop: `3px solid ${tokens.colorNeutralStroke2}`,
    paddingTop: tokens.spacingVerticalS,
    lineHeight: tokens.lineHeightBase300,
  },
  done: { borderTopColor: tokens.colorBrandStroke1 },
  name: { display: 'flex', alignItems: 'center', gap: '6px', fontWeight: tokens.fontWeightSemibold },
  tick: { color: tokens.colorBrandForeground1, display: 'inline-flex' },
  about: { color: tokens.colorNeutralForeground3 },
});

/** The way of a draft to being live, with what is done and what comes next. */
export function Stages({ connection: { id, draft, draftTestedAt } }: { connection: Connection }) {
  const styles = useStyles();
  const maySeeSecrets = useRight('secrets:read');
  const secrets = useQuery({ ...ask('secrets.list', { connection: id, query: {} }), enabled: maySeeSecrets });
  if (draft === null) return null;
  const registered = draft.clientId !== null;
  const proven = secrets.data?.items.some(({ provenAt }) => provenAt !== null) ?? false;
  const tested = draftTestedAt !== null;
  const params = { connection: id };
  const stages = [
    {
      name: 'Set up Entra',
      done: registered,
      about: registered ? (
        'The application’s id is known.'
      ) : (
        <>
          Follow the{' '}
          <ToInText to="/connections/$connection/setup" params={params}>
            steps
          </ToInText>
          , then enter the application’s id in the{' '}
          <ToInText to="/connections/$connection/settings" params={params}>
            settings
          </ToInText>
          .
        </>
      ),
    },
    {
      name: 'Store the secret',
      done: proven,
      about: proven ? (
        'It has proven itself by a token.'
      ) : (
        <>
          Paste its value under{' '}
          <ToInText to="/connections/$connection/secrets" params={params}>
            Secrets
          </ToInText>{' '}
          and prove it.
        </>
      ),
    },
    {
      name: 'Test',
      done: tested,
      about: tested ? 'No check failed.' : 'Every check is run on the draft; what is live is not touched.',
    },
    { name: 'Activate', done: false, about: tested ? 'The draft is ready to go live.' : 'Then people can use it.' },
  ];
  return (
    <ol className={styles.list} aria-label="Way to being live">
      {stages.map(({ name, done, about }) => (
        <li key={name} className={mergeClasses(styles.stage, done && styles.done)}>
          <span className={styles.name}>
            {name}
            {done && (
              <span className={styles.tick}>
                <Checkmark16Filled aria-label="done" />
              </span>
            )}
          </span>
          <span className={styles.about}>{about}</span>
        </li>
      ))}
    </ol>
  );
}
