import { makeStyles, tokens } from '@fluentui/react-components';
import type { Connection, Directory } from '#contract';
import { narrow } from '../page/widths.ts';
import { daysLeftWords } from '../values/time-words.ts';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(4, minmax(0, 1fr))',
    rowGap: tokens.spacingVerticalXL,
    [narrow]: { gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' },
  },
  figure: {
    display: 'flex',
    flexDirection: 'column-reverse',
    justifyContent: 'flex-end',
    gap: tokens.spacingVerticalXXS,
    paddingLeft: tokens.spacingHorizontalL,
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    minWidth: 0,
  },
  value: {
    fontSize: '32px',
    lineHeight: '40px',
    fontWeight: tokens.fontWeightSemibold,
    letterSpacing: '-0.02em',
    fontVariantNumeric: 'tabular-nums',
    [narrow]: { fontSize: '26px', lineHeight: '32px' },
  },
  name: { color: tokens.colorNeutralForeground3 },
});

interface FiguresProps {
  connections: Connection[];
  directories: Directory[];
}

/** The few numbers by which one sees how large it is and whether it lives. */
export function Figures({ connections, directories }: FiguresProps) {
  const styles = useStyles();
  const active = connections.filter(({ state }) => state === 'active').length;
  const sum = (count: (directory: Directory) => number): string =>
    directories.reduce((total, directory) => total + count(directory), 0).toLocaleString('en');
  const days = connections.flatMap(({ nextExpiry }) => nextExpiry?.daysLeft ?? []);
  const figures = [
    { value: String(active), name: active === 1 ? 'active connection' : 'active connections' },
    { value: sum(({ activeUsers }) => activeUsers), name: 'active users' },
    { value: sum(({ groups }) => groups), name: 'groups' },
    ...(days.length === 0 ? [] : [nextEnd(Math.min(...days))]),
  ];
  return (
    <dl className={styles.list}>
      {figures.map(({ value, name }) => (
        <div key={name} className={styles.figure}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function nextEnd(days: number): { value: string; name: string } {
  if (days <= 0) return { value: '0', name: `days: a secret or token ${daysLeftWords(days)}` };
  return { value: days.toLocaleString('en'), name: `${days === 1 ? 'day' : 'days'} until a secret or token ends` };
}
