import type { Route } from '../core/routing/choose-routes.ts';
import type { Config } from './schema.ts';

/**
 * The routes as the road uses them: a platform whose own capacity is closed is left out of each route,
 * and a route that leads nowhere else is closed.
 */
export function routingTable(config: Config): readonly Route[] {
  const closed = new Set(
    config.partners.filter((partner) => partner.capacity === 'closed').map((partner) => partner.id),
  );
  return config.routes.map(({ name, to, when, capacity }) => {
    const open = to.filter((id) => !closed.has(id));
    return open.length === 0 ? { name, to, when, capacity: 'closed' } : { name, to: open, when, capacity };
  });
}
