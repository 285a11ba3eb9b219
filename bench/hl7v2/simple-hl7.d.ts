/** simple-hl7 3.3.0 has no types: what of it is used here, as its parser gives it. */
declare module 'simple-hl7' {
  export interface SimpleSegment {
    readonly name: string;
    /** `value[repetition][component]`. */
    readonly fields: readonly { readonly value: readonly unknown[] }[];
  }
  interface SimpleParser {
    readonly parse: (text: string) => { readonly segments: readonly SimpleSegment[] };
  }
  const simpleHl7: { readonly Parser: new () => SimpleParser };
  export default simpleHl7;
}
