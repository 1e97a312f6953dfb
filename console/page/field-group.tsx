import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  group: { display: 'flex', flexDirection: 'column', border: 'none', margin: 0, padding: 0, minWidth: 0 },
  legend: { padding: `0 0 ${tokens.spacingVerticalXXS}` },
  fault: { color: tokens.colorStatusDangerForeground1, fontSize: tokens.fontSizeBase200 },
});

/** Several boxes to tick under one question. */
export function FieldGroup({
  label,
  fault,
  children,
}: {
  label: string;
  fault?: string | undefined;
  children: ReactNode;
}) {
  const styles = useStyles();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{label}</legend>
      {fault !== undefined && <p className={styles.fault}>{fault}</p>}
      {children}
    </fieldset>
  );
}
