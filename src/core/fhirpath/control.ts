import type { NativeFunction } from './compiler.ts';
import { required } from './filtering.ts';
import { EMPTY } from './items.ts';
import { isTrue } from './singletons.ts';

/** iif (FHIRPath 5.5.1): only the chosen part is evaluated. */

const iif: NativeFunction = {
  parameters: [2, 3],
  compile: ([condition, chosen, otherwise], compiler) => {
    const test = compiler.lambda(required(condition));
    const yes = compiler.lambda(required(chosen));
    const no = otherwise === undefined ? undefined : compiler.lambda(otherwise);
    return (focus, frame) => {
      if (isTrue(test(focus, frame))) return yes(focus, frame);
      return no === undefined ? EMPTY : no(focus, frame);
    };
  },
};

export const CONTROL_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [['iif', iif]];
