import type { Row } from './client.ts';
import { companies, familyNames, givenNames, jobTitles, lifecycleStages } from './people.ts';

/** A property by which tickets, notes and calls of the demo are known, so that loading them again makes no second ones. */
export const demoKey = 'demo_key';

const at = <T>(list: readonly T[], position: number): T => list[position % list.length] as T;
const padded = (value: number, digits: number) => String(value).padStart(digits, '0');
const day = 24 * 60 * 60 * 1000;

export const companyRows = (ownerIds: readonly string[]): Row[] =>
  companies.map((company, position) => ({
    id: padded(position + 1, 13),
    properties: {
      name: company.name,
      name_kana: company.kana,
      domain: company.domain,
      website: `https://${company.domain}/`,
      phone: `03-0000-${padded(1000 + position, 4)}`,
      industry: company.industry,
      state: company.state,
      city: company.city,
      is_agency: String('agency' in company),
      hubspot_owner_id: at(ownerIds, position),
    },
  }));

/** Sixty people, five at each company. */
export const contactRows = (ownerIds: readonly string[]): Row[] =>
  familyNames.flatMap(([family, familyKana, roman], row) =>
    givenNames.map(([given, givenKana, givenRoman], column): Row => {
      const position = row * givenNames.length + column;
      const company = at(companies, position);
      return {
        id: `${givenRoman}.${roman}@${company.domain}`,
        properties: {
          lastname: family,
          firstname: given,
          lastname_kana: familyKana,
          firstname_kana: givenKana,
          phone: `03-0000-${padded(2000 + position, 4)}${position % 6 === 0 ? ' (内線12)' : ''}`,
          mobilephone: `090-0000-${padded(3000 + position, 4)}`,
          company: company.name,
          jobtitle: at(jobTitles, position),
          lifecyclestage: at(lifecycleStages, position),
          hubspot_owner_id: at(ownerIds, position),
        },
      };
    }),
  );

/** The company of a contact or a deal, by its number in the list. */
export const companyKeyOf = (position: number) => padded((position % companies.length) + 1, 13);

const services = ['ブランドサイト', '定期コース', '資料請求', '会員登録', 'アプリ'] as const;
const dealStages = [
  'appointmentscheduled',
  'qualifiedtobuy',
  'presentationscheduled',
  'contractsent',
  'closedwon',
] as const;

const advertiserId = (position: number) => `s${padded(12_345_678 + position * 1_111, 14)}`;

export const dealRows = (ownerIds: readonly string[], now: number): Row[] =>
  Array.from({ length: 25 }, (_, position) => {
    const company = at(
      companies.filter((each) => !('agency' in each)),
      position,
    );
    return {
      id: advertiserId(position),
      properties: {
        dealname: `${company.name} ${at(services, position)}`,
        service_name: at(services, position),
        pipeline: 'default',
        dealstage: at(dealStages, position),
        amount: String(300_000 + position * 45_000),
        closedate: new Date(now + (position - 10) * 7 * day).toISOString(),
        via_agency: String(position % 4 === 0),
        hubspot_owner_id: at(ownerIds, position),
      },
    };
  });

export const programRows = (): Row[] =>
  Array.from({ length: 12 }, (_, position) => ({
    id: `p${padded(9_000_001 + position, 8)}`,
    properties: {
      program_name: `${at(services, position)}プログラム ${position + 1}`,
      advertiser_id: advertiserId(position * 2),
      conversion_condition: at(['初回購入', '資料請求完了', '会員登録完了'], position),
      reward_terms: at(['定額 1,500円', '定率 8%', '定額 800円'], position),
      started_on: `2026-0${(position % 9) + 1}-01`,
    },
  }));

export type Place = { readonly pipelineId: string; readonly stageId: string; readonly label: string };

const subjects = [
  ['タグの設置位置について', 'tag_guidance', '計測タグを入れる場所を教えてください。'],
  ['成果が計測されない', 'tracking_test', 'テスト購入の成果が管理画面に出ません。'],
  ['掲載可否の確認依頼', 'media', '新しい媒体への掲載可否を確認したいです。'],
  ['レビュー募集の申込み', 'review_program', 'レビュー募集プログラムに参加します。'],
  ['セミナー資料の送付依頼', 'online_seminar', '先日のセミナーの資料をください。'],
  ['契約更新のご相談', 'contract', '来期の契約条件についてご相談です。'],
] as const;

/** Forty tickets over all pipelines and stages. */
export const ticketRows = (places: readonly Place[], ownerIds: readonly string[]): Row[] =>
  Array.from({ length: 40 }, (_, position) => {
    const [subject, inquiry, content] = at(subjects, position);
    const place = at(places, position * 7);
    return {
      id: `ticket-${padded(position + 1, 3)}`,
      properties: {
        subject: `${subject} #${position + 1}`,
        content,
        inquiry_type: inquiry,
        advertiser_id: advertiserId(position % 25),
        hs_ticket_priority: at(['LOW', 'MEDIUM', 'HIGH'], position),
        source_type: at(['FORM', 'EMAIL', 'PHONE'], position),
        hs_pipeline: place.pipelineId,
        hs_pipeline_stage: place.stageId,
        hubspot_owner_id: at(ownerIds, position),
      },
    };
  });

export const noteRows = (ownerIds: readonly string[], now: number): Row[] =>
  Array.from({ length: 15 }, (_, position) => ({
    id: `note-${padded(position + 1, 3)}`,
    properties: {
      hs_timestamp: new Date(now - position * day).toISOString(),
      hs_note_body: `【連絡手段】電話<br>【会話内容】${at(subjects, position)[2]}<br>【決定事項】${at(['来週再連絡', '資料を送付', '社内で確認'], position)}`,
      hubspot_owner_id: at(ownerIds, position),
    },
  }));

export const callRows = (ownerIds: readonly string[], now: number): Row[] =>
  Array.from({ length: 10 }, (_, position) => ({
    id: `call-${padded(position + 1, 3)}`,
    properties: {
      hs_timestamp: new Date(now - position * 2 * day).toISOString(),
      hs_call_title: `${at(subjects, position)[0]}(電話)`,
      hs_call_body: at(subjects, position)[2],
      hs_call_direction: at(['INBOUND', 'OUTBOUND'], position),
      hs_call_duration: String(60_000 * (position + 1)),
      hubspot_owner_id: at(ownerIds, position),
    },
  }));
