import { type Letters, written } from './letters.ts';
import type { NoteCode } from './reasons.ts';
import type { FindingType } from './schema.ts';

/** What a text of a name was found to hold, while it is taken apart. */
export type Reading = {
  /** What is left for the person's name, piece by piece. */
  pieces: Letters[];
  readonly honorifics: string[];
  readonly titles: string[];
  readonly departments: string[];
  readonly companies: string[];
  readonly tags: string[];
  readonly removed: string[];
  readonly findings: Set<FindingType>;
  readonly notes: Set<NoteCode>;
  /** The least confidence of the steps so far. */
  confidence: number;
  /** A role stands where a name should. */
  role: boolean;
};

export const newReading = (): Reading => ({
  pieces: [],
  honorifics: [],
  titles: [],
  departments: [],
  companies: [],
  tags: [],
  removed: [],
  findings: new Set(),
  notes: new Set(),
  confidence: 1,
  role: false,
});

type Part = 'honorifics' | 'titles' | 'departments' | 'companies' | 'tags' | 'removed';

const findingOf: Readonly<Record<Part, FindingType | undefined>> = {
  honorifics: 'HONORIFIC',
  titles: undefined,
  departments: 'DEPARTMENT_IN_NAME',
  companies: 'COMPANY_IN_NAME',
  tags: 'SERVICE_IN_NAME',
  removed: undefined,
};

/** Puts letters away as a part that is not the person's name, with how sure that is. */
export function put(reading: Reading, part: Part, letters: Letters, confidence = 1): void {
  const text = written(letters);
  if (text === '') return;
  reading[part].push(text);
  const finding = findingOf[part];
  if (finding) reading.findings.add(finding);
  if (part === 'titles') reading.notes.add('JOB_TITLE');
  reading.confidence = Math.min(reading.confidence, confidence);
}
