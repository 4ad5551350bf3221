/** A token that opens nothing would be a lie. */
const noSmtp = 'SES takes SMTP passwords of IAM users only, and no function may make one; the single send is the way';

/** Operations of HubSpot's surface that are not here yet, with what they wait for. One that exists must leave this list. */
export const later: ReadonlyMap<string, string> = new Map([
  [
    'GET /automation/v4/flows/performance/{}',
    'HubSpot publishes no shape of its answer; our own path lists runs by status',
  ],
  ['POST /crm/v3/objects/{}/splits/batch/read', 'a deal has one owner here; shares of its amount are not kept'],
  ['POST /crm/v3/objects/{}/splits/batch/upsert', 'a deal has one owner here; shares of its amount are not kept'],
  ['GET /marketing/v3/transactional/smtp-tokens', noSmtp],
  ['POST /marketing/v3/transactional/smtp-tokens', noSmtp],
  ['DELETE /marketing/v3/transactional/smtp-tokens/{}', noSmtp],
  ['GET /marketing/v3/transactional/smtp-tokens/{}', noSmtp],
  ['POST /marketing/v3/transactional/smtp-tokens/{}/password-reset', noSmtp],
]);

/** Fields that HubSpot's models require and that our bodies do without. `*` stands for any part of a name. */
export const lenient: ReadonlyMap<string, string> = new Map([
  ['BatchReadInputSimplePublicObjectId.properties', 'without it the default properties are read, as HubSpot does'],
  [
    'BatchReadInputSimplePublicObjectId.propertiesWithHistory',
    'most readers want no history, and HubSpot asks for none',
  ],
  ['BatchReadInputPropertyName.archived', 'absent is false, as in every query'],
  ['OptionInput.hidden', 'absent is false'],
  ['OptionInput.displayOrder', 'absent is the order in which they stand'],
  ['ObjectSchemaEgg.requiredProperties', 'absent is none'],
  ['ObjectSchemaEgg.associatedObjects', 'absent is none; associations are added one by one too'],
  ['PipelineStageReplaceInput.metadata', 'absent is none: only stages of deals and tickets need some'],
  ['HubSpotFormDefinition*.createdAt', 'times are ours to say'],
  ['HubSpotFormDefinition*.updatedAt', 'times are ours to say'],
  ['HubSpotFormDefinition*.archived', 'DELETE archives'],
  ['HubSpotFormDefinition.id', 'the path has it'],
  ['HubSpotFormDefinition*.formType', 'every form that can be made is of the one type'],
  ['HubSpotFormDefinition*.configuration', 'a form of a name and its fields is enough to start with'],
  ['HubSpotFormDefinition*.displayOptions', 'a form of a name and its fields is enough to start with'],
  ['HubSpotFormDefinition*.legalConsentOptions', 'a form of a name and its fields is enough to start with'],
  ['HubSpotFormConfiguration.*', 'each setting has its usual value'],
  ['FormPostSubmitAction.*', 'a change of a form keeps what it does not name; thanks may be wordless'],
  ['LifecycleStage.*', 'a change of a form is checked when it is laid over the stored one'],
  ['FormDisplayOptions.*', 'each setting has its usual value'],
  ['FormStyle.*', 'each setting has its usual value'],
  ['FieldGroup.groupType', 'the default group'],
  ['FieldGroup.richTextType', 'text'],
  ['ExternalBehavioralEventTypeDefinitionEgg.*', 'absent is none'],
  ['Public*Filter*.*', 'a filter is checked against what it is evaluated by'],
  ['Public*RefineBy.*', 'a filter is checked against what it is evaluated by'],
  ['Public*Operation.*', 'a filter is checked against what it is evaluated by'],
  ['PublicIndexedTimePoint.*', 'a filter is checked against what it is evaluated by'],
  ['PublicTimeOffset.*', 'a filter is checked against what it is evaluated by'],
  ['Public*Reference.*', 'a filter is checked against what it is evaluated by'],
  ['*Field.objectTypeId', 'a field without it is one of the contact, as in a submission'],
  ['*Field.label', "the property's label"],
  ['*Field.hidden', 'absent is false'],
  ['*Field.required', 'absent is false'],
  ['*Field.dependentFields', 'absent is none'],
  ['*Field.defaultValues', 'absent is none'],
  ['*Field.options', "the property's options"],
  ['*Field.validation', 'absent is no rule beyond that of the type'],
  ['*FieldValidation.*', 'absent is no rule beyond that of the type'],
  ['PhoneField.useCountryCodeSelect', 'absent is false'],
  ['FileField.allowMultipleFiles', 'absent is false'],
  ['EnumeratedFieldOption.displayOrder', 'absent is the order in which they stand'],
  ['DependentFieldFilter.*', 'an operator reads only its own operands'],
  ['LegalConsentCheckbox.required', 'absent is false'],
  ['LegalConsentOptions*.communicationsCheckboxes', 'absent is none'],
  ['LegalConsentOptions*.privacyText', 'absent is empty'],
  ['LegalConsentOptionsLegitimateInterest.subscriptionTypeIds', 'absent is none'],
  ['PublicCrmSearchRequest.*', 'absent is no condition, as in a search'],
  ['PublicExport*Request.exportInternalValuesOptions', 'absent is none: labels of columns and options'],
  ['PublicExport*Request.language', 'absent is Japanese'],
  ['PublicExport*Request.overrideAssociatedObjectsPerDefinitionPerRowLimit', 'absent is false'],
]);

/** Values of HubSpot's enumerations that are refused. */
export const narrower: ReadonlyMap<string, string> = new Map([
  ['DependentFieldFilter.operator=within_time', 'conditions on a relative time need the date arithmetic of lists'],
  [
    'DependentFieldFilter.operator=within_time_reverse',
    'conditions on a relative time need the date arithmetic of lists',
  ],
]);

/** Query parameters that are not read. */
export const ignored: ReadonlyMap<string, string> = new Map([
  ['properties/get properties', 'a definition is small: it is answered whole'],
  ['properties/list properties', 'a definition is small: it is answered whole'],
  ['events/list before', 'pages go forward only'],
  ['marketing-emails/get* workflowNames', 'flows name the e-mails that they send, not the other way round'],
  ['marketing-emails/list workflowNames', 'flows name the e-mails that they send, not the other way round'],
  ['marketing-emails/* marketingCampaignNames', 'a campaign is a word on an e-mail, it has no name besides'],
  ['properties/get-group locale', 'there is one language for definitions'],
  ['properties/list-groups locale', 'there is one language for definitions'],
]);

/** Where an answer differs from HubSpot's model. */
export const different: ReadonlyMap<string, string> = new Map([
  ['SimplePublicUpsertObject.new', 'one shape serves every batch of records; the upsert test shows that it is there'],
  ['*Field.*', 'a field answers what was set on it; the client reads an absent setting as undefined'],
  ['*FieldValidation.*', 'a field answers what was set on it; the client reads an absent setting as undefined'],
  ['FormStyle.*', 'styles are kept as they were sent'],
  ['Public*FilterBranch.*', 'filters are answered as they were stored'],
]);

/** The names that no entry explains, and the entries that explain none and must go. */
export function unexplained(names: Iterable<string>, reasons: ReadonlyMap<string, string>) {
  const all = [...new Set(names)].sort();
  const matches = (pattern: string, name: string) =>
    new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(name);
  const patterns = [...reasons.keys()];
  return {
    names: all.filter((name) => !patterns.some((pattern) => matches(pattern, name))),
    stale: patterns.filter((pattern) => !all.some((name) => matches(pattern, name))),
  };
}
