import { makeStyles, tokens } from '@fluentui/react-components';
import { ChevronRight16Regular } from '@fluentui/react-icons/svg/chevron-right';
import { Children, type ReactNode } from 'react';

const useStyles = makeStyles({
  list: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  item: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
});

/** Where a page stands: links upwards, in order. */
export function Trail({ children }: { children: ReactNode }) {
  const styles = useStyles();
  return (
    <ol className={styles.list}>
      {Children.map(Children.toArray(children), (child) => (
        <li className={styles.item}>
          {child}
          <ChevronRight16Regular aria-hidden />
        </li>
      ))}
    </ol>
  );
}
