import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluateEcl } from '../../../../../src/core/terminology/ecl/evaluate.ts';
import { EclError } from '../../../../../src/core/terminology/ecl/expression.ts';
import { parseEcl } from '../../../../../src/core/terminology/ecl/parse.ts';
import { smallGraph } from './small-graph.ts';

/**
 *  root ─┬─ finding ─┬─ housing ─┬─ homeless ─┬─ rough
 *        │           │           │            ├─ sofa
 *        │           │           │            └─ both
 *        │           │           └─ cramped
 *        │           └─ lonely ───── both
 *        ├─ procedure ─── referral ─── prescribing
 *        └─ metadata ─┬─ needs      (reference set: homeless, lonely, gone)
 *                     ├─ support    (reference set: referral, prescribing, lonely)
 *                     └─ empty      (no reference set)
 *  gone (inactive)
 */
const RELEASE = {
  parents: {
    root: [],
    finding: ['root'],
    housing: ['finding'],
    homeless: ['housing'],
    rough: ['homeless'],
    sofa: ['homeless'],
    both: ['homeless', 'lonely'],
    cramped: ['housing'],
    lonely: ['finding'],
    procedure: ['root'],
    referral: ['procedure'],
    prescribing: ['referral'],
    metadata: ['root'],
    needs: ['metadata'],
    support: ['metadata'],
    empty: ['metadata'],
    gone: [],
  },
  inactive: ['gone'],
  refsets: { needs: ['homeless', 'lonely', 'gone'], support: ['referral', 'prescribing', 'lonely'] },
};
const small = smallGraph(RELEASE);
const ACTIVE = Object.keys(RELEASE.parents).filter((name) => name !== 'gone');

const TABLE: readonly (readonly [string, string])[] = [
  ['lonely', 'lonely'],
  ['lonely |Feeling lonely (finding)|', 'lonely'],
  ['< homeless', 'rough sofa both'],
  ['<< homeless', 'homeless rough sofa both'],
  ['<homeless', 'rough sofa both'],
  ['<<homeless|Homeless|', 'homeless rough sofa both'],
  ['< rough', ''],
  ['<< rough', 'rough'],
  ['< finding', 'housing homeless rough sofa both cramped lonely'],
  ['<! finding', 'housing lonely'],
  ['<! housing', 'homeless cramped'],
  ['<<! housing', 'housing homeless cramped'],
  ['<! both', ''],
  ['> both', 'root finding housing homeless lonely'],
  ['>> both', 'root finding housing homeless both lonely'],
  ['>! both', 'homeless lonely'],
  ['>>! both', 'homeless both lonely'],
  ['> root', ''],
  ['>> root', 'root'],
  ['>! prescribing', 'referral'],
  ['^ needs', 'homeless lonely'],
  ['^ support', 'lonely referral prescribing'],
  ['^needs |Social prescribing needs|', 'homeless lonely'],
  ['^ (< metadata)', 'homeless lonely referral prescribing'],
  ['^ *', 'homeless lonely referral prescribing'],
  ['< ^ needs', 'rough sofa both'],
  ['<< ^ needs', 'homeless rough sofa both lonely'],
  ['> ^ support', 'root finding procedure referral'],
  ['*', ACTIVE.join(' ')],
  ['< *', ACTIVE.filter((name) => name !== 'root').join(' ')],
  ['>! *', 'root finding housing homeless lonely procedure referral metadata'],
  ['gone', ''],
  ['<< gone', ''],
  ['<< homeless AND << lonely', 'both'],
  ['<< homeless, << lonely', 'both'],
  ['<< homeless and << lonely And both', 'both'],
  ['rough OR sofa', 'rough sofa'],
  ['rough or sofa OR lonely', 'rough sofa lonely'],
  ['rough OR rough', 'rough'],
  ['< housing MINUS << homeless', 'cramped'],
  ['< homeless minus both', 'rough sofa'],
  ['both MINUS both', ''],
  ['(< housing MINUS homeless) MINUS < homeless', 'cramped'],
  ['< housing MINUS (homeless MINUS homeless)', 'homeless rough sofa both cramped'],
  ['(<< homeless AND << lonely) OR cramped', 'both cramped'],
  ['<< homeless AND (<< lonely OR rough)', 'rough both'],
  ['< (rough OR lonely)', 'both'],
  ['<< (rough OR lonely)', 'rough both lonely'],
  ['>! (rough OR cramped)', 'housing homeless'],
  ['((lonely))', 'lonely'],
  ['^ needs AND ^ support', 'lonely'],
  ['^ needs MINUS ^ support', 'homeless'],
  ['/* all of them */ << homeless /* and */ MINUS /* not */ rough', 'homeless sofa both'],
  ['  <<\n homeless |a term with (brackets) AND < signs|\tMINUS sofa ', 'homeless rough both'],
  ['* MINUS (<< finding OR << procedure)', 'root metadata needs support empty'],
];

describe('the members of an expression, worked out by hand', () => {
  it.each(TABLE)('%s', (text, members) => {
    const flags = evaluateEcl(parseEcl(small.written(text)), small.graph);
    expect(small.namesOf(flags).join(' ')).toBe(members);
  });
});

describe('an expression that cannot be answered says where and why', () => {
  const failing: readonly (readonly [string, string, EclError['rule'], number])[] = [
    ['nothing', '', 'ecl/syntax', 0],
    ['only a blank', '  ', 'ecl/syntax', 2],
    ['an operator without a concept', '<<', 'ecl/syntax', 2],
    ['a word', 'homeles', 'ecl/syntax', 0],
    ['a number that is no identifier', '12345', 'ecl/syntax', 0],
    ['a wrong check digit', '< 19999999101', 'ecl/syntax', 2],
    ['a parenthesis that is not closed', '(* OR *', 'ecl/syntax', 7],
    ['a parenthesis that closes nothing', '* )', 'ecl/syntax', 2],
    ['two expressions side by side', '* *', 'ecl/syntax', 2],
    ['AND and OR mixed', '* AND * OR *', 'ecl/syntax', 8],
    ['MINUS twice', '* MINUS * MINUS *', 'ecl/syntax', 10],
    ['a comment without an end', '* /* so', 'ecl/syntax', 2],
    ['a term without a concept', '|homeless|', 'ecl/syntax', 0],
    ['a refinement', '*: * = *', 'ecl/not-supported', 1],
    ['a filter', '* {{ term = "x" }}', 'ecl/not-supported', 2],
    ['a dotted attribute', '* . *', 'ecl/not-supported', 2],
    ['a top operator', '!!> *', 'ecl/not-supported', 0],
  ];
  it.each(failing)('%s', (_what, text, rule, at) => {
    expect(faultOf(text)).toEqual({ rule, at });
  });

  it('names a concept that the release does not hold, and a reference set without members', () => {
    const known = small.codeOf('empty');
    expect(faultOf(`< ${known} OR 138875005`)).toEqual({ rule: 'ecl/unknown-concept', at: 3 + known.length + 3 });
    expect(faultOf(`^ ${known}`)).toEqual({ rule: 'ecl/unknown-refset', at: 2 });
  });

  it('refuses ten thousand parentheses instead of losing its stack', () => {
    expect(faultOf(`${'('.repeat(10_000)}*${')'.repeat(10_000)}`).rule).toBe('ecl/syntax');
  });

  it('refuses what would look at too many concepts, however the expression is made', () => {
    const looks = 100 * small.graph.size;
    const asked = (text: string) => () => evaluateEcl(parseEcl(text), small.graph, looks);
    const refused = expect.objectContaining({ rule: 'ecl/too-costly', at: 0 });
    expect(asked(Array(1000).fill('*').join(','))).toThrow(refused);
    expect(asked(Array(1000).fill('<< *').join(' OR '))).toThrow(refused);
    expect(asked(Array(1000).fill(small.codeOf('both')).join(' OR '))).not.toThrow();
  });

  it('answers any text with members or with a place', () => {
    const signs = fc.constantFrom(
      '<',
      '<<',
      '>',
      '!',
      '^',
      '*',
      '(',
      ')',
      ' AND ',
      ' OR ',
      ' MINUS ',
      '|a|',
      '/*',
      '*/',
      ' ',
    );
    const words = fc.oneof(
      signs,
      fc.constantFrom(small.codeOf('both'), small.codeOf('needs')),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        try {
          expect(evaluateEcl(parseEcl(text), small.graph)).toHaveLength(small.graph.size);
        } catch (fault) {
          if (!(fault instanceof EclError)) throw fault;
          expect(fault.at).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});

function faultOf(text: string): { rule?: string; at?: number } {
  try {
    evaluateEcl(parseEcl(text), small.graph);
    return {};
  } catch (fault) {
    if (!(fault instanceof EclError)) throw fault;
    return { rule: fault.rule, at: fault.at };
  }
}
