import { join } from 'node:path';
import { freePort } from '../simulators/free-port.ts';
import type { OwnService } from './layout.ts';

/** Where things are when services are processes of one machine: every service has a machine of its own to itself otherwise. */
export interface Places {
  /** The port of a service that it knows under the number of its container. */
  portOf(service: string, port: string): number;
  /** A text (an argument, a variable, a file) that a service reads, with the places in it as they are here. */
  settled(service: string, text: string): string;
}

interface Given {
  /** Of the project: `/app` in the containers. */
  readonly project: string;
  /** Where the files of this run are. */
  readonly directory: string;
  /** What else is called otherwise here: names at a broker that others use too. */
  readonly otherwise?: readonly (readonly [from: string, to: string])[];
}

export async function newPlaces(services: readonly OwnService[], given: Given): Promise<Places> {
  const ports = new Map<string, number>();
  for (const { name, service } of services) {
    for (const port of service.expose) ports.set(`${name}:${port}`, await freePort());
  }
  const portOf = (service: string, port: string): number => {
    const found = ports.get(`${service}:${port}`);
    if (found === undefined) throw new Error(`${service} exposes no port ${port}`);
    return found;
  };
  return {
    portOf,
    settled(service, text) {
      const own = services.find(({ name }) => name === service)?.service.expose ?? [];
      let settled = text.replaceAll('0.0.0.0', '127.0.0.1');
      for (const [place, port] of ports)
        settled = settled.replaceAll(new RegExp(`\\b${place}\\b`, 'g'), `127.0.0.1:${port}`);
      for (const port of own) {
        settled = settled.replaceAll(
          new RegExp(`(?<=127\\.0\\.0\\.1:|port: )${port}\\b|^${port}$`, 'g'),
          String(portOf(service, port)),
        );
      }
      settled = settled
        .replaceAll('/run/secrets/', `${join(given.directory, 'secrets')}/`)
        .replaceAll('/etc/hearback/', `${join(given.directory, service)}/`)
        .replaceAll('/app/', `${given.project}/`);
      for (const [from, to] of given.otherwise ?? []) settled = settled.replaceAll(from, to);
      return settled;
    },
  };
}
