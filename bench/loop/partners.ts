import type { Accepted, LoadCame, LoadOrder, PaceOrder } from './gp-process.ts';
import { startOrdered } from './orders.ts';
import type { Arrived, ReportTo } from './platform-process.ts';

/** Both ends of all loops, each in a process of its own: one GP system and one platform, whoever stands between. */
export interface Partners {
  /** The GP system's FHIR endpoint. */
  readonly gp: string;
  /** Where the platform takes referrals of whoever bears this name. */
  platform(name: string): string;
  /** Says where the platform reports what it was sent under this name. */
  reportTo(name: string, engines: readonly string[]): Promise<void>;
  /** One loop from its first message to its last. */
  once(engines: readonly string[], nhsNumber: string): Promise<void>;
  load(order: Omit<LoadOrder, 'targets'>, engines: readonly string[]): Promise<LoadCame>;
  /** Referrals at an even pace; gives the milliseconds from each one's acceptance to its delivery. */
  pace(order: Omit<PaceOrder, 'targets'>, engines: readonly string[]): Promise<readonly number[]>;
  stop(): Promise<void>;
}

export async function startPartners(): Promise<Partners> {
  const [gp, platform] = [startOrdered('gp-process.ts'), startOrdered('platform-process.ts')];
  const [gpUrl, platformUrl] = [await gp.ask<string>('listen'), await platform.ask<string>('listen')];
  const fhir = (engines: readonly string[]) => engines.map((url) => `${url}/fhir`);
  return {
    gp: gpUrl,
    platform: (name) => `${platformUrl}/${name}/referrals`,
    reportTo: (name, engines) => {
      const targets = engines.map((url) => `${url}/webhooks/casework`);
      return platform.ask('reportTo', { name, targets } satisfies ReportTo);
    },
    once: (engines, nhsNumber) => gp.ask('once', { targets: fhir(engines), nhsNumber }),
    load: (order, engines) => gp.ask('load', { ...order, targets: fhir(engines) }),
    async pace(order, engines) {
      await platform.ask('keepArrivals');
      const accepted = await gp.ask<Accepted>('pace', { ...order, targets: fhir(engines) });
      const arrived = new Map(await platform.ask<Arrived>('arrivals'));
      return accepted.flatMap(([nhsNumber, at]) => {
        const arrival = arrived.get(nhsNumber);
        return arrival === undefined ? [] : [arrival - at];
      });
    },
    stop: async () => void (await Promise.all([gp.stop(), platform.stop()])),
  };
}
