import type { ButtonProps } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import type { Right } from '#contract';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { GuardedButton } from './guarded-button.tsx';

interface ConfirmProps {
  /** On the button that opens it. */
  label: string;
  /** Read out where the label alone does not say which one is meant. */
  fullLabel?: string;
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** On the button that does it. */
  does: string;
  right?: Right;
  unable?: string | undefined;
  onConfirm: () => Promise<unknown>;
  appearance?: NonNullable<ButtonProps['appearance']>;
  size?: NonNullable<ButtonProps['size']>;
}

/** A button that asks before it does something that is not easily undone. */
export function Confirm({ label, fullLabel, title, children, does, onConfirm, ...button }: ConfirmProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <GuardedButton
        {...button}
        {...(fullLabel === undefined ? {} : { label: fullLabel })}
        onClick={() => setAsking(true)}
      >
        {label}
      </GuardedButton>
      {asking && (
        <ConfirmDialog question={{ title, words: children, does, onConfirm }} onClose={() => setAsking(false)} />
      )}
    </>
  );
}
