/** What main.ts wires of HL7 v2 over MLLP: from the configuration to listeners and outlets. */
import type { MllpListenerParts } from './adapters/hl7v2-mllp/listener.ts';
import { type MllpInlet, type MllpListeners, startMllpListeners } from './adapters/hl7v2-mllp/listeners.ts';
import { type MllpOutletDeps, mllpOutlet } from './adapters/hl7v2-mllp/outlet.ts';
import type { Setup } from './cli/read-setup.ts';
import type { Outlet as ConfigOutlet, Inlet } from './config/schema.ts';
import type { Outlet } from './ports.ts';

type Given = Pick<MllpListenerParts, 'intake' | 'clock' | 'ids' | 'log'>;

/** All connections of a listener together: enough for three of the longest messages at once. */
const HELD_BYTES = 64 * 1024 * 1024;
/** How long a peer may leave its acknowledgements unread. */
const UNREAD_MS = 30_000;

/** Starts the listeners that the configuration's inlets of type mllp ask for. */
export async function wireMllpListeners({ config, secrets }: Setup, given: Given): Promise<MllpListeners> {
  const { mllp, drainSeconds, limits: sizes } = config.engine;
  const { host, maxBytes, maxConnections, idleSeconds, frameSeconds } = mllp;
  const inlets = config.partners.flatMap(({ id, inlets, outlets: [outlet] }) =>
    inlets.flatMap((inlet) => (inlet.type === 'mllp' ? [mllpInlet(id, inlet, { outlet, sizes })] : [])),
  );
  return startMllpListeners(inlets, {
    host,
    ...(secrets.mllpTls !== undefined && { tls: secrets.mllpTls }),
    ...given,
    limits: {
      maxBytes,
      maxConnections,
      maxHeldBytes: Math.max(HELD_BYTES, 3 * maxBytes),
      idleMs: idleSeconds * 1_000,
      frameMs: frameSeconds * 1_000,
      unreadMs: UNREAD_MS,
      drainMs: drainSeconds * 1_000,
    },
  });
}

/** The outlet of a partner that is sent to over MLLP. */
export function wireMllpOutlet(
  partner: string,
  outlet: Extract<ConfigOutlet, { type: 'mllp' }>,
  { secrets }: Setup,
  deps: MllpOutletDeps,
): Outlet {
  const { host, port, timeoutMs, concurrency, circuit, idempotent, acknowledges: level } = outlet;
  const [tls] = secrets.partners.get(partner)?.outletTls ?? [];
  const address = { host, port, ...(tls !== undefined && { tls }) };
  return mllpOutlet({ partner, address, level, timeoutMs, concurrency, circuit, idempotent }, deps);
}

interface InletGiven {
  readonly outlet: ConfigOutlet | undefined;
  readonly sizes: MllpInlet['sizes'];
}

function mllpInlet(partner: string, inlet: Extract<Inlet, { type: 'mllp' }>, { outlet, sizes }: InletGiven): MllpInlet {
  const { port, mappings, processingIds, characterSet, lane, certificates, commonNames, addresses, sender } = inlet;
  const { application, facility } = sender;
  return {
    partner,
    port,
    mappings: new Map(Object.entries(mappings)),
    acknowledges: outlet?.type === 'mllp' && outlet.acknowledges === 'business',
    processingIds,
    characterSet,
    sizes,
    lane,
    admission: {
      certificates,
      commonNames,
      addresses,
      sender: { ...(application !== undefined && { application }), ...(facility !== undefined && { facility }) },
    },
  };
}
