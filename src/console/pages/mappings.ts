import type { Message } from '../../core/message.ts';
import type { ConsoleParts } from '../console-parts.ts';
import { mappingPlace } from '../mappings/mapping-place.ts';
import { viewTried } from '../mappings/view-tried.ts';
import { isUnmasked } from '../mask/unmasked.ts';
import { type AskedByUser, type Handlers, type Look, NOT_FOUND } from '../page.ts';
import { pathTo } from '../paths.ts';
import { unmaskedAs } from './message.ts';

/** Longest text that is tried, in characters. */
const LONGEST = 262_144;

export const mappingsPages = {
  mappings(_asked, { desk }) {
    const mappings = desk.mappings().map((one) => ({
      ...one,
      version: String(one.version),
      href: pathTo('mapping', { mapping: one.name }),
    }));
    return { kind: 'page', view: 'mappings', title: 'Mappings', model: { mappings, workbench: pathTo('workbench') } };
  },

  async mapping({ parameters }, { desk, store }) {
    const { mapping: name = '' } = parameters;
    const found = desk.mappings().find((one) => one.name === name);
    const kept = await store.keptMappings({ name });
    if (found === undefined && kept.length === 0) return NOT_FOUND;
    const coverage = desk.coverage(name);
    return {
      kind: 'page',
      view: 'mapping',
      title: `Mapping ${name}`,
      model: {
        ...{ name, found: found && { ...found, version: String(found.version) } },
        versions: kept.map(({ version, digest, keptAt }) => ({
          ...{ version: String(version), digest, keptAt, isThis: digest === found?.digest },
        })),
        coverage: coverage && {
          ...{ parts: coverage.parts, made: coverage.made, neverRead: coverage.neverRead },
          neverMade: coverage.neverMade.map(({ place, written }) => ({
            at: mappingPlace({ file: place.file, line: place.line }),
            written: written.replace(/\s+/g, ' '),
          })),
        },
        workbench: pathTo('workbench', {}, { mapping: name }),
        list: pathTo('mappings'),
      },
    };
  },

  async workbench(asked, parts) {
    const { query } = asked;
    const id = query.get('message');
    const message = id === null || id === '' ? undefined : await openedMessage(id, asked, parts);
    const looks: Look[] = message === undefined ? [] : [lookAt(message)];
    const problems =
      id !== null && id !== '' && message === undefined
        ? [
            {
              text: 'Open that message first, and ask to see what it says: then it can be tried here.',
              href: '#message',
            },
          ]
        : [];
    const text = message === undefined ? '' : new TextDecoder().decode(message.body);
    return page(parts, { name: query.get('mapping') ?? message?.mapping?.name ?? '', text, problems, looks });
  },

  async tryMapping({ form }, parts) {
    const name = form.get('mapping') ?? '';
    const text = form.get('text') ?? '';
    const problems = [
      ...(parts.desk.mappings().some((one) => one.name === name)
        ? []
        : [{ text: 'Choose a mapping from the list.', href: '#mapping' }]),
      ...(text.trim() === '' ? [{ text: 'Paste a message.', href: '#text' }] : []),
      ...(text.length > LONGEST ? [{ text: `At most ${LONGEST} characters are tried.`, href: '#text' }] : []),
    ];
    if (problems.length > 0) return { ...page(parts, { name, text, problems, looks: [] }), status: 422 };
    // Nothing of it is kept, so there is no page to go to: what came out is shown at once.
    const tried = viewTried(await parts.desk.tryMapping(name, text));
    const used = parts.desk.mappings().find((one) => one.name === name)?.digest;
    const isUsed = 'digest' in tried && tried.digest === used;
    return page(parts, { name, text, problems, looks: [], tried: { ...tried, isUsed } });
  },
} satisfies Pick<Handlers, 'mappings' | 'mapping' | 'workbench' | 'tryMapping'>;

interface Bench {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly { readonly text: string; readonly href: string }[];
  readonly looks: readonly Look[];
  readonly tried?: Readonly<Record<string, unknown>>;
}

function page({ desk }: ConsoleParts, { name, text, problems, looks, tried }: Bench) {
  const mappings = desk.mappings().map((one) => ({
    ...{ value: one.name, chosen: one.name === name, text: `${one.name} (${one.from} to ${one.to})` },
  }));
  const model = { mappings, text, problems, tried, action: pathTo('tryMapping'), list: pathTo('mappings') };
  return { kind: 'page', view: 'workbench', title: 'Workbench', model, looks } as const;
}

/** A recorded message whose content this session has asked to see, with a reason. */
async function openedMessage(
  id: string,
  { shelf }: AskedByUser,
  { store }: ConsoleParts,
): Promise<Message | undefined> {
  const message = await store.message(id);
  return message !== undefined && (await isUnmasked(unmaskedAs(message), shelf)) ? message : undefined;
}

function lookAt({ id, referral }: Message): Look {
  return { kind: 'message.read', message: id, ...(referral !== undefined && { referral }) };
}
