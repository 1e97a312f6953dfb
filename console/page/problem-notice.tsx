import { Button, MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from '@fluentui/react-components';
import { problemWords, sentence } from '../server/problem-words.ts';
import { Copyable } from '../values/copyable.tsx';

const useStyles = makeStyles({
  bar: { alignItems: 'start' },
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    paddingBlock: tokens.spacingVerticalS,
    whiteSpace: 'normal',
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  next: { fontWeight: tokens.fontWeightSemibold },
  request: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

interface ProblemNoticeProps {
  problem: Error;
  onRetry?: (() => void) | undefined;
  /** Fields that the form shows itself, so that they are not said twice. */
  shownFields?: readonly string[];
}

/** A failure as people can use it: what happened, why, what to do next, and the request id to quote. */
export function ProblemNotice({ problem, onRetry, shownFields = [] }: ProblemNoticeProps) {
  const styles = useStyles();
  const { title, why, next, requestId, fields } = problemWords(problem);
  const others = fields.filter(({ field }) => !shownFields.some((shown) => field.endsWith(shown)));
  return (
    <MessageBar intent="error" layout="multiline" className={styles.bar}>
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>{title}</MessageBarTitle>
        {why !== undefined && <p>{sentence(why)}</p>}
        {others.map(({ field, detail }) => (
          <p key={field}>
            <code>{field}</code>: {detail}
          </p>
        ))}
        {next !== undefined && <p className={styles.next}>{sentence(next)}</p>}
        {requestId !== undefined && (
          <p className={styles.request}>
            Request id <Copyable value={requestId} label="Request id" inline />
          </p>
        )}
        {onRetry !== undefined && (
          <div>
            <Button size="small" onClick={onRetry}>
              Try again
            </Button>
          </div>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}
