import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { EmailRow, StoredEmail } from '../../lib/emails/schema.ts';
import { emailKey, emailListingKey } from '../../lib/table/email-keys.ts';
import { tablesOf, toolClient } from '../../lib/table/whole-table.ts';

type Reach = { readonly dynamodbUrl: string };

const parts = {
  subject: '{{ contact.lastname | default: "お客様" }}様へ 秋の特集のご案内',
  html: '<html><body><p>{{ contact.lastname }} 様</p><p><a href="https://shop.example/1">特集</a> <a href="https://shop.example/2">新着</a> <a href="https://shop.example/3">人気</a> <a href="https://shop.example/4">お問い合わせ</a></p></body></html>',
  text: '{{ contact.lastname }} 様\nhttps://shop.example/1',
};

/** A published e-mail with a token and four links. */
export async function givenEmail({ dynamodbUrl }: Reach, id: string): Promise<string> {
  const client = toolClient(dynamodbUrl);
  const [table = ''] = await tablesOf(client);
  const at = new Date().toISOString();
  const email = StoredEmail.parse({
    id,
    name: '秋の特集',
    ...parts,
    content: {},
    from: { fromName: 'つなぎ編集部' },
    type: 'BATCH_EMAIL',
    state: 'PUBLISHED',
    revision: 1,
    ready: parts,
    version: 1,
    createdAt: at,
    updatedAt: at,
  });
  await client.send(new PutCommand({ TableName: table, Item: { ...emailKey(id), entity: 'email', ...email } }));
  const listed = { ...emailListingKey(id), entity: 'email-listing', ...EmailRow.parse(email) };
  await client.send(new PutCommand({ TableName: table, Item: listed }));
  return id;
}
