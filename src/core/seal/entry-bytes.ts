import { canonicalJson } from './canonical-json.ts';
import { type Hash, hashLeaf } from './hash-tree.ts';

/** An entry as the log holds it, and nothing beside. What is absent is left out. */
export interface LogEntry {
  /** Its number in the record: grows, with gaps. */
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly actor: string;
  /** The partner it speaks of, when another is the actor. */
  readonly partner?: string;
  readonly referral?: string;
  readonly message?: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** What is hashed for an entry: canonical JSON (RFC 8785) in UTF-8. Nothing but these members is read. */
export function entryText(entry: LogEntry): string {
  const { seq, at, kind, actor, partner, referral, message, detail } = entry;
  return canonicalJson({ seq, at, kind, actor, partner, referral, message, detail });
}

export function entryLeaf(entry: LogEntry): Hash {
  return hashLeaf(Buffer.from(entryText(entry), 'utf8'));
}
