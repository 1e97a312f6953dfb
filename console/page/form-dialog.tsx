import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { type ReactNode, useId } from 'react';
import { GuardedButton } from './guarded-button.tsx';
import { ProblemNotice } from './problem-notice.tsx';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
});

interface FormDialogProps {
  open: boolean;
  title: string;
  /** On the button that sends it. */
  does: string;
  busy: boolean;
  problem: Error | null;
  /** Fields whose faults the form shows beside them. */
  fields?: readonly string[];
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

/** A short form in a dialog. Its problems are said inside it; it closes only by success or by hand. */
export function FormDialog({ open, title, does, busy, problem, fields, onClose, onSubmit, children }: FormDialogProps) {
  const styles = useStyles();
  const form = useId();
  return (
    <Dialog modalType="modal" open={open} onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>
            <form
              id={form}
              noValidate
              className={styles.form}
              onSubmit={(event) => {
                event.preventDefault();
                onSubmit();
              }}
            >
              {problem !== null && (
                <ProblemNotice problem={problem} {...(fields === undefined ? {} : { shownFields: fields })} />
              )}
              {children}
            </form>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <GuardedButton appearance="primary" type="submit" form={form} busy={busy}>
              {does}
            </GuardedButton>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
