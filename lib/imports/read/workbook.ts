import { SaxesParser } from 'saxes';
import { importLimits, unreadable } from './unreadable.ts';
import { unpacked } from './unzip.ts';

/** How a style shows a number: as a moment, or with so many digits. */
type NumberStyle = { readonly moment: boolean; readonly digits: number };

/** What the cells of a sheet refer to. */
export type Workbook = {
  readonly sheet: string;
  readonly texts: readonly string[];
  readonly styles: readonly NumberStyle[];
  readonly since1904: boolean;
};

type Tag = { readonly name: string; readonly attributes: Record<string, string> };

/** The name without its namespace's prefix, which some programs write. */
export const bare = (name: string): string => name.slice(name.indexOf(':') + 1);

/** A parser that tells of a damaged file in words. */
export function xmlParser(): SaxesParser {
  const parser = new SaxesParser();
  parser.on('error', () => {
    throw unreadable('The spreadsheet is damaged: a part of it is not XML', 'INVALID_SPREADSHEET');
  });
  parser.on('doctype', () => {
    throw unreadable('The spreadsheet declares XML entities, which no spreadsheet needs', 'INVALID_SPREADSHEET');
  });
  return parser;
}

/** Reads the parts of a spreadsheet that its first sheet needs. @throws CrmError 400 when it is none */
export function readWorkbook(archive: Uint8Array): Workbook {
  const parts = new Map<string, { parser: SaxesParser; decoder: InstanceType<typeof TextDecoder> }>();
  const book = new BookReader();
  const handlers: Readonly<Record<string, (parser: SaxesParser) => void>> = {
    'xl/workbook.xml': (parser) => book.readSheets(parser),
    'xl/_rels/workbook.xml.rels': (parser) => book.readRelations(parser),
    'xl/sharedStrings.xml': (parser) => book.readTexts(parser),
    'xl/styles.xml': (parser) => book.readStyles(parser),
  };
  for (const { name, data, final } of unpacked(archive, (file) => file in handlers)) {
    let part = parts.get(name);
    if (!part) {
      part = { parser: xmlParser(), decoder: new TextDecoder() };
      handlers[name]?.(part.parser);
      parts.set(name, part);
    }
    part.parser.write(part.decoder.decode(data, { stream: !final }));
  }
  return book.done();
}

class BookReader {
  private readonly sheets: string[] = [];
  private readonly targets = new Map<string, string>();
  private readonly texts: string[] = [];
  private readonly formats = new Map<number, string>();
  private readonly styles: NumberStyle[] = [];
  private since1904 = false;
  private textBytes = 0;

  done(): Workbook {
    const [first] = this.sheets;
    const target = first === undefined ? undefined : this.targets.get(first);
    if (target === undefined) throw unreadable('The file is no spreadsheet: it has no sheet', 'INVALID_SPREADSHEET');
    const sheet = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    return { sheet, texts: this.texts, styles: this.styles, since1904: this.since1904 };
  }

  readSheets(parser: SaxesParser): void {
    parser.on('opentag', (tag) => {
      const { name, attributes } = tag as Tag;
      if (bare(name) === 'workbookPr') this.since1904 = /^(1|true)$/.test(attributes.date1904 ?? '');
      if (bare(name) !== 'sheet') return;
      const id = Object.entries(attributes).find(([attribute]) => bare(attribute) === 'id' && attribute.includes(':'));
      if (id) this.sheets.push(id[1]);
    });
  }

  readRelations(parser: SaxesParser): void {
    parser.on('opentag', (tag) => {
      const { name, attributes } = tag as Tag;
      if (bare(name) === 'Relationship') this.targets.set(attributes.Id ?? '', attributes.Target ?? '');
    });
  }

  /** A text may come in runs; how a Japanese one is read (`rPh`) is not part of it. */
  readTexts(parser: SaxesParser): void {
    let text = '';
    let collecting = false;
    let phonetic = false;
    parser.on('opentag', (tag) => {
      const name = bare((tag as Tag).name);
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic = true;
      if (name === 't') collecting = !phonetic;
    });
    parser.on('text', (part) => {
      if (collecting) text += part;
    });
    parser.on('closetag', (tag) => {
      const name = bare((tag as Tag).name);
      if (name === 't') collecting = false;
      if (name === 'rPh') phonetic = false;
      if (name === 'si') this.keep(text);
    });
  }

  private keep(text: string): void {
    this.textBytes += text.length * 2;
    if (this.textBytes > importLimits.xlsxTextBytes) {
      throw unreadable(
        `The spreadsheet has more than ${importLimits.xlsxTextBytes / 1024 / 1024} MB of text, which is the most; save it as CSV`,
        'INVALID_SPREADSHEET',
      );
    }
    this.texts.push(text);
  }

  readStyles(parser: SaxesParser): void {
    let inCells = false;
    parser.on('opentag', (tag) => {
      const { name, attributes } = tag as Tag;
      if (bare(name) === 'numFmt') this.formats.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      if (bare(name) === 'cellXfs') inCells = true;
      if (bare(name) === 'xf' && inCells) this.styles.push(this.styleOf(Number(attributes.numFmtId ?? 0)));
    });
    parser.on('closetag', (tag) => {
      if (bare((tag as Tag).name) === 'cellXfs') inCells = false;
    });
  }

  private styleOf(id: number): NumberStyle {
    const format = this.formats.get(id);
    // Excel's own formats of days and times, the Japanese ones among them, have no text in the file.
    if (format === undefined)
      return { moment: (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 58), digits: 0 };
    const [first = ''] = format.split(';');
    const signs = first.replace(/"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]/gi, '');
    return {
      moment: /[ymdhsge]/i.test(signs.replace(/general/i, '')) && !/[0#]E/.test(signs),
      digits: /^0+$/.test(signs) ? signs.length : 0,
    };
  }
}
