/** How forms of companies look in a folded text (NFKC, lower case); longer ones first. */
const forms =
  '特定非営利活動法人 公益社団法人 公益財団法人 一般社団法人 一般財団法人 独立行政法人 社会福祉法人 税理士法人 弁護士法人 医療法人社団 医療法人財団 医療法人 学校法人 宗教法人 npo法人 株式会社 有限会社 合同会社 合資会社 合名会社 相互会社 協同組合 ' +
  '(一社) (一財) (公社) (公財) (特非) (株) (有) (同) (資) (名) (相) (医) (学) (独) (福)';
const latinForm = /[\s,]*\b(?:co\.?,?\s*ltd\.?|k\.\s?k\.?|inc\.?|llc\.?|ltd\.?|corp\.?|corporation|gmbh)(?=$|[^a-z])/;

/** A company's form anywhere in a folded text. */
export const companyForm = new RegExp(
  `${forms.split(' ').join('|').replace(/[()]/g, '\\$&')}|${latinForm.source}`,
  'u',
);
