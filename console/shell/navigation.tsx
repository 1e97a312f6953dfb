import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Building20Regular } from '@fluentui/react-icons/svg/building';
import { Flash20Regular } from '@fluentui/react-icons/svg/flash';
import { Globe20Regular } from '@fluentui/react-icons/svg/globe';
import { History20Regular } from '@fluentui/react-icons/svg/history';
import { Home20Regular } from '@fluentui/react-icons/svg/home';
import { KeyMultiple20Regular } from '@fluentui/react-icons/svg/key-multiple';
import { Mail20Regular } from '@fluentui/react-icons/svg/mail';
import { People20Regular } from '@fluentui/react-icons/svg/people';
import { PersonAccounts20Regular } from '@fluentui/react-icons/svg/person-accounts';
import { PlugConnected20Regular } from '@fluentui/react-icons/svg/plug-connected';
import { ShieldPerson20Regular } from '@fluentui/react-icons/svg/shield-person';
import { WindowApps20Regular } from '@fluentui/react-icons/svg/window-apps';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';
import type { Right } from '#contract';
import { useSession } from '../server/session.tsx';
import { PorticoMark } from './mark.tsx';
import { You } from './you.tsx';

const useStyles = makeStyles({
  nav: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXL, minHeight: '100%' },
  mark: { padding: `0 ${tokens.spacingHorizontalM}` },
  group: { display: 'flex', flexDirection: 'column', gap: '2px' },
  heading: {
    padding: `0 ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXS}`,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground3,
  },
  item: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusLarge,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover, color: tokens.colorNeutralForeground1 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
    '&[data-status="active"]': {
      backgroundColor: tokens.colorNeutralBackground1Selected,
      color: tokens.colorNeutralForeground1,
      fontWeight: tokens.fontWeightSemibold,
    },
    '&[data-status="active"] svg': { color: tokens.colorBrandForeground1 },
  },
  you: { marginTop: 'auto' },
});

function Anchor({ className, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> }) {
  return <a className={mergeClasses(useStyles().item, className)} {...rest} />;
}
const Item = createLink(Anchor);

/** The ways through the console; what one has no right to see is not offered. */
export function Navigation() {
  const styles = useStyles();
  const { rights } = useSession();
  const may = (right: Right, item: ReactNode): ReactNode => (rights.includes(right) ? item : null);
  return (
    <nav aria-label="Console" className={styles.nav}>
      <div className={styles.mark}>
        <PorticoMark />
      </div>
      <div className={styles.group}>
        <Item to="/" activeOptions={{ exact: true, includeSearch: false }}>
          <Home20Regular /> Overview
        </Item>
        {may(
          'connections:read',
          <Item to="/connections">
            <PlugConnected20Regular /> Connections
          </Item>,
        )}
        {may(
          'users:read',
          <Item to="/directories">
            <People20Regular /> Directories
          </Item>,
        )}
        {may(
          'accounts:read',
          <Item to="/accounts">
            <PersonAccounts20Regular /> Accounts
          </Item>,
        )}
        {may(
          'mail:read',
          <Item to="/messages">
            <Mail20Regular /> Messages
          </Item>,
        )}
        {may(
          'events:read',
          <Item to="/events">
            <History20Regular /> Events
          </Item>,
        )}
      </div>
      <div className={styles.group}>
        <span className={styles.heading}>This deployment</span>
        {may(
          'organizations:read',
          <Item to="/organizations">
            <Building20Regular /> Organizations
          </Item>,
        )}
        {may(
          'domains:read',
          <Item to="/domains">
            <Globe20Regular /> E-mail domains
          </Item>,
        )}
        {may(
          'clients:read',
          <Item to="/clients">
            <WindowApps20Regular /> Clients
          </Item>,
        )}
        {may(
          'webhooks:read',
          <Item to="/webhooks">
            <Flash20Regular /> Webhooks
          </Item>,
        )}
        {may(
          'operators:read',
          <Item to="/operators">
            <ShieldPerson20Regular /> Operators
          </Item>,
        )}
        {may(
          'keys:read',
          <Item to="/keys">
            <KeyMultiple20Regular /> API keys
          </Item>,
        )}
      </div>
      <div className={styles.you}>
        <You />
      </div>
    </nav>
  );
}
