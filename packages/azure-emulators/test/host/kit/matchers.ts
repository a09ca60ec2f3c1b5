/** Jest's matchers are typed `any`; these are the same, as unknown values. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const including = (text: string): unknown => expect.stringContaining(text);
export const some = (type: StringConstructor | NumberConstructor | ObjectConstructor): unknown => expect.any(type);
export const having = (fields: Readonly<Record<string, unknown>>): unknown => expect.objectContaining(fields);
