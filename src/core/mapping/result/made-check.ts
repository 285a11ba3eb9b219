import { treeFlaws } from '../../hl7v2/write-tree.ts';
import type { MappingTo } from '../direction.ts';
import { isObject } from '../plain-value.ts';
import { xmlFlaws } from './xml-tree.ts';

/** What keeps a result from being written as what it should be. `path` as in `require`; values are never repeated. */
interface MadeFlaw {
  readonly path: string;
  readonly message: string;
}

/** Holds the result of one run against the shape that its kind needs, where the template alone could not promise it. */
export function madeFlaws(to: MappingTo, result: unknown): MadeFlaw[] {
  if (result === undefined) return [];
  switch (to) {
    case 'form':
      return formFlaws(result);
    case 'xml':
      return xmlFlaws(result).map(({ path, what }) => ({ path, message: `What stands here ${what}.` }));
    case 'messages':
      return messageFlaws(result);
    case 'hl7v2':
      return treeFlaws(result);
    default:
      return [];
  }
}

function formFlaws(result: unknown): MadeFlaw[] {
  if (!isObject(result)) return [{ path: '', message: 'A form is one object of names with values.' }];
  return Object.entries(result)
    .filter(([, value]) => typeof value === 'object')
    .map(([path]) => ({ path, message: 'A field of a form is one value, never a list or an object.' }));
}

/** What a header and an AMQP routing key (0-9-1, section 3.1.1: a short string) both can carry. */
const KEY = /^[A-Za-z0-9._-]{1,255}$/;

function messageFlaws(result: unknown): MadeFlaw[] {
  const wrong =
    !Array.isArray(result) ||
    result.some((one) => !isObject(one) || typeof one['key'] !== 'string' || !('body' in one));
  if (wrong) return [{ path: '', message: 'Each message needs a key, which is a text, and a body.' }];
  return result.every((one) => isObject(one) && KEY.test(String(one['key'])))
    ? []
    : [{ path: 'key', message: 'A key is letters, digits, ".", "_" and "-", at most 255 of them.' }];
}
