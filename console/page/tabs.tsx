import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { createLink, useLocation } from '@tanstack/react-router';
import { type AnchorHTMLAttributes, type ReactNode, type Ref, useEffect, useRef } from 'react';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    overflowX: 'auto',
    scrollbarWidth: 'none',
    gap: tokens.spacingHorizontalXXS,
    marginTop: tokens.spacingVerticalM,
    boxShadow: `inset 0 -1px 0 ${tokens.colorNeutralStroke2}`,
  },
  tab: {
    flexShrink: 0,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    whiteSpace: 'nowrap',
    borderBottom: '2px solid transparent',
    ':hover': { color: tokens.colorNeutralForeground1, borderBottomColor: tokens.colorNeutralStroke1Hover },
    ':focus-visible': {
      outline: `2px solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: '-2px',
      borderRadius: tokens.borderRadiusMedium,
    },
    '&[aria-current="page"]': {
      color: tokens.colorNeutralForeground1,
      fontWeight: tokens.fontWeightSemibold,
      borderBottomColor: tokens.colorCompoundBrandStroke,
    },
  },
});

function TabAnchor({ className, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> }) {
  return <a className={mergeClasses(useStyles().tab, className)} {...rest} />;
}

/** One tab: a page with an address of its own. */
export const ToTab = createLink(TabAnchor);

/** The pages of one subject, side by side. They are links, so each can be opened by its address. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  const bar = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    if (pathname === '') return;
    bar.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [pathname]);
  return (
    <nav aria-label={label} ref={bar} className={useStyles().bar}>
      {children}
    </nav>
  );
}
