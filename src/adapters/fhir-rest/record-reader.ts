import type { CircuitOptions } from '../../core/circuit.ts';
import { newCircuitGate } from '../../core/circuit-gate.ts';
import type { Clock, Log, NewHttpClient, RecordRead, RecordReader, Reply, WantedEntries } from '../../ports.ts';
import { classifySearch, type SearchAnswer } from './classify-search.ts';

export interface FhirRecordReaderOptions {
  readonly partner: string;
  /** Base of the GP system's FHIR endpoint: the one that is written to. */
  readonly url: string;
  readonly token: string;
  /** For one search from first to last, in milliseconds. */
  readonly timeoutMs: number;
  /** True for a partner that is meant to stand beside the engine. */
  readonly local: boolean;
  readonly circuit: CircuitOptions;
  /** PEM of the authority that signed the partner's certificate, when it is not a public one. */
  readonly ca?: string | Buffer;
}

interface FhirRecordReaderDeps {
  readonly newHttpClient: NewHttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

const MAX_REPLY_BYTES = 5 * 1024 * 1024;
/** More than one write-back ever brings; what a server pages all the same is not found, and a person looks. */
const PAGE = 500;

/**
 * Reads a GP system's record by `POST [type]/_search` (R4 http §3.1.0.9.1), never by GET: a URL is written to logs on its way.
 * One search for each type that is wanted, one after the other; the first that fails ends the look.
 */
export function fhirRecordReader(options: FhirRecordReaderOptions, deps: FhirRecordReaderDeps): RecordReader {
  const { partner, local, ca, timeoutMs } = options;
  const client = deps.newHttpClient({ connections: 1, local, ...(ca !== undefined && { ca }) });
  const gate = newCircuitGate({ partner, channel: 'fhir-read' }, options.circuit, deps);
  const search = async (wanted: WantedEntries, correlation: string, signal: AbortSignal) => {
    const request = {
      url: `${options.url}/${wanted.type}/_search`,
      headers: headersOf(options.token, correlation),
      body: formOf(wanted),
    };
    const came = await client.post(request, { timeoutMs, maxReplyBytes: MAX_REPLY_BYTES }, signal);
    const dropped = came.kind === 'failed' && came.aborted;
    return { result: classifySearch(came, wanted.type, deps.clock.now()), dropped };
  };
  return {
    partner,
    async read(wanted, correlation, signal): Promise<RecordRead> {
      const answers: Extract<SearchAnswer, { kind: 'acknowledged' }>[] = [];
      for (const one of wanted) {
        const answer = await gate.through(() => search(one, correlation, signal));
        if (answer.kind === 'transient') return answer;
        if (answer.kind === 'permanent') return { ...answer, replies: [...repliesOf(answers), ...answer.replies] };
        answers.push(answer);
      }
      return { kind: 'read', resources: answers.flatMap(({ resources }) => resources), replies: repliesOf(answers) };
    },
    stop: client.close,
  };
}

function repliesOf(answers: readonly { readonly reply: Reply }[]): Reply[] {
  return answers.map(({ reply }) => reply);
}

function headersOf(token: string, correlation: string): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/fhir+json',
    'x-correlation-id': correlation,
    'user-agent': 'hearback',
  };
}

function formOf({ system, values }: WantedEntries): Uint8Array {
  const tokens = values.map((value) => `${escaped(system)}|${escaped(value)}`).join(',');
  return new TextEncoder().encode(new URLSearchParams({ identifier: tokens, _count: String(PAGE) }).toString());
}

/** R4 search §3.1.1.5.4: what would part or end a value has a backslash before it. */
function escaped(text: string): string {
  return text.replace(/[\\,|$]/g, '\\$&');
}
