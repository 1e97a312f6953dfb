import {
  Button,
  type ButtonProps,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import type { Right } from '#contract';
import { GuardedButton } from './guarded-button.tsx';
import { ProblemNotice } from './problem-notice.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

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
  icon?: NonNullable<ButtonProps['icon']>;
}

/** A button that asks before it does something that is not easily undone. */
export function Confirm({ label, fullLabel, title, children, does, onConfirm, ...button }: ConfirmProps) {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();

  const confirm = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      setOpen(false);
    } catch (failure) {
      setProblem(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <GuardedButton
        {...button}
        {...(fullLabel === undefined ? {} : { label: fullLabel })}
        onClick={() => {
          setProblem(undefined);
          setOpen(true);
        }}
      >
        {label}
      </GuardedButton>
      <Dialog modalType="alert" open={open} onOpenChange={(_, data) => setOpen(data.open)}>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.content}>
              <div>{children}</div>
              {problem !== undefined && <ProblemNotice problem={problem} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={() => setOpen(false)}>Cancel</Button>
              <GuardedButton appearance="primary" busy={busy} onClick={() => void confirm()}>
                {does}
              </GuardedButton>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </>
  );
}
