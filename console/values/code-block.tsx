import { makeStyles, tokens } from '@fluentui/react-components';
import { CopyButton } from './copyable.tsx';

const mostLines = 24;

const useStyles = makeStyles({
  frame: { position: 'relative', minWidth: 0 },
  block: {
    display: 'block',
    width: '100%',
    resize: 'vertical',
    border: 'none',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '13px',
    lineHeight: '20px',
    padding: tokens.spacingHorizontalL,
    paddingRight: '48px',
    borderRadius: tokens.borderRadiusLarge,
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground3,
    overflowWrap: 'anywhere',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  copy: { position: 'absolute', top: tokens.spacingVerticalXS, right: tokens.spacingHorizontalL },
});

/** Text as it was sent or stored; JSON is indented. A text field that cannot be changed: it scrolls and is read by keyboard. */
export function CodeBlock({ label, text }: { label: string; text: string }) {
  const styles = useStyles();
  const shown = indented(text);
  const lines = shown.split('\n').length;
  return (
    <div className={styles.frame}>
      <textarea
        readOnly
        spellCheck={false}
        aria-label={label}
        className={styles.block}
        rows={Math.min(lines, mostLines) + 1}
        value={shown}
      />
      <div className={styles.copy}>
        <CopyButton value={shown} label={label} />
      </div>
    </div>
  );
}

/** JSON with two blanks; anything else as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
