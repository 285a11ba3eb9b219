import { Command } from 'commander';
import { type Certificate, certificateOf } from '../core/loop/certificate.ts';
import { describeLoop, type LoopDescription, type PatientMoment } from '../core/loop/describe-loop.ts';
import { foldLoop } from '../core/loop/fold.ts';
import { renderCertificate } from '../core/loop/render-certificate.ts';
import { renderLoop } from '../core/loop/render-loop.ts';
import { childTasks, readSnapshot } from '../flow/snapshot.ts';
import type { Store } from '../ports.ts';
import { type PartnerNames, withRecord } from './open-setup.ts';

/** `hearback loop ID`: one referral's ledger. */
export function loopCommand(): Command {
  return new Command('loop')
    .description('Show one loop: what was promised, sent, acknowledged and by whom, what is late and who owes it.')
    .argument('<id>', 'the referral id (as `hearback loops` prints it)')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option(
      '--certificate',
      'print what can be proven: promised, sent, acknowledged and read back, with SHA-256 digests',
    )
    .option('--json', 'print it as JSON')
    .action(async (id: string, options: LoopOptions) => {
      const shown = await withRecord(options.config, async (store, { names, note }) => {
        const found = options.certificate ? await certify(id, store) : await describe(id, store, names);
        if (found === undefined) throw new Error(`There is no loop ${id}.`);
        const kind = options.certificate ? 'certificate.read' : 'loop.read';
        await note({ kind, command: 'loop', referral: id });
        return found;
      });
      console.log(options.json ? JSON.stringify(shown) : render(shown));
    });
}

function render(shown: Certificate | LoopDescription): string {
  return 'timeline' in shown ? renderLoop(shown) : renderCertificate(shown);
}

interface LoopOptions {
  readonly config: string;
  readonly certificate?: boolean;
  readonly json?: boolean;
}

/** What one loop can prove; undefined when there is none. */
export async function certify(id: string, store: Store): Promise<Certificate | undefined> {
  const snapshot = await readSnapshot(store, id);
  if (snapshot === undefined) return undefined;
  const [readings, messages] = await Promise.all([store.readings(id), store.messagesOf(id)]);
  return certificateOf({ ...snapshot, readings, messages });
}

/** The ledger of one referral as it stands now; undefined when there is none. */
export async function describe(
  id: string,
  store: Store,
  names: PartnerNames = {},
): Promise<LoopDescription | undefined> {
  const snapshot = await readSnapshot(store, id);
  if (snapshot === undefined) return undefined;
  const tasks = { parent: snapshot.referral.parentTask, children: childTasks(snapshot.references) };
  const state = foldLoop(tasks, snapshot.events);
  const [readings, patientNews] = await Promise.all([store.readings(id), patientNewsOf(id, store)]);
  return describeLoop({ ...snapshot, readings, state, patientNews, now: new Date().toISOString(), names });
}

const NEWS = ['changed', 'merged', 'not-changed'] as const;
/** A patient who moves house more often than this in one referral is not shown every time. */
const MOST_NEWS = 200;

async function patientNewsOf(referral: string, store: Pick<Store, 'journal'>): Promise<PatientMoment[]> {
  const found = await Promise.all(
    NEWS.map(async (what) => {
      const entries = await store.journal({ referral, kind: `patient.${what}`, limit: MOST_NEWS });
      return entries.map(({ at, actor, message = '', detail }): PatientMoment => {
        const untold = detail['untold'];
        const elements = String(detail['elements'] ?? '');
        return { at, what, by: actor, message, elements, ...(untold !== undefined && { untold: String(untold) }) };
      });
    }),
  );
  return found.flat();
}
