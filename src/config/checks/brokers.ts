import { type BrokerUrl, readBrokerUrl } from '../../core/amqp/broker-url.ts';
import type { ConfigIo } from '../io.ts';
import { errorAt, type Flaw, type Problem } from '../problem.ts';
import { field, isSection, items, type Spot, textOf } from '../spot.ts';
import { problemsOf, secretAt, tlsProblems } from './secrets.ts';

/** Each broker has a name of its own, can be reached encrypted, and is told who we are. What its URL holds is never repeated. */
export function brokerProblems(root: Spot, file: string, io: ConfigIo): Problem[] {
  const brokers = items(field(root, 'engine', 'brokers'));
  return [
    ...duplicates(brokers),
    ...brokers.flatMap(halfPair),
    ...brokers.flatMap((broker) => {
      const found = secretAt(field(broker, 'url'), 'broker-url', { file, io });
      const url = 'value' in found ? readBrokerUrl(found.value) : undefined;
      const tls = tlsProblems(field(broker, 'tls'), file, io);
      return [...problemsOf(found), ...tls, ...(url === undefined ? [] : urlProblems(url, broker))];
    }),
  ];
}

function duplicates(brokers: readonly Spot[]): Problem[] {
  return brokers.flatMap((broker, position) => {
    const spot = field(broker, 'name');
    const isKnown = brokers.slice(0, position).some((other) => field(other, 'name').value === spot.value);
    return isKnown && textOf(spot) !== undefined ? [errorAt(spot.path, DUPLICATE)] : [];
  });
}

function halfPair(broker: Spot): Problem[] {
  const [cert, key] = [field(broker, 'tls', 'cert'), field(broker, 'tls', 'key')];
  if ((cert.value === undefined) === (key.value === undefined)) return [];
  return [errorAt((cert.value === undefined ? key : cert).path, HALF_PAIR)];
}

function urlProblems({ encrypted, user }: BrokerUrl, broker: Spot): Problem[] {
  const { path } = field(broker, 'url');
  const problems: Problem[] = [];
  if (!encrypted && field(broker, 'local').value !== true) problems.push(errorAt(path, PLAIN));
  if (!encrypted && isSection(field(broker, 'tls').value))
    problems.push(errorAt(field(broker, 'tls').path, NO_TLS, 'key'));
  if (user === undefined && field(broker, 'tls', 'cert').value === undefined) problems.push(errorAt(path, NOBODY));
  return problems;
}

const DUPLICATE: Flaw = {
  rule: 'config/duplicate-broker',
  message: 'Another broker above has this name.',
  remedy: 'Give each broker a name of its own.',
};

const HALF_PAIR: Flaw = {
  rule: 'config/half-pair',
  message: 'A client certificate needs both `cert` and `key`.',
  remedy: 'Name both files, or neither.',
};

const PLAIN: Flaw = {
  rule: 'config/plain-amqp',
  message: 'No TLS to a broker that is not local: patient data and the password would be readable on the way.',
  remedy: 'Use an amqps URL, or set `local: true` when both run on one machine or private network.',
};

const NO_TLS: Flaw = {
  rule: 'config/no-tls',
  message: 'Files for TLS are named, and the URL of the broker is not an amqps one.',
  remedy: 'Use an amqps URL, or remove `tls`.',
};

const NOBODY: Flaw = {
  rule: 'config/no-credentials',
  message: 'Neither the URL nor a client certificate tells the broker who we are.',
  remedy: 'Put user and password into the URL, or name a client certificate (`tls.cert` and `tls.key`).',
};
