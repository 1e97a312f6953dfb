import { Button, makeStyles, mergeClasses, Tooltip, tokens } from '@fluentui/react-components';
import { Checkmark16Regular } from '@fluentui/react-icons/svg/checkmark';
import { Copy16Regular } from '@fluentui/react-icons/svg/copy';
import { useEffect, useState } from 'react';

const useStyles = makeStyles({
  box: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    minWidth: 0,
    padding: `2px 2px 2px ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  inline: {
    display: 'inline-flex',
    padding: '0',
    backgroundColor: 'transparent',
    verticalAlign: 'baseline',
    maxWidth: '100%',
  },
  value: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '13px',
    lineHeight: '20px',
    overflowWrap: 'anywhere',
    minWidth: 0,
    flexGrow: 1,
  },
});

interface CopyableProps {
  value: string;
  /** What it is; read out with the button. */
  label: string;
  /** Within a line of text, without a box. */
  inline?: boolean;
}

/** A value to be pasted elsewhere, with a button that copies exactly it. */
export function Copyable({ value, label, inline = false }: CopyableProps) {
  const styles = useStyles();
  return (
    <span className={mergeClasses(styles.box, inline && styles.inline)}>
      <code className={styles.value}>{value}</code>
      <CopyButton value={value} label={label} />
    </span>
  );
}

/** The button alone. */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => void navigator.clipboard.writeText(value).then(() => setCopied(true));
  return (
    <Tooltip content={copied ? `Copied: ${label}` : `Copy: ${label}`} relationship="label">
      <Button
        appearance="subtle"
        size="small"
        icon={copied ? <Checkmark16Regular /> : <Copy16Regular />}
        onClick={copy}
      />
    </Tooltip>
  );
}
