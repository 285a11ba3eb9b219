import { createServer, type Server as HttpServer } from 'node:http';
import type { Server } from 'node:net';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { changed, GOOD, type Temper } from './temper.ts';

const LOOPBACK = '127.0.0.1';

/** A simulator on a port, of loopback unless it was told otherwise. */
export interface Simulator {
  /** As it is reached from here. */
  readonly url: string;
  temper(): Temper;
  setTemper(wish: Partial<Temper>): void;
  stop(): Promise<void>;
}

/**
 * Starts an express app with the control door that every simulator has (`GET|POST /control/temper`).
 * @param port 0 for any free one
 * @param host loopback, unless the other end runs elsewhere (in a container)
 */
export async function startSimulator(
  port: number,
  mount: (app: Express, temper: () => Temper) => void,
  host = LOOPBACK,
): Promise<Simulator> {
  let temper = GOOD;
  const app = express();
  app.disable('x-powered-by');
  app.get('/control/temper', (_request, response) => void response.json(temper));
  app.post('/control/temper', express.json(), (request, response) => {
    temper = changed(temper, request.body);
    response.json(temper);
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (request.path.startsWith('/control/')) next();
    else if (temper.down) response.status(503).json({ error: 'down for maintenance' });
    else if (temper.slowMs > 0) setTimeout(next, temper.slowMs);
    else next();
  });
  mount(app, () => temper);
  const server = createServer(app);
  const bound = await listen(server, port, host);
  return {
    url: `http://127.0.0.1:${bound}`,
    temper: () => temper,
    setTemper: (wish) => {
      temper = changed(temper, wish);
    },
    stop: () => closed(server),
  };
}

/** Listens and gives the port that it came to. */
export async function listen(server: Server, port: number, host = LOOPBACK): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening server has a port');
  return address.port;
}

export function closed(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
