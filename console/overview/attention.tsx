import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { To } from '../page/to.tsx';
import { Mark, State } from '../values/state.tsx';
import type { Attention } from './attention-list.ts';

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column' },
  item: {
    display: 'grid',
    gridTemplateColumns: '16px minmax(0, 1fr) auto',
    alignItems: 'start',
    columnGap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalM} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    lineHeight: tokens.lineHeightBase300,
    ':first-child': { borderTop: 'none', paddingTop: 0 },
  },
  words: { minWidth: 0, overflowWrap: 'anywhere' },
  what: { fontWeight: tokens.fontWeightSemibold },
  why: { color: tokens.colorNeutralForeground3, maxWidth: '72ch' },
});

/** What needs attention, as sentences, each with the way to it. */
export function AttentionList({ items }: { items: Attention[] }) {
  const styles = useStyles();
  if (items.length === 0) return <State tone="good">Nothing needs your attention.</State>;
  return (
    <ul className={styles.list}>
      {items.map((item) => (
        <li key={item.id} className={styles.item}>
          <span>
            <Mark tone={item.tone} />
          </span>
          <div className={styles.words}>
            <p className={styles.what}>{item.what}</p>
            <p className={styles.why}>{item.why}</p>
          </div>
          <Way item={item} />
        </li>
      ))}
    </ul>
  );
}

function Way({ item }: { item: Attention }): ReactNode {
  const about = `: ${item.what}`;
  switch (item.place) {
    case 'secrets':
      return (
        <To
          to="/connections/$connection/secrets"
          params={{ connection: item.connection }}
          aria-label={`Secrets${about}`}
        >
          Secrets
        </To>
      );
    case 'provisioning':
      return (
        <To
          to="/connections/$connection/provisioning"
          params={{ connection: item.connection }}
          aria-label={`Provisioning${about}`}
        >
          Provisioning
        </To>
      );
    case 'held':
      return (
        <To
          to="/directories/$directory/held"
          params={{ directory: item.connection }}
          aria-label={`Held changes${about}`}
        >
          Held changes
        </To>
      );
    case 'checks':
      return (
        <To to="/connections/$connection/checks" params={{ connection: item.connection }} aria-label={`Checks${about}`}>
          Checks
        </To>
      );
    case 'message':
      return (
        <To
          to="/messages/$connection/$message"
          params={{ connection: item.connection, message: item.message }}
          aria-label={`Message${about}`}
        >
          Message
        </To>
      );
    case 'requests':
      return (
        <To to="/access-requests" search={{ organization: item.organization }} aria-label={`Requests${about}`}>
          Requests
        </To>
      );
    case 'clients':
      return (
        <To to="/clients" aria-label={`Clients${about}`}>
          Clients
        </To>
      );
    case 'operators':
      return (
        <To to="/operators" aria-label={`Operators${about}`}>
          Operators
        </To>
      );
  }
}
