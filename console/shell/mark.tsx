import { makeStyles, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  mark: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  sign: { width: '24px', height: '24px', color: tokens.colorBrandForeground1, flexShrink: 0 },
  name: { fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold, letterSpacing: '-0.01em' },
});

/** Portico's sign, a front porch, and its name. */
export function PorticoMark() {
  const styles = useStyles();
  return (
    <span className={styles.mark}>
      <svg viewBox="0 0 24 24" aria-hidden="true" className={styles.sign} fill="currentColor">
        <path d="M12 2 1.5 8v2h21V8zM4 11.6h2.8V19H4zm6.6 0h2.8V19h-2.8zm6.6 0H20V19h-2.8zM2 20.4h20V22.6H2z" />
      </svg>
      <span className={styles.name}>Portico</span>
    </span>
  );
}
