import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  box: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'start',
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalXXL}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  title: { fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  about: { color: tokens.colorNeutralForeground2, maxWidth: '64ch', lineHeight: tokens.lineHeightBase300 },
});

interface NothingHereProps {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

/** What stands in an empty place: what would be here, and how it gets here. */
export function NothingHere({ title, children, action }: NothingHereProps) {
  const styles = useStyles();
  return (
    <div className={styles.box}>
      <p className={styles.title}>{title}</p>
      <div className={styles.about}>{children}</div>
      {action}
    </div>
  );
}
