import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { Client, Connection } from '#contract';
import { To } from '../page/to.tsx';
import { narrow } from '../page/widths.ts';
import { DaysLeft, toneOfDays } from '../values/days-left.tsx';

const furthest = 365;
const lines = [
  { days: 7, label: '7' },
  { days: 30, label: '30' },
  { days: 90, label: '90' },
  { days: 180, label: '180' },
  { days: 365, label: '365 days' },
];

const useStyles = makeStyles({
  rows: { display: 'flex', flexDirection: 'column' },
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(140px, 220px) minmax(0, 1fr) 140px',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalL,
    minHeight: '36px',
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr) auto', rowGap: '6px', paddingBlock: tokens.spacingVerticalS },
  },
  name: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  what: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  days: { textAlign: 'right' },
  track: {
    position: 'relative',
    height: '6px',
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralStroke3,
    [narrow]: { gridColumn: '1 / -1', gridRow: 2 },
  },
  bar: { position: 'absolute', insetBlock: 0, left: 0, minWidth: '6px', borderRadius: tokens.borderRadiusCircular },
  good: { backgroundColor: tokens.colorBrandStroke1 },
  warning: { backgroundColor: tokens.colorStatusWarningBackground3 },
  bad: { backgroundColor: tokens.colorStatusDangerBackground3 },
  scale: { minHeight: '20px', [narrow]: { display: 'none' } },
  axis: {
    position: 'relative',
    height: '20px',
    fontSize: tokens.fontSizeBase100,
    color: tokens.colorNeutralForeground3,
    [narrow]: { display: 'none' },
  },
  tick: { position: 'absolute', transform: 'translateX(-50%)', whiteSpace: 'nowrap' },
  last: { transform: 'translateX(-100%)' },
});

const kindWords = {
  secret: 'secret',
  token: 'token',
  clientSecret: 'client secret',
  product: 'product’s secret',
} as const;

/** Days on an axis that gives the near ones more room: a square root. */
const along = (days: number): string => `${Math.sqrt(Math.min(furthest, Math.max(0, days)) / furthest) * 100}%`;

/** What ends next on each connection and of each product, on one axis of a year. */
export function Horizon({ connections, clients }: { connections: Connection[]; clients: Client[] }) {
  const styles = useStyles();
  const ending = [
    ...connections.flatMap(({ id, name, nextExpiry }) =>
      nextExpiry === null ? [] : [{ id, name, kind: nextExpiry.kind, daysLeft: nextExpiry.daysLeft }],
    ),
    ...clients.flatMap(({ id, name, nextExpiry }) =>
      nextExpiry === null ? [] : [{ id, name, kind: 'product' as const, daysLeft: nextExpiry.daysLeft }],
    ),
  ]
    .toSorted((one, other) => one.daysLeft - other.daysLeft)
    .slice(0, 8);
  return (
    <div className={styles.rows}>
      <ul>
        {ending.map(({ id, name, kind, daysLeft }) => (
          <li key={id} className={styles.row}>
            <span className={styles.name}>
              {kind === 'product' ? (
                <To to="/clients">{name}</To>
              ) : (
                <To
                  to={kind === 'secret' ? '/connections/$connection/secrets' : '/connections/$connection/provisioning'}
                  params={{ connection: id }}
                >
                  {name}
                </To>
              )}{' '}
              <span className={styles.what}>{kindWords[kind]}</span>
            </span>
            <span className={styles.track} aria-hidden>
              <span className={mergeClasses(styles.bar, styles[barOf(daysLeft)])} style={{ width: along(daysLeft) }} />
            </span>
            <span className={styles.days}>
              <DaysLeft days={daysLeft} />
            </span>
          </li>
        ))}
      </ul>
      <div className={mergeClasses(styles.row, styles.scale)} aria-hidden>
        <span />
        <span className={styles.axis}>
          {lines.map(({ days, label }) => (
            <span
              key={days}
              className={mergeClasses(styles.tick, days === furthest && styles.last)}
              style={{ left: along(days) }}
            >
              {label}
            </span>
          ))}
        </span>
      </div>
    </div>
  );
}

function barOf(days: number): 'good' | 'warning' | 'bad' {
  const tone = toneOfDays(days);
  return tone === 'bad' || tone === 'warning' ? tone : 'good';
}
