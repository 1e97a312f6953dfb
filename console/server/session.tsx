import { createContext, type ReactNode, use } from 'react';
import { type Right, rights, type WhoAmI } from '#contract';

const SessionContext = createContext<WhoAmI | undefined>(undefined);

/** Tells everything below who is signed in. */
export function SessionProvider({ session, children }: { session: WhoAmI; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Who is signed in, with the rights. */
export function useSession(): WhoAmI {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('useSession is used outside SessionProvider');
  return session;
}

/** Whether one holds a right; `undefined` asks for none. */
export function useRight(right: Right | undefined): boolean {
  const session = useSession();
  return right === undefined || session.rights.includes(right);
}

/** Why something is disabled: the right that is missing, in words. */
export const missingRight = (right: Right): string =>
  `This takes the right ${right} (${rights[right]}). An owner can give you a role that has it.`;
