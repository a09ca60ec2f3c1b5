/** Something that Defender sent and the mapping does not know: the first sign that its schema has grown. */
export interface SchemaNews {
  readonly kind: keyof typeof kinds;
  readonly name: string;
}

const kinds = { column: 'column', actionType: 'action type', envelopeField: 'envelope field' } as const;

/** As people read it: `action type ConnectionTeleported`. */
export function newsText({ kind, name }: SchemaNews): string {
  return `${kinds[kind]} ${name}`;
}
