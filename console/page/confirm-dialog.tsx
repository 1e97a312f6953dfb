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
import { type ReactNode, useState } from 'react';
import { GuardedButton } from './guarded-button.tsx';
import { ProblemNotice } from './problem-notice.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

/** What is asked before something that is not easily undone. */
export interface Question {
  title: string;
  /** What will happen. */
  words: ReactNode;
  /** On the button that does it. */
  does: string;
  onConfirm: () => Promise<unknown>;
}

/** Asks, does it, and says if it failed. It closes when it is done. */
export function ConfirmDialog({ question, onClose }: { question: Question; onClose: () => void }) {
  const styles = useStyles();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const { title, words, does, onConfirm } = question;

  const confirm = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setProblem(failure instanceof Error ? failure : new Error(String(failure)));
      setBusy(false);
    }
  };

  return (
    <Dialog modalType="alert" open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            <div>{words}</div>
            {problem !== undefined && <ProblemNotice problem={problem} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <GuardedButton appearance="primary" busy={busy} onClick={() => void confirm()}>
              {does}
            </GuardedButton>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
