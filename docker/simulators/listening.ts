import { createServer, type Server } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { changed, GOOD, type Temper } from './temper.ts';

/** A simulator on a loopback port. */
export interface Simulator {
  readonly url: string;
  temper(): Temper;
  setTemper(wish: Partial<Temper>): void;
  stop(): Promise<void>;
}

/**
 * Starts an express app on loopback with the control door that every simulator has (`GET|POST /control/temper`).
 * @param port 0 for any free one
 */
export async function startSimulator(
  port: number,
  mount: (app: Express, temper: () => Temper) => void,
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
  const bound = await listen(server, port);
  return {
    url: `http://127.0.0.1:${bound}`,
    temper: () => temper,
    setTemper: (wish) => {
      temper = changed(temper, wish);
    },
    stop: () => closed(server),
  };
}

/** Listens on loopback and gives the port that it came to. */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening server has a port');
  return address.port;
}

export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
