import { Button, type ButtonProps, Spinner, Tooltip } from '@fluentui/react-components';
import type { Right } from '#contract';
import { missingRight, useRight } from '../server/session.tsx';

type GuardedButtonProps = Pick<ButtonProps, 'appearance' | 'size' | 'children' | 'icon'> & {
  /** The right that the action takes. */
  right?: Right;
  /** Why it is not possible now, where it is not. */
  unable?: string | undefined;
  busy?: boolean;
  type?: 'button' | 'submit';
  form?: string;
  onClick?: () => void;
  label?: string;
};

/** A button that says why it cannot be pressed: a missing right, or the present state. It stays in the tab order to say so. */
export function GuardedButton({ right, unable, busy = false, label, icon, children, ...rest }: GuardedButtonProps) {
  const allowed = useRight(right);
  const reason = !allowed && right !== undefined ? missingRight(right) : unable;
  const button = (
    <Button
      {...rest}
      {...(busy ? { icon: <Spinner size="tiny" /> } : icon === undefined ? {} : { icon })}
      {...(label === undefined ? {} : { 'aria-label': label })}
      disabledFocusable={busy || reason !== undefined}
    >
      {children}
    </Button>
  );
  if (reason === undefined) return button;
  return (
    <Tooltip content={reason} relationship="description" withArrow>
      {button}
    </Tooltip>
  );
}
