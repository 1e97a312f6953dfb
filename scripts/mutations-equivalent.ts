/** A protection that can be taken out without anybody being able to tell, and why that is so. */
export interface Equivalent {
  file: string;
  /** As the run prints it. */
  about: string;
  why: string;
}

/** Each has to match a protection that is there, else the run fails. */
export const equivalents: readonly Equivalent[] = [
  {
    file: 'src/access/sign-in-link.ts',
    about: 'the check (operator === undefined)',
    why: 'the links of an operator are removed in the transaction that removes the operator',
  },
];
