import { makeStyles, tokens } from '@fluentui/react-components';
import { ChevronRight16Regular } from '@fluentui/react-icons/svg/chevron-right';
import { useState } from 'react';
import type { Event } from '#contract';
import { narrow } from '../page/widths.ts';
import { Mark } from '../values/state.tsx';
import { Ago } from '../values/time.tsx';
import { EventFacts } from './event-facts.tsx';
import { actorWords, eventTone, eventWords } from './event-words.ts';

const useStyles = makeStyles({
  item: {
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    ':last-child': { borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  },
  line: {
    display: 'grid',
    gridTemplateColumns: '16px minmax(0, 1fr) minmax(0, 200px) 130px 16px',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'baseline',
    padding: `${tokens.spacingVerticalSNudge} 0`,
    lineHeight: tokens.lineHeightBase300,
    cursor: 'pointer',
    listStyle: 'none',
    '::-webkit-details-marker': { display: 'none' },
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
    [narrow]: { gridTemplateColumns: '16px minmax(0, 1fr) 16px', rowGap: 0 },
  },
  mark: { alignSelf: 'start' },
  dot: {
    display: 'block',
    width: '6px',
    height: '6px',
    margin: '8px 5px',
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralStroke1,
  },
  what: { minWidth: 0, overflowWrap: 'anywhere' },
  subject: { fontWeight: tokens.fontWeightSemibold },
  who: {
    color: tokens.colorNeutralForeground3,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    [narrow]: { display: 'none' },
  },
  when: {
    color: tokens.colorNeutralForeground3,
    textAlign: 'right',
    whiteSpace: 'nowrap',
    [narrow]: { gridColumn: 2, gridRow: 2, textAlign: 'left', fontSize: tokens.fontSizeBase200 },
  },
  chevron: {
    color: tokens.colorNeutralForeground3,
    alignSelf: 'start',
    paddingTop: '2px',
    [narrow]: { gridColumn: 3, gridRow: 1 },
  },
  opened: { padding: `${tokens.spacingVerticalS} 0 ${tokens.spacingVerticalXXL} 28px`, [narrow]: { paddingLeft: 0 } },
});

/** Events as sentences, newest first; each opens to all that was recorded. */
export function EventList({ events }: { events: Event[] }) {
  return (
    <div>
      {events.map((event) => (
        <EventItem key={event.id} event={event} />
      ))}
    </div>
  );
}

function EventItem({ event }: { event: Event }) {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const { what, subject } = eventWords(event);
  const tone = eventTone(event.type);
  return (
    <details className={styles.item} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className={styles.line}>
        <span className={styles.mark}>
          {tone === 'neutral' ? <span className={styles.dot} /> : <Mark tone={tone} />}
        </span>
        <span className={styles.what}>
          {subject !== null && <span className={styles.subject}>{subject} </span>}
          {what}
        </span>
        <span className={styles.who}>{actorWords(event.actor)}</span>
        <span className={styles.when}>
          <Ago at={event.time} />
        </span>
        <span className={styles.chevron} aria-hidden>
          <ChevronRight16Regular />
        </span>
      </summary>
      {open && (
        <div className={styles.opened}>
          <EventFacts event={event} />
        </div>
      )}
    </details>
  );
}
