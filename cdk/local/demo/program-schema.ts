const property = (name: string, label: string, more: Record<string, unknown> = {}) => ({
  name,
  label,
  type: 'string',
  fieldType: 'text',
  ...more,
});

/** プログラム情報: one record for each プログラムID, with what everybody must know about the customer. */
export const programSchema = {
  name: 'program_information',
  labels: { singular: 'プログラム情報', plural: 'プログラム情報' },
  primaryDisplayProperty: 'program_name',
  requiredProperties: ['program_id', 'program_name'],
  searchableProperties: ['program_id', 'program_name'],
  associatedObjects: ['CONTACT', 'DEAL', 'TICKET'],
  properties: [
    property('program_id', 'プログラムID', { hasUniqueValue: true }),
    property('program_name', 'プログラム名'),
    property('advertiser_id', '広告主ID'),
    property('conversion_condition', '成果条件'),
    property('reward_terms', '報酬条件'),
    property('started_on', '開始日', { type: 'date', fieldType: 'date' }),
  ],
};
