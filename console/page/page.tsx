import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { type ReactNode, useEffect } from 'react';
import { medium, narrow } from './widths.ts';

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXXL, minWidth: 0 },
  head: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'start',
    columnGap: tokens.spacingHorizontalXXL,
    rowGap: tokens.spacingVerticalS,
    minWidth: 0,
    [medium]: { gridTemplateColumns: 'minmax(0, 1fr)', rowGap: tokens.spacingVerticalM },
  },
  wide: { gridColumn: '1 / -1', minWidth: 0 },
  trail: {
    fontSize: tokens.fontSizeBase300,
    color: tokens.colorNeutralForeground3,
    marginBottom: tokens.spacingVerticalS,
  },
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
    gridColumn: 2,
    gridRow: 1,
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'flex-end',
    gap: tokens.spacingHorizontalS,
    [medium]: { gridColumn: 1, gridRow: 'auto', justifyContent: 'flex-start' },
  },
  lead: {
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    color: tokens.colorNeutralForeground2,
    maxWidth: '76ch',
    textWrap: 'pretty',
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
      <header>
        {trail !== undefined && (
          <nav aria-label="Breadcrumb" className={styles.trail}>
            {trail}
          </nav>
        )}
        <div className={styles.head}>
          <div className={styles.line}>
            <h1 className={styles.title}>{title}</h1>
            {beside}
          </div>
          {lead !== undefined && <p className={mergeClasses(styles.lead, styles.wide)}>{lead}</p>}
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
          {tabs !== undefined && tabs !== false && <div className={styles.wide}>{tabs}</div>}
        </div>
      </header>
      {children}
    </div>
  );
}
