/** A moment as the person's page shows it: the server does not know the person's time zone. */
export const timeOf = (time: string | number): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
