/** Something this machine lacks and we cannot bring: its message is one sentence that says what to do. Printed without a stack. */
export class Unable extends Error {}
