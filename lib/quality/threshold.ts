/** From this confidence on a correction is made without a person: at least 99.9 % of those are right (test/unit/quality/split.test.ts). */
export const automaticConfidence = 0.95;
