import { harmless } from '../gp-record/harmless.ts';
import { recordText } from '../gp-record/record-text.ts';
import { readHl7 } from '../gp-systmone-style/hl7-message.ts';
import { sendMllp } from '../gp-systmone-style/mllp.ts';
import { pause } from '../pause.ts';
import type { Person } from './people.ts';
import { needOf, SERVICE } from './referral-bundle.ts';
import type { World } from './world.ts';

/** One person's record at Elm Tree, before and after a referral by HL7 v2. */
export interface InOtherStyle {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** What went otherwise than it should. */
  readonly faults: readonly string[];
}

const TIMEOUT_MS = 5_000;
const LOOK_MS = 250;
const PATIENCE_MS = 30_000;

/**
 * The same person registers with Elm Tree, whose system speaks HL7 v2 alone, and is referred from there. The loop closes
 * when somebody at Elm Tree has filed what came, and its system has said so.
 */
export async function referInOtherStyle(person: Person, world: World): Promise<InOtherStyle> {
  const { nhsNumber, given, family, birthDate } = person;
  world.hl7.record.patients.register({ nhsNumber, given, family, birthDate, gender: 'unknown' });
  const shown = () => recordText(harmless(world.hl7.record.patient(nhsNumber)));
  const before = shown();
  const answer = await sendMllp(refI12(person), new URL(world.engine.mllp), TIMEOUT_MS);
  const msa = readHl7(answer)?.first('MSA')?.text(1);
  const faults = [
    ...(msa === 'AA' ? [] : [`the referral by HL7 v2 was answered ${msa}`]),
    ...((await isClosed(world)) ? [] : ['the loop of the referral by HL7 v2 did not close']),
  ];
  return { before, after: shown(), faults };
}

async function isClosed({ store, engine }: World): Promise<boolean> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end && !engine.died()) {
    const [loop] = await store.loops({ partner: 'elm-tree', status: 'closed', limit: 1 });
    if (loop !== undefined) return true;
    await pause(LOOK_MS);
  }
  return false;
}

/** HL7 v2.5.1, chapter 11: a new referral, as Elm Tree's system writes it. */
function refI12(person: Person): string {
  const { nhsNumber, given, family, birthDate, postcode, note } = person;
  const now = `${new Date().toISOString().slice(0, 19).replace(/[-:T]/g, '')}+0000`;
  const need = needOf(person);
  const escaped = (text: string) => text.replace(/[\\|^~&]/g, (letter) => ESCAPES[letter] ?? '');
  return `${[
    `MSH|^~\\&|ELMTREE|Z99003|HEARBACK|HEARBACK|${now}||REF^I12^REF_I12|ELM-1|P|2.5.1||||||UNICODE UTF-8`,
    `RF1|A|R||||ELM-0001|${now}`,
    'PRD|RP|Quillfeather^Sabine',
    `PID|1||${nhsNumber}^^^NHS^NH||${family}^${given}||${birthDate.replaceAll('-', '')}||||^^^^${postcode}`,
    `DG1|1||${need.code}^${need.display}^SCT`,
    `PR1|1||${SERVICE.code}^${SERVICE.display}^SCT|||${now.slice(0, 8)}`,
    `NTE|1||${escaped(note)}`,
  ].join('\r')}\r`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\E\\',
  '|': '\\F\\',
  '^': '\\S\\',
  '~': '\\R\\',
  '&': '\\T\\',
};
