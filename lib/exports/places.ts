import type { ExportRequest } from './schema.ts';
import { xlsxType } from './xlsx.ts';

/** Where the files of an export lie. What is under `work` nobody needs after the export. */
export const piecePlace = (id: string, piece: number): string => `work/exports/${id}/piece-${piece}`;

/** A workbook is asked for as XLS, too: what comes is the format of today, under its name. */
export const isWorkbook = ({ format }: Pick<ExportRequest, 'format'>): boolean => format !== 'CSV';

export const resultPlace = (id: string, request: ExportRequest): string =>
  `results/exports/${id}.${isWorkbook(request) ? 'xlsx' : 'csv'}`;

export const resultName = (request: ExportRequest): string =>
  `${request.exportName}.${isWorkbook(request) ? 'xlsx' : 'csv'}`;

export const contentTypeOf = (request: ExportRequest): string => {
  if (isWorkbook(request)) return xlsxType;
  return `text/csv;charset=${request.encoding === 'SHIFT_JIS' ? 'shift_jis' : 'utf-8'}`;
};
