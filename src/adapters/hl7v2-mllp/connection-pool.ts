import type { Address } from './dial.ts';
import {
  type ConnectionEars,
  type MllpExchange,
  type MllpLimits,
  type Outgoing,
  PartnerConnection,
} from './partner-connection.ts';

export interface ConnectionPool {
  /** Waits for a free connection, in the order of asking; then as `PartnerConnection.exchange`. */
  exchange(outgoing: Outgoing, signal: AbortSignal): Promise<MllpExchange>;
  /** What is under way ends as failed, and nothing is sent any more. */
  close(): Promise<void>;
}

/** So many connections to one partner, the first ones used first: a partner with little to hear sees one. */
export function newConnectionPool(
  size: number,
  address: Address,
  limits: MllpLimits,
  ears: ConnectionEars,
): ConnectionPool {
  const all = Array.from({ length: size }, () => new PartnerConnection(address, limits, ears));
  const free = [...all];
  const queue: ((connection: PartnerConnection) => void)[] = [];
  let closed = false;

  const take = async (): Promise<PartnerConnection> =>
    free.shift() ?? (await new Promise<PartnerConnection>((resolve) => queue.push(resolve)));
  const giveBack = (connection: PartnerConnection): void => {
    const next = queue.shift();
    if (next !== undefined) next(connection);
    else free.push(connection);
    free.sort((one, other) => all.indexOf(one) - all.indexOf(other));
  };
  return {
    async exchange(outgoing, signal) {
      const connection = await take();
      try {
        if (closed) return { kind: 'failed', written: false, aborted: true, code: 'CLOSED' };
        return await connection.exchange(outgoing, signal);
      } finally {
        giveBack(connection);
      }
    },
    async close() {
      closed = true;
      for (const connection of all) connection.close();
    },
  };
}
