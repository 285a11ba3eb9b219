type NewObject = new () => Record<string, unknown>;

/**
 * A constructor of plain objects for one place of a template. They are objects like any other. But the runtime keeps one
 * history of the keys that objects get for each constructor, and where all objects come from `{}` that one history is
 * of all objects at all places, which makes giving them keys several times as slow.
 */
export function objectMaker(): NewObject {
  const made: unknown = function Made() {
    // Its objects begin without any keys.
  };
  if (!isConstructor(made)) throw new Error('a function that makes no objects');
  made.prototype = Object.prototype;
  return made;
}

function isConstructor(value: unknown): value is NewObject & { prototype: unknown } {
  return typeof value === 'function';
}
