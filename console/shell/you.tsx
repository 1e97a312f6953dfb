import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { PersonCircle20Regular } from '@fluentui/react-icons/svg/person-circle';
import { SignOut20Regular } from '@fluentui/react-icons/svg/sign-out';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../server/call.ts';
import { useSession } from '../server/session.tsx';
import { type Appearance, useAppearance } from './appearance.tsx';

const useStyles = makeStyles({
  button: {
    width: '100%',
    justifyContent: 'flex-start',
    fontWeight: tokens.fontWeightRegular,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
});

const appearances: [Appearance, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

/** Who is signed in; light or dark; the way out. */
export function You() {
  const styles = useStyles();
  const { actor } = useSession();
  const { chosen, choose } = useAppearance();
  const client = useQueryClient();
  const signOut = async (): Promise<void> => {
    await call('session.end', {});
    client.clear();
    location.assign('/');
  };
  return (
    <Menu
      checkedValues={{ appearance: [chosen] }}
      onCheckedValueChange={(_, { checkedItems: [value] }) => {
        const found = appearances.find(([appearance]) => appearance === value);
        if (found !== undefined) choose(found[0]);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          icon={<PersonCircle20Regular />}
          className={styles.button}
          aria-label={`You: ${actor.name}`}
        >
          {actor.name}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>Appearance</MenuGroupHeader>
            {appearances.map(([value, label]) => (
              <MenuItemRadio key={value} name="appearance" value={value}>
                {label}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuItem icon={<SignOut20Regular />} onClick={() => void signOut()}>
            Sign out
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
