export type Value = string | number | boolean | null;

/** The stored values of a record; what is absent is null. */
export type Fields = Record<string, Value>;

export type FieldType =
  | 'id'
  | 'string'
  | 'email'
  | 'phone'
  | 'url'
  | 'textarea'
  | 'picklist'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'double'
  | 'currency'
  | 'percent'
  | 'int'
  | 'reference';

export type Field = {
  readonly name: string;
  readonly type: FieldType;
  /** Characters; 0 for what is not text. */
  readonly length: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** Long text cannot stand in a WHERE. */
  readonly filterable: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  /** Follows from other fields. */
  readonly calculated: boolean;
  readonly defaultValue?: Value;
  readonly referenceTo: readonly string[];
  readonly relationshipName?: string;
  readonly picklist: readonly string[];
};

type More = Partial<Omit<Field, 'name' | 'type'>>;

/** A field that anybody may write and leave empty, but for what `more` says. */
export const field = (name: string, type: FieldType, more: More = {}): Field => ({
  name,
  type,
  length: 0,
  nillable: true,
  createable: true,
  updateable: true,
  filterable: true,
  externalId: false,
  unique: false,
  calculated: false,
  referenceTo: [],
  picklist: [],
  ...more,
});

export const required: More = { nillable: false };
/** Only the org itself writes it. */
export const readOnly: More = { createable: false, updateable: false };

export const text = (name: string, length: number, more?: More) => field(name, 'string', { length, ...more });
export const email = (name: string) => field(name, 'email', { length: 80 });
export const phone = (name: string) => field(name, 'phone', { length: 40 });
export const longText = (name: string) => field(name, 'textarea', { length: 32_000, filterable: false });
export const flag = (name: string, more?: More) =>
  field(name, 'boolean', { nillable: false, defaultValue: false, ...more });

export const picklist = (name: string, values: readonly string[], more?: More) =>
  field(name, 'picklist', { length: 255, picklist: values, ...more });

/** A reference to a record of one of these objects; `OwnerId` is followed in a query as `Owner`. */
export const reference = (name: string, referenceTo: readonly string[], more?: More) =>
  field(name, 'reference', { length: 18, referenceTo, relationshipName: name.replace(/Id$/, ''), ...more });

/** The field by which an outside system knows a record. */
export const externalId = (name: string, unique: boolean) => text(name, 255, { externalId: true, unique });
