import { makeStyles, tokens } from '@fluentui/react-components';
import { ArrowClockwise20Regular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { Open16Regular } from '@fluentui/react-icons/svg/open';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { Check, CheckReport } from '#contract';
import { Asked } from '../page/asked.tsx';
import { GuardedButton } from '../page/guarded-button.tsx';
import { Outward } from '../page/outward.tsx';
import { Section } from '../page/section.tsx';
import { ask } from '../server/ask.ts';
import { Mark } from '../values/state.tsx';
import { At } from '../values/time.tsx';
import type { Tone } from '../values/tone.ts';
import { useConnection } from './use-connection.ts';

const tones: Record<Check['outcome'], Tone> = { passed: 'good', warning: 'warning', failed: 'bad', waiting: 'waiting' };
const words: Record<Check['outcome'], string> = {
  passed: 'passed',
  warning: 'warning',
  failed: 'failed',
  waiting: 'waiting',
};

const useStyles = makeStyles({
  check: {
    display: 'grid',
    gridTemplateColumns: '16px minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalL} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    lineHeight: tokens.lineHeightBase300,
  },
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    minWidth: 0,
    overflowWrap: 'anywhere',
    maxWidth: '76ch',
  },
  title: { fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase300 },
  outcome: { fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground3 },
  matters: { color: tokens.colorNeutralForeground3 },
  next: {
    marginTop: tokens.spacingVerticalXS,
    paddingLeft: tokens.spacingHorizontalM,
    borderLeft: `3px solid ${tokens.colorBrandStroke1}`,
  },
});

const severity: Check['outcome'][] = ['failed', 'warning', 'waiting', 'passed'];
const bySeverity = (one: Check, other: Check): number =>
  severity.indexOf(one.outcome) - severity.indexOf(other.outcome);

/** D8: questions about the connection that Portico answers by trying. */
export function Checks() {
  const { id } = useConnection();
  const query = useQuery({
    ...ask('connections.checks', { connection: id }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  return (
    <Section
      title="Checks"
      about={
        query.data === undefined ? (
          'Portico tries each of them for real; that takes a few seconds.'
        ) : (
          <ReportWords report={query.data} />
        )
      }
      actions={
        <GuardedButton icon={<ArrowClockwise20Regular />} busy={query.isFetching} onClick={() => void query.refetch()}>
          Run the checks
        </GuardedButton>
      }
    >
      <Asked query={query} what="the checks" rows={8}>
        {({ checks }) => (
          <ul>
            {checks.toSorted(bySeverity).map((check) => (
              <CheckItem key={check.name} check={check} />
            ))}
          </ul>
        )}
      </Asked>
    </Section>
  );
}

function ReportWords({ report: { settings, at, checks } }: { report: CheckReport }) {
  const count = (outcome: Check['outcome']): number => checks.filter((check) => check.outcome === outcome).length;
  const parts = (['failed', 'warning', 'waiting', 'passed'] as const)
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => `${count(outcome)} ${words[outcome]}`);
  return (
    <>
      {parts.join(', ')}. On the {settings} settings, <At at={at} />.
    </>
  );
}

function CheckItem({ check: { title, outcome, saw, matters, next, link } }: { check: Check }) {
  const styles = useStyles();
  const heading = useId();
  return (
    <li className={styles.check} aria-labelledby={heading}>
      <span>
        <Mark tone={tones[outcome]} />
      </span>
      <div className={styles.body}>
        <h3 id={heading} className={styles.title}>
          {title} <span className={styles.outcome}>{words[outcome]}</span>
        </h3>
        <p>{saw}</p>
        <p className={styles.matters}>{matters}</p>
        {next !== null && (
          <p className={styles.next}>
            {next}{' '}
            {link !== null && (
              <Outward href={link} about={title}>
                Open it <Open16Regular aria-hidden />
              </Outward>
            )}
          </p>
        )}
      </div>
    </li>
  );
}
