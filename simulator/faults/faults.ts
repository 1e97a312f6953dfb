import { randomUUID } from 'node:crypto';
import { type FaultKind, type FaultName, faultTable, times } from './fault-table.ts';

/** A fault that was called and still strikes. */
export type Fault = {
  readonly id: string;
  readonly name: FaultName;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Strikes left; undefined until cleared. */
  left: number | undefined;
};

/** The faults of a running simulator. */
export type Faults = {
  /** What strikes, as plain data. */
  readonly state: { active: Fault[] };
  readonly list: () => readonly Fault[];
  /** Calls a fault. Throws RangeError that names the parameter that is wrong. */
  readonly call: (name: string, parameters: Readonly<Record<string, unknown>>) => Fault;
  /** Clears one fault, or all; false when there is none with that id. */
  readonly clear: (id?: string) => boolean;
  /** The first fault of that name that fits, used up by one strike. */
  readonly strike: (name: FaultName, fits?: (fault: Fault) => boolean) => Fault | undefined;
  /** The first fault that fits, of any name, used up by one strike. */
  readonly strikeAny: (fits: (fault: Fault) => boolean) => Fault | undefined;
  /** Aborted when the fault is cleared, so that held answers go out. */
  readonly cleared: (fault: Fault) => AbortSignal;
  /** Lets go what waits for a fault that is not among the active ones any more. */
  readonly release: () => void;
};

/** No faults yet. */
export function createFaults(): Faults {
  const state: Faults['state'] = { active: [] };
  const waits = new Map<string, AbortController>();
  const release = (): void => {
    for (const [id, wait] of waits) {
      if (state.active.some((fault) => fault.id === id)) continue;
      wait.abort();
      waits.delete(id);
    }
  };
  const strikeAny: Faults['strikeAny'] = (fits) => {
    const fault = state.active.find((candidate) => candidate.left !== 0 && fits(candidate));
    if (fault?.left !== undefined) fault.left -= 1;
    return fault;
  };
  return {
    state,
    list: () => state.active,
    call: (name, parameters) => {
      const kind = faultTable.find((candidate) => candidate.name === name);
      if (kind === undefined) {
        throw new RangeError(
          `name: there is no fault '${name}'; there are ${faultTable.map((known) => known.name).join(', ')}`,
        );
      }
      const read = readParameters(kind, parameters);
      const { times: left, ...rest } = read;
      const fault: Fault = {
        id: randomUUID(),
        name: kind.name,
        parameters: rest,
        left: typeof left === 'number' ? left : undefined,
      };
      state.active.push(fault);
      return fault;
    },
    clear: (id) => {
      const before = state.active.length;
      state.active = id === undefined ? [] : state.active.filter((fault) => fault.id !== id);
      release();
      return id === undefined || state.active.length < before;
    },
    strike: (name, fits = () => true) => strikeAny((fault) => fault.name === name && fits(fault)),
    strikeAny,
    cleared: ({ id }) => {
      const wait = waits.get(id) ?? new AbortController();
      waits.set(id, wait);
      return wait.signal;
    },
    release,
  };
}

/** A number among a fault's parameters. */
export function numberOf(fault: Fault, name: string): number | undefined {
  const value = fault.parameters[name];
  return typeof value === 'number' ? value : undefined;
}

/** A text among a fault's parameters. */
export function textOf(fault: Fault, name: string): string | undefined {
  const value = fault.parameters[name];
  return typeof value === 'string' ? value : undefined;
}

function readParameters(kind: FaultKind, given: Readonly<Record<string, unknown>>): Record<string, string | number> {
  const known = [...kind.parameters, times];
  const unknown = Object.keys(given).find((name) => known.every((parameter) => parameter.name !== name));
  if (unknown !== undefined) {
    throw new RangeError(`${unknown}: the fault '${kind.name}' takes ${known.map(({ name }) => name).join(', ')}`);
  }
  const entries = known.flatMap(({ name, type, required }): [string, string | number][] => {
    const value = given[name];
    if (value === undefined) {
      if (required) throw new RangeError(`${name}: the fault '${kind.name}' needs it`);
      return [];
    }
    if (typeof type !== 'string') {
      if (typeof value === 'string' && type.includes(value)) return [[name, value]];
      throw new RangeError(`${name}: is one of ${type.join(', ')}`);
    }
    if (type === 'text') {
      if (typeof value === 'string' && value !== '') return [[name, value]];
      throw new RangeError(`${name}: is a text`);
    }
    if (typeof value === 'number' && value >= 0 && (type === 'number' || Number.isInteger(value)))
      return [[name, value]];
    throw new RangeError(`${name}: is a ${type === 'integer' ? 'whole ' : ''}number from 0`);
  });
  return Object.fromEntries(entries);
}
