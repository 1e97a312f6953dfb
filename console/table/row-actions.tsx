import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { MoreHorizontal20Regular } from '@fluentui/react-icons/svg/more-horizontal';
import { useState } from 'react';
import type { Right } from '#contract';
import { ConfirmDialog, type Question } from '../page/confirm-dialog.tsx';
import { missingRight, useSession } from '../server/session.tsx';

/** One thing to do with the thing of a row: at once, or after a question. */
export type RowAction = { label: string; right: Right; unable?: string | undefined } & (
  | { onSelect: () => void }
  | { question: Question }
);

/** The column of a table that holds them: the last one. */
export const actionsColumn = { title: 'Actions', quiet: true, width: '48px', align: 'end' } as const;

/** What can be done with the thing of a row, behind one button: it fits any width. */
export function RowActions({ about, actions }: { about: string; actions: RowAction[] }) {
  const { rights } = useSession();
  const [asked, setAsked] = useState<Question>();
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button
            appearance="subtle"
            size="small"
            icon={<MoreHorizontal20Regular />}
            aria-label={`Actions for ${about}`}
          />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {actions.map((action) => {
              const reason = rights.includes(action.right) ? action.unable : missingRight(action.right);
              return (
                <MenuItem
                  key={action.label}
                  disabled={reason !== undefined}
                  {...(reason === undefined ? {} : { subText: reason })}
                  onClick={() => ('question' in action ? setAsked(action.question) : action.onSelect())}
                >
                  {action.label}
                </MenuItem>
              );
            })}
          </MenuList>
        </MenuPopover>
      </Menu>
      {asked !== undefined && <ConfirmDialog question={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}
