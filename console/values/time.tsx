import { useNow } from './now.ts';
import { agoWords, dayWords, preciseWords } from './time-words.ts';

/** A time relative to now; the exact one on hover. */
export function Ago({ at, never = 'never' }: { at: string | null; never?: string }) {
  const now = useNow();
  if (at === null) return <span>{never}</span>;
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={preciseWords(time)}>
      {agoWords(time, now)}
    </time>
  );
}

/** A time to the second. */
export function At({ at, never = 'never' }: { at: string | null; never?: string }) {
  if (at === null) return <span>{never}</span>;
  return <time dateTime={at}>{preciseWords(Date.parse(at))}</time>;
}

/** A day. */
export function Day({ at, never = 'never' }: { at: string | null; never?: string }) {
  if (at === null) return <span>{never}</span>;
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={preciseWords(time)}>
      {dayWords(time)}
    </time>
  );
}
