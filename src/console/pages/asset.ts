import { type Handlers, NOT_FOUND } from '../page.ts';

export const assetPages = {
  asset({ parameters }, { files }) {
    const file = files.find(parameters['release'] ?? '', parameters['file'] ?? '');
    return file === undefined ? NOT_FOUND : { kind: 'asset', ...file };
  },
} satisfies Pick<Handlers, 'asset'>;
