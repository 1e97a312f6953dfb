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
import type { ReactNode } from 'react';
import { Copyable } from './copyable.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  values: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  name: { color: tokens.colorNeutralForeground3, marginBottom: tokens.spacingVerticalXS },
});

interface ShownOnceProps {
  title: string;
  /** What to do with it. */
  children: ReactNode;
  values: { label: string; value: string }[];
  onClose: () => void;
}

/** A credential that was just made. It closes only by its button, since the value does not come back. */
export function ShownOnce({ title, children, values, onClose }: ShownOnceProps) {
  const styles = useStyles();
  return (
    <Dialog modalType="alert" open>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            <div>{children}</div>
            <div className={styles.values}>
              {values.map(({ label, value }) => (
                <div key={label}>
                  <p className={styles.name}>{label}</p>
                  <Copyable value={value} label={label} />
                </div>
              ))}
            </div>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              I have stored it
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
