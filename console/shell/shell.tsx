import { Button, makeStyles, OverlayDrawer, tokens } from '@fluentui/react-components';
import { Navigation24Regular } from '@fluentui/react-icons/svg/navigation';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { BreakGlassBanner } from '../access/break-glass-banner.tsx';
import { medium, narrow } from '../page/widths.ts';
import { PorticoMark } from './mark.tsx';
import { Navigation } from './navigation.tsx';

const useStyles = makeStyles({
  frame: {
    display: 'grid',
    gridTemplateColumns: '248px minmax(0, 1fr)',
    minHeight: '100vh',
    [medium]: { display: 'block' },
  },
  side: { backgroundColor: tokens.colorNeutralBackground2, [medium]: { display: 'none' } },
  held: {
    position: 'sticky',
    top: 0,
    height: '100vh',
    overflowY: 'auto',
    padding: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalM}`,
  },
  top: {
    display: 'none',
    [medium]: {
      display: 'flex',
      alignItems: 'center',
      gap: tokens.spacingHorizontalS,
      position: 'sticky',
      top: 0,
      zIndex: 10,
      padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
      backgroundColor: tokens.colorNeutralBackground1,
      borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    },
  },
  drawer: { padding: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalM}`, width: '280px', overflowY: 'auto' },
  main: {
    minWidth: 0,
    width: '100%',
    maxWidth: '1184px',
    padding: '40px 48px 96px',
    outline: 'none',
    [medium]: { padding: '32px 32px 80px' },
    [narrow]: { padding: '20px 16px 64px' },
  },
  skip: {
    position: 'absolute',
    left: '-9999px',
    ':focus': {
      left: tokens.spacingHorizontalM,
      top: tokens.spacingVerticalS,
      zIndex: 20,
      padding: tokens.spacingHorizontalM,
      backgroundColor: tokens.colorNeutralBackground1,
      color: tokens.colorBrandForegroundLink,
    },
  },
});

/** The frame around every page: navigation beside it, or behind a button where there is little room. */
export function Shell() {
  const styles = useStyles();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shownPath = useRef(pathname);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    if (shownPath.current === pathname) return;
    shownPath.current = pathname;
    setOpen(false);
    main.current?.focus();
  }, [pathname]);

  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        Skip to content
      </a>
      <div className={styles.side}>
        <div className={styles.held}>
          <Navigation />
        </div>
      </div>
      <header className={styles.top}>
        <Button
          appearance="subtle"
          icon={<Navigation24Regular />}
          aria-label="Open navigation"
          aria-expanded={open}
          onClick={() => setOpen(true)}
        />
        <PorticoMark />
      </header>
      <OverlayDrawer
        open={open}
        onOpenChange={(_, data) => setOpen(data.open)}
        className={styles.drawer}
        aria-label="Navigation"
      >
        <Navigation />
      </OverlayDrawer>
      <main id="content" ref={main} tabIndex={-1} className={styles.main}>
        <BreakGlassBanner />
        <Outlet />
      </main>
    </div>
  );
}
