/** The entry without network and files has no types of its own. */
declare module 'juice/client' {
  export { default } from 'juice';
}
