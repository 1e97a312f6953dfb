import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircle16Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { Circle16Regular } from '@fluentui/react-icons/svg/circle';
import { Clock16Regular } from '@fluentui/react-icons/svg/clock';
import { ErrorCircle16Filled } from '@fluentui/react-icons/svg/error-circle';
import { PauseCircle16Regular } from '@fluentui/react-icons/svg/pause-circle';
import { Warning16Filled } from '@fluentui/react-icons/svg/warning';
import type { ReactNode } from 'react';
import type { Tone } from './tone.ts';

const useStyles = makeStyles({
  state: { display: 'inline-flex', alignItems: 'start', gap: '6px', verticalAlign: 'bottom', minWidth: 0 },
  mark: { display: 'inline-flex', flexShrink: 0, paddingTop: '2px' },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  waiting: { color: tokens.colorBrandForeground1 },
  paused: { color: tokens.colorNeutralForeground3 },
  neutral: { color: tokens.colorNeutralForeground3 },
});

const shapes: Record<Tone, ReactNode> = {
  good: <CheckmarkCircle16Filled />,
  warning: <Warning16Filled />,
  bad: <ErrorCircle16Filled />,
  waiting: <Clock16Regular />,
  paused: <PauseCircle16Regular fontSize={16} />,
  neutral: <Circle16Regular />,
};

/** The mark of a tone, without words; decoration only. */
export function Mark({ tone }: { tone: Tone }) {
  const styles = useStyles();
  return (
    <span aria-hidden className={mergeClasses(styles.mark, styles[tone])}>
      {shapes[tone]}
    </span>
  );
}

/** A state: a mark and the word. */
export function State({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={useStyles().state}>
      <Mark tone={tone} />
      <span>{children}</span>
    </span>
  );
}
