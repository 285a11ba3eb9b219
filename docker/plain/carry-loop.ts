import { randomUUID } from 'node:crypto';
import { pause } from '../simulators/pause.ts';

/** Where the parts of the town are. */
export interface Town {
  /** Base of the engine's FHIR endpoint. */
  readonly fhir: string;
  /** What the practice's system shows. */
  readonly token: string;
  readonly practice: string;
  /** The platforms that everybody is referred to, each with the word with which it says that it is done. */
  readonly platforms: readonly { readonly url: string; readonly done: string }[];
}

export interface Carried {
  /** Cases that the platforms hold, together. */
  readonly cases: number;
  /** `Task.status` as the practice's system reads it in the end. */
  readonly status: string;
  /** Entries about the person in the practice's record. */
  readonly entries: number;
}

const PATIENCE_MS = 120_000;

/** Refers somebody as a practice's system would, has every platform finish, and waits until the practice's record says so. */
export async function carryLoop(town: Town, referral: string): Promise<Carried> {
  const answer = await fetch(town.fhir, {
    method: 'POST',
    headers: { ...authorized(town), 'content-type': 'application/fhir+json', 'x-request-id': randomUUID() },
    body: referral,
  });
  const text = await answer.text();
  const task = /Task\/([0-9a-f-]{36})/.exec(text)?.[1];
  if (answer.status !== 200 || task === undefined)
    throw new Error(`the referral was answered ${answer.status}: ${text}`);
  const cases = await Promise.all(town.platforms.map(finished));
  const status = await until('the practice reads that it is completed', async () => {
    const read = await fetch(`${town.fhir}/Task/${task}`, { headers: authorized(town) });
    const found: { status?: string } = JSON.parse(await read.text());
    return found.status === 'completed' ? found.status : undefined;
  });
  const entries = await until('its record holds it', async () => {
    const page = await fetch(`${town.practice}/record/${NHS_NUMBER}`, { headers: { accept: 'text/plain' } });
    const lines = (await page.text()).split('\n').filter((line) => line.includes('Completed'));
    return lines.length > 0 ? lines.length : undefined;
  });
  return { cases: cases.reduce((sum, number) => sum + number, 0), status, entries };
}

/** Of the person in docker/example-referral.json. */
const NHS_NUMBER = '9990000018';

function authorized({ token }: Town): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** Waits until a platform has its case, and has it say that it is done. */
async function finished({ url, done }: Town['platforms'][number]): Promise<number> {
  const cases = await until(`${url} has its case`, async () => {
    const held: { number: string }[] = JSON.parse(await (await fetch(`${url}/cases`)).text());
    return held.length > 0 ? held : undefined;
  });
  const body = JSON.stringify({ case: cases[0]?.number, status: done });
  const said = await fetch(`${url}/control/report`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  if (!said.ok) throw new Error(`${url} cannot say that it is done: ${said.status}`);
  return cases.length;
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await pause(200);
  }
}
