import * as z from 'zod/mini';
import { postToSlack } from '../../slack/post.ts';
import { defineAction, effect } from '../action.ts';
import { render, slackText } from '../tokens.ts';

/** Slack shows no more of a message. */
const longest = 40_000;

/** Post `{text}` (Slack's markup, with tokens) to the channel of the connected webhook. */
export const action = defineAction({
  typeId: '1-179507819',
  name: 'post to Slack',
  fields: z.object({ text: z.string().check(z.minLength(1)) }),
  plan: ({ text }, facts) => effect({ text: render(text, facts, slackText).slice(0, longest) }),
  run: ({ text }, step) => postToSlack(text, step),
});
