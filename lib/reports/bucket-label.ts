import type { Language } from '../pages/words.ts';
import { bucketAfter } from './bucket.ts';
import type { DateUnit } from './schema.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const partsOf = (bucket: string) => {
  const [year = '', month = '', day = ''] = bucket.split('-');
  return { year, month: Number(month), monthName: months[Number(month) - 1] ?? month, day: Number(day), dayText: day };
};

const lastMonth = (bucket: string) => partsOf(bucketAfter(bucket, { unit: 'month', weekStart: 'monday' }, 2));

/** How people call a bucket: 2026/11/23の週, 2026年11月, 2026年度. */
export function bucketLabel(bucket: string, unit: DateUnit, language: Language): string {
  const { year, month, monthName } = partsOf(bucket);
  const ja = language === 'ja';
  const day = bucket.replaceAll('-', '/');
  switch (unit) {
    case 'day':
      return ja ? day : bucket;
    case 'week':
      return ja ? `${day}の週` : `Week of ${bucket}`;
    case 'month':
      return ja ? `${year}年${month}月` : `${monthName} ${year}`;
    case 'quarter':
      return ja
        ? `${year}年${month}〜${lastMonth(bucket).month}月`
        : `${monthName}–${lastMonth(bucket).monthName} ${year}`;
    case 'fiscalYear':
      return ja ? `${year}年度` : `FY${year}`;
  }
}

/** The same as short as an axis needs it. */
export function shortBucketLabel(bucket: string, unit: DateUnit, language: Language): string {
  const { year, month, monthName, day } = partsOf(bucket);
  const ja = language === 'ja';
  switch (unit) {
    case 'day':
    case 'week':
      return ja ? `${month}/${day}` : `${monthName} ${day}`;
    case 'month':
      return ja ? `${year.slice(2)}/${month}` : `${monthName} ’${year.slice(2)}`;
    case 'quarter':
      return ja ? `${year.slice(2)}/${month}〜${lastMonth(bucket).month}` : `${monthName} ’${year.slice(2)}`;
    case 'fiscalYear':
      return ja ? `${year}年度` : `FY${year}`;
  }
}
