/** Code for the visitor's browser, bundled to one text by `cdk/browser-script.ts`. */
declare module '*?browser' {
  const script: string;
  export default script;
}
