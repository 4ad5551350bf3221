/** A record as a step sees it. */
export type Subject = {
  readonly objectType: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
};

/** What a step left for later ones: plain values, and the record that it made, if it made one. */
export type Output = Readonly<Record<string, unknown>>;

/** Everything that a decision may depend on. The same facts give the same decision, whenever it is made. */
export type Facts = {
  readonly now: string;
  readonly portalId: number;
  readonly flowId: string;
  readonly runId: string;
  readonly enrolled: Subject;
  /** By action id. */
  readonly outputs: Readonly<Record<string, Output>>;
  /** The records that earlier actions made, as they are now, by action id. */
  readonly made: Readonly<Record<string, Subject>>;
  /** Up to two of the records of a type that the enrolled one is associated with, by type id: whether there is exactly one is what counts. */
  readonly associated: Readonly<Record<string, readonly Subject[]>>;
  /** Owner of the enrolled record, when it has one. */
  readonly owner?: {
    readonly id: string;
    readonly email: string;
    readonly firstName: string;
    readonly lastName: string;
  };
  /** Ids of the forms that the enrolled contact ever sent. */
  readonly submittedForms: ReadonlySet<string>;
};

/** Which facts cost a read; the rest is always there. */
export type Wanted = {
  readonly owner: boolean;
  readonly made: readonly string[];
  readonly associated: readonly string[];
  readonly submittedForms: boolean;
};

/** What a stored action refers to, found in its text: tokens, targets and filters all name what they read. */
export function wantedBy(action: unknown): Wanted {
  const text = JSON.stringify(action) ?? '';
  const outputs = [...text.matchAll(/action_output\.([\w-]+)|"actionId":"([\w-]+)"/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return {
    owner: /\{\{\s*owner\./.test(text),
    made: [...new Set(outputs)],
    associated: [...new Set(associatedIn(action))],
    submittedForms: text.includes('"FORM_SUBMISSION"'),
  };
}

/** The types that any `{type: "ASSOCIATED_OBJECT", objectTypeId}` in the value names. */
function associatedIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  const { type, objectTypeId } = value as { type?: unknown; objectTypeId?: unknown };
  const own = type === 'ASSOCIATED_OBJECT' && typeof objectTypeId === 'string' ? [objectTypeId] : [];
  return [...own, ...Object.values(value).flatMap(associatedIn)];
}
