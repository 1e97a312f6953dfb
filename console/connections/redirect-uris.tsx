import { makeStyles, tokens } from '@fluentui/react-components';
import type { RedirectUri } from '#contract';
import { Copyable } from '../values/copyable.tsx';

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  item: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, minWidth: 0 },
  platform: { fontWeight: tokens.fontWeightSemibold },
  about: { color: tokens.colorNeutralForeground3 },
});

/** C6: redirect URIs by platform, each to be copied. */
export function RedirectUris({ uris }: { uris: readonly RedirectUri[] }) {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {uris.map(({ platform, uri, about }) => (
        <li key={uri} className={styles.item}>
          <span>
            <span className={styles.platform}>{platform.charAt(0).toUpperCase() + platform.slice(1)}</span>{' '}
            <span className={styles.about}>{about}</span>
          </span>
          <Copyable value={uri} label={`Redirect URI, ${platform}`} />
        </li>
      ))}
    </ul>
  );
}
