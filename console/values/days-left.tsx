import { makeStyles, tokens } from '@fluentui/react-components';
import { State } from './state.tsx';
import { daysLeftWords } from './time-words.ts';
import type { Tone } from './tone.ts';

const useStyles = makeStyles({ calm: { color: tokens.colorNeutralForeground2, whiteSpace: 'nowrap' } });

/** K3: from 30 days on it warns, from 7 days on it is urgent. */
export function toneOfDays(days: number): Tone {
  if (days <= 7) return 'bad';
  return days <= 30 ? 'warning' : 'good';
}

/** How long something still holds. Quiet while there is time, marked when there is not. */
export function DaysLeft({ days }: { days: number | null }) {
  const styles = useStyles();
  if (days === null) return <span className={styles.calm}>end not known</span>;
  const tone = toneOfDays(days);
  if (tone === 'good') return <span className={styles.calm}>{daysLeftWords(days)}</span>;
  return <State tone={tone}>{daysLeftWords(days)}</State>;
}
