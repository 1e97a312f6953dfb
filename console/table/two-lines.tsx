import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  cell: { display: 'flex', flexDirection: 'column', minWidth: 0 },
  second: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
});

/** A cell with what it is, and below it, quieter, what else one wants to know. */
export function TwoLines({ first, second }: { first: ReactNode; second: ReactNode }) {
  const styles = useStyles();
  return (
    <span className={styles.cell}>
      <span>{first}</span>
      <span className={styles.second}>{second}</span>
    </span>
  );
}
