import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ConnectionSettings } from '#contract';
import { Fact, Facts } from '../values/facts.tsx';
import { settingsWords } from './settings-words.ts';

const useStyles = makeStyles({
  both: { display: 'flex', flexDirection: 'column', gap: '2px' },
  side: {
    display: 'inline-block',
    minWidth: '44px',
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
  },
  draft: {
    backgroundColor: tokens.colorStatusWarningBackground1,
    borderRadius: tokens.borderRadiusSmall,
    paddingInline: '4px',
    marginInline: '-4px',
    width: 'fit-content',
  },
});

/** The settings as they are; where a draft differs from what is live, both. */
export function SettingsFacts({ live, draft }: { live: ConnectionSettings | null; draft: ConnectionSettings | null }) {
  const styles = useStyles();
  const base = live ?? draft;
  if (base === null) return null;
  const drafted = new Map(live === null || draft === null ? [] : settingsWords(draft));
  return (
    <Facts>
      {settingsWords(base).map(([name, value]) => {
        const next = drafted.get(name);
        return (
          <Fact key={name} name={name}>
            {next === undefined || next === value ? (
              value
            ) : (
              <span className={styles.both}>
                <span>
                  <span className={styles.side}>live</span> {value}
                </span>
                <span className={mergeClasses(styles.draft)}>
                  <span className={styles.side}>draft</span> {next}
                </span>
              </span>
            )}
          </Fact>
        );
      })}
    </Facts>
  );
}
