import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, startDatabase } from '../../support/database.ts';
import { field, givenForm, post, submissionsOf } from '../../support/forms.ts';

let database: Database;
let formId: string;
let captchaFormId: string;
beforeAll(async () => {
  database = await startDatabase();
  const fields = [
    field('email', 'email', {
      required: true,
      validation: { useDefaultBlockList: true, blockedEmailDomains: ['rival.example'] },
    }),
    field('phone', 'phone'),
    field('jobtitle', 'number', { validation: { minAllowedDigits: 2, maxAllowedDigits: 4 } }),
    field('hs_lead_status', 'dropdown'),
    field('message', 'multi_line_text'),
  ];
  const legalConsentOptions = {
    type: 'explicit_consent_to_process',
    privacyText: '方針',
    communicationsCheckboxes: [{ subscriptionTypeId: 2, label: '案内', required: false }],
  };
  formId = await givenForm(fields, { legalConsentOptions });
  captchaFormId = await givenForm(fields, { configuration: { recaptchaEnabled: true } });
});
afterAll(() => database.close());

const mail = { value: true, subscriptionTypeId: 2, text: '案内' };
const agreed = { consent: { consentToProcess: true, text: '同意', communications: [mail] } };
const email = 'someone@example.co.jp';

type Case = { values?: Record<string, unknown>; rest?: Record<string, unknown>; captcha?: true };
const context = (context: Record<string, unknown>): Case => ({ rest: { context } });
const legal = (legalConsentOptions: unknown): Case => ({ rest: { legalConsentOptions } });

const cases: Record<string, Case> = {
  MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED: {
    rest: { fields: Array.from({ length: 1001 }, (_, n) => ({ name: `p${n}`, value: '1' })) },
  },
  INVALID_EMAIL: { values: { email: 'nobody@' } },
  BLOCKED_EMAIL: { values: { email: 'someone@rival.example' } },
  REQUIRED_FIELD: { values: { email: ' ' } },
  INVALID_NUMBER: { values: { jobtitle: 'たくさん' } },
  INPUT_TOO_LARGE: { values: { message: 'x'.repeat(65_537) } },
  FIELD_NOT_IN_FORM_DEFINITION: { values: { shoe_size: '43' } },
  NUMBER_OUT_OF_RANGE: { values: { jobtitle: '12345' } },
  VALUE_NOT_IN_FIELD_DEFINITION: { values: { hs_lead_status: 'NO_SUCH' } },
  INVALID_METADATA: { rest: { submittedAt: 1_000 } },
  INVALID_HUTK: context({ hutk: 'short' }),
  INVALID_IP_ADDRESS: context({ ipAddress: '999.1.1.1' }),
  INVALID_PAGE_URI: context({ pageUri: 'javascript:alert(1)' }),
  INVALID_LEGAL_OPTION_FORMAT: legal({
    ...agreed,
    legitimateInterest: { value: true, subscriptionTypeId: 2, legalBasis: 'OTHER', text: '取引' },
  }),
  MISSING_PROCESSING_CONSENT: legal({ consent: { consentToProcess: false, text: '同意', communications: [mail] } }),
  MISSING_PROCESSING_CONSENT_TEXT: legal({ consent: { ...agreed.consent, text: ' ' } }),
  MISSING_COMMUNICATION_CONSENT_TEXT: legal({
    consent: { ...agreed.consent, communications: [{ ...mail, text: '' }] },
  }),
  DUPLICATE_SUBSCRIPTION_TYPE_ID: legal({ consent: { ...agreed.consent, communications: [mail, mail] } }),
  FORM_HAS_RECAPTCHA_ENABLED: { captcha: true },
};

describe('each thing that is wrong has its own type', () => {
  test.each(Object.entries(cases))('%s', async (errorType, { values = {}, rest = {}, captcha }) => {
    const answer = await post(
      captcha ? captchaFormId : formId,
      { email, ...values },
      { ...(!captcha && { legalConsentOptions: agreed }), ...rest },
    );
    expect(answer).toMatchObject({ status: 400, body: { status: 'error', message: 'The request is not valid' } });
    const { errors } = answer.body as { errors: { errorType: string; message: string }[] };
    expect(errors.map((error) => error.errorType)).toEqual([errorType]);
    expect(errors[0]?.message.length).toBeGreaterThan(10);
  });

  test('MISSING_LEGITIMATE_INTEREST_TEXT', async () => {
    const interested = await givenForm([field('email', 'email')], {
      legalConsentOptions: { type: 'legitimate_interest', lawfulBasis: 'client', subscriptionTypeIds: [2] },
    });
    const legitimateInterest = { value: true, subscriptionTypeId: 2, legalBasis: 'CLIENT', text: '' };
    const answer = await post(interested, { email }, { legalConsentOptions: { legitimateInterest } });
    expect(answer.body).toMatchObject({ errors: [{ errorType: 'MISSING_LEGITIMATE_INTEREST_TEXT' }] });
  });

  test('and none of them left anything', async () => {
    expect(await submissionsOf(database, formId)).toEqual([]);
    expect(await submissionsOf(database, captchaFormId)).toEqual([]);
  });
});

test('consents that are no consents are refused before anything is kept', async () => {
  const formId = await givenForm();
  const consent = (more: object) => ({
    legalConsentOptions: { consent: { consentToProcess: true, text: '同意', communications: [], ...more } },
  });
  const each = (subscriptionTypeId: number) => ({ value: false, subscriptionTypeId, text: '案内' });
  for (const wrong of [
    { text: 'あ'.repeat(150_000) },
    { communications: Array.from({ length: 31 }, (_, n) => each(n)) },
    { communications: [each(-1)] },
  ])
    expect(await post(formId, { email: 'junk@example.com' }, consent(wrong))).toMatchObject({
      status: 400,
      body: { errors: [{ errorType: 'INVALID_LEGAL_OPTION_FORMAT' }] },
    });
  const most = { communications: Array.from({ length: 30 }, (_, n) => each(n + 1)) };
  expect((await post(formId, { email: 'most@example.com' }, consent(most))).status).toBe(200);
});
