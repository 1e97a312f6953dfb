import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  link: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '4px',
    color: tokens.colorBrandForegroundLink,
    borderRadius: tokens.borderRadiusSmall,
    ':hover': { color: tokens.colorBrandForegroundLinkHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '2px' },
  },
});

/** A link out of the console, such as into the portal of Entra; it opens beside. Only http and https are followed. */
export function Outward({ href, about, children }: { href: string; about: string; children: ReactNode }) {
  const styles = useStyles();
  if (!/^https?:\/\//.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer" className={styles.link} title={`${about}, opens in a new tab`}>
      {children}
    </a>
  );
}
