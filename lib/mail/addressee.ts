type Addressed = {
  readonly lastname?: string | undefined;
  readonly firstname?: string | undefined;
  readonly company?: string | undefined;
};

/** 殿 and the like are taken away behind two letters at least: 鵜殿 is a name. */
const honorific =
  /[\s　(（]*(?:様方|様|さま|サマ|ｻﾏ|御中|各位|(?<=\S\S)[\s　]*(?:殿|さん|サン|くん|君|先生|氏))[\s　)）]*$/u;
const role = /^(?:ご|御)?(?:担当者?|責任者)$/u;

function withoutHonorific(name: string | undefined): string {
  const bare = (name ?? '').trim().replace(honorific, '').replace(honorific, '').trim();
  return role.test(bare) ? '' : bare;
}

/**
 * How a mail begins: 「{姓} 様」 with 様 once, whatever stands in the name; 「{会社} 御中」 when no person is known, 「ご担当者様」 when nothing
 * is. In English the name alone, or nothing.
 */
export function addressee({ lastname, firstname, company }: Addressed, language: 'ja' | 'en' = 'ja'): string {
  const family = withoutHonorific(lastname);
  const given = withoutHonorific(firstname);
  if (language === 'en') return [given, family].filter(Boolean).join(' ');
  const person = family || given;
  if (person) return `${person} 様`;
  const organisation = withoutHonorific(company);
  return organisation ? `${organisation} 御中` : 'ご担当者様';
}
