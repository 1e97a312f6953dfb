import { State } from '../values/state.tsx';

/** An HTTP status, marked by its class. */
export function StatusMark({ status }: { status: number }) {
  return <State tone={status < 400 ? 'good' : status < 500 ? 'warning' : 'bad'}>{status}</State>;
}
