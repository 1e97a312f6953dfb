import { makeStyles, tokens } from '@fluentui/react-components';
import { type ReactNode, useEffect } from 'react';
import { medium, narrow } from './widths.ts';

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXXL, minWidth: 0 },
  head: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, minWidth: 0 },
  trail: { fontSize: tokens.fontSizeBase300, color: tokens.colorNeutralForeground3, minWidth: 0 },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalM,
    minWidth: 0,
  },
  title: {
    fontSize: '28px',
    lineHeight: '36px',
    fontWeight: tokens.fontWeightSemibold,
    letterSpacing: '-0.012em',
    overflowWrap: 'anywhere',
    minWidth: 0,
    [narrow]: { fontSize: '24px', lineHeight: '32px' },
  },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    marginLeft: 'auto',
    [medium]: { marginLeft: '0', width: '100%' },
  },
  lead: {
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    color: tokens.colorNeutralForeground2,
    maxWidth: '68ch',
    overflowWrap: 'anywhere',
  },
});

interface PageProps {
  title: string;
  /** Beside the title, such as a state. */
  beside?: ReactNode;
  /** The way back up. */
  trail?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Below the head, such as tabs. */
  tabs?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: title, what it is about, what one can do, and the content. */
export function Page({ title, beside, trail, lead, actions, tabs, children }: PageProps) {
  const styles = useStyles();
  useEffect(() => {
    document.title = `${title} · Portico`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        {trail !== undefined && (
          <nav aria-label="Breadcrumb" className={styles.trail}>
            {trail}
          </nav>
        )}
        <div className={styles.line}>
          <h1 className={styles.title}>{title}</h1>
          {beside}
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </div>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        {tabs}
      </header>
      {children}
    </div>
  );
}
