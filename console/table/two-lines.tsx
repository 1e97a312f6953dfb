import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  cell: { display: 'flex', flexDirection: 'column', minWidth: 0 },
  strong: { fontWeight: tokens.fontWeightSemibold },
  second: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
});

interface TwoLinesProps {
  first: ReactNode;
  second: ReactNode;
  /** It names the thing of the row. */
  strong?: boolean;
}

/** A cell with what it is, and below it, quieter, what else one wants to know. */
export function TwoLines({ first, second, strong = false }: TwoLinesProps) {
  const styles = useStyles();
  return (
    <span className={styles.cell}>
      <span className={strong ? styles.strong : ''}>{first}</span>
      <span className={styles.second}>{second}</span>
    </span>
  );
}
