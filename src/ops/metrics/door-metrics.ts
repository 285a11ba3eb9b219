import { Gauge, type Registry } from 'prom-client';

/** The ways out, as they are in this process at this moment. */
export interface Doors {
  /** By partner: milliseconds until a delivery may be tried again; 0 when it may be now. */
  readonly circuits: () => ReadonlyMap<string, number>;
  /** By broker: `up`, `down: CODE`, `blocked`, `refused`, `opening`. */
  readonly brokers: () => Readonly<Record<string, string>>;
}

/** What follows the code of a fault is for people; a code as a label would be a line for each of them. */
const STATES = ['up', 'down', 'blocked', 'refused', 'opening'] as const;

/** Asked at each collection: nobody has to tell it of a change. */
export function doorMetrics(registry: Registry, doors: Doors): void {
  const registers = [registry];
  new Gauge({
    name: 'hearback_circuit_open',
    help: '1 while nothing is sent to a partner because it failed several times in a row.',
    labelNames: ['partner'],
    registers,
    collect() {
      for (const [partner, ms] of doors.circuits()) this.set({ partner }, ms > 0 ? 1 : 0);
    },
  });
  new Gauge({
    name: 'hearback_broker_state',
    help: '1 for the state that a message broker is in, 0 for the others.',
    labelNames: ['broker', 'state'],
    registers,
    collect() {
      for (const [broker, told] of Object.entries(doors.brokers())) {
        const is = told.split(':', 1)[0];
        for (const state of STATES) this.set({ broker, state }, state === is ? 1 : 0);
      }
    },
  });
}
