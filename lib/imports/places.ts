/** Where the files of an import lie. What is under `work` nobody needs after the import. */
export const places = {
  upload: (id: string) => `uploads/${id}`,
  header: (id: string, file: number) => `work/imports/${id}/header-${file}`,
  chunk: (id: string, chunk: number) => `work/imports/${id}/chunk-${chunk}`,
  piece: (id: string, piece: number) => `work/imports/${id}/result-${piece}`,
  errors: (id: string, chunk: number) => `work/imports/${id}/errors-${chunk}`,
  result: (id: string) => `results/imports/${id}.csv`,
} as const;

export const json = 'application/json';
export const csv = 'text/csv;charset=utf-8';
