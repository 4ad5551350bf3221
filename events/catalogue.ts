import { AssociationCreated, AssociationRemoved } from './association.ts';
import { MessageQueued, MessageReceived } from './conversation.ts';
import { CustomEventOccurred, TimelineEventCreated } from './custom.ts';
import {
  EmailBounced,
  EmailClicked,
  EmailComplained,
  EmailDelivered,
  EmailOpened,
  EmailScanned,
  EmailSent,
} from './email.ts';
import { FlowRunFinished } from './flow.ts';
import { FormSubmitted } from './form.ts';
import { ListMemberAdded, ListMemberRemoved } from './list.ts';
import {
  RecordArchived,
  RecordCreated,
  RecordErased,
  RecordMerged,
  RecordRestored,
  RecordUnmerged,
  RecordUpdated,
} from './record.ts';
import { SubscriptionChanged } from './subscription.ts';
import { SurveyAnswered } from './survey.ts';
import { SyncFailed, SyncPushed } from './sync.ts';

/** Every event of the system. Each has a frozen sample in `samples/<type>.v<version>.json`. */
export const catalogue = [
  RecordCreated,
  RecordUpdated,
  RecordArchived,
  RecordRestored,
  RecordMerged,
  RecordUnmerged,
  RecordErased,
  AssociationCreated,
  AssociationRemoved,
  FormSubmitted,
  FlowRunFinished,
  EmailSent,
  EmailDelivered,
  EmailBounced,
  EmailComplained,
  EmailOpened,
  EmailClicked,
  EmailScanned,
  SyncPushed,
  SyncFailed,
  ListMemberAdded,
  ListMemberRemoved,
  SurveyAnswered,
  SubscriptionChanged,
  TimelineEventCreated,
  CustomEventOccurred,
  MessageReceived,
  MessageQueued,
] as const;

/** The `source` of every event of ours on the bus. */
export const eventSource = 'tsunagi';
