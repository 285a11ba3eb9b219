import { Pool } from 'undici';

/** Posts to any address over connections that stay; gives the body of an answer of 2xx. */
export interface Poster {
  post(url: string, headers: Readonly<Record<string, string>>, body: string | Buffer): Promise<string>;
}

export function newPoster(connections: number): Poster {
  const pools = new Map<string, Pool>();
  const poolOf = (origin: string): Pool => {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool(origin, { connections, pipelining: 1 });
    pools.set(origin, pool);
    return pool;
  };
  return {
    async post(url, headers, body) {
      const { origin, pathname } = new URL(url);
      const answer = await poolOf(origin).request({ method: 'POST', path: pathname, headers, body });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) throw new Error(`${pathname} was answered ${answer.statusCode}: ${text}`);
      return text;
    },
  };
}
