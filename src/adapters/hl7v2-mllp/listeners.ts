import { Lanes } from './lanes.ts';
import { type MllpListener, type MllpListenerParts, type MllpPartner, startMllpListener } from './listener.ts';

/** A partner and the port that it connects to. Partners with the same port share a listener. */
export interface MllpInlet extends MllpPartner {
  readonly port: number;
}

export interface MllpListeners {
  /** Where each partner connects: `mllp://127.0.0.1:2575`, or `mllps://` with TLS. */
  readonly addresses: ReadonlyMap<string, string>;
  /** From now on connections end with the answer to what came on them; new ones are taken. */
  retire(): void;
  stop(): Promise<void>;
}

/** Starts a listener for each port, or none. When one cannot listen, those that do are stopped again. */
export async function startMllpListeners(
  inlets: readonly MllpInlet[],
  shared: Omit<MllpListenerParts, 'port' | 'partners' | 'lanesOf'>,
): Promise<MllpListeners> {
  const addresses = new Map<string, string>();
  const started: MllpListener[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(started.map((listener) => listener.stop())));
  const { host, tls } = shared;
  const lanes = new Map(inlets.map(({ partner }) => [partner, new Lanes()]));
  const lanesOf = (partner: string): Lanes => lanes.get(partner) ?? new Lanes();
  for (const port of new Set(inlets.map((inlet) => inlet.port))) {
    const partners = inlets.filter((inlet) => inlet.port === port);
    const listener = await startMllpListener({ ...shared, port, partners, lanesOf }).catch(async (fault: unknown) => {
      await stop();
      throw fault;
    });
    started.push(listener);
    const name = host.includes(':') ? `[${host}]` : host;
    for (const { partner } of partners) {
      addresses.set(partner, `${tls === undefined ? 'mllp' : 'mllps'}://${name}:${listener.port}`);
    }
  }
  const retire = (): void => {
    for (const listener of started) listener.retire();
  };
  return { addresses, retire, stop };
}
