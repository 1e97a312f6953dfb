import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    overflowX: 'auto',
    scrollbarWidth: 'none',
    gap: tokens.spacingHorizontalXXS,
    marginTop: tokens.spacingVerticalM,
    boxShadow: `inset 0 -1px 0 ${tokens.colorNeutralStroke2}`,
    maskImage: 'linear-gradient(to right, black calc(100% - 24px), transparent)',
    paddingRight: '24px',
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
  return (
    <nav aria-label={label} className={useStyles().bar}>
      {children}
    </nav>
  );
}
