import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';

/** How many lines are kept in memory for those who run the system inside their own process. */
const kept = 500;

/** What functions print: one line with time and function each, into a file, and the newest ones in memory. */
export class FunctionLog {
  private readonly file: number | undefined;
  private readonly lines: string[] = [];
  private readonly onErrorLine: ((line: string) => void) | undefined;

  /** Without a file only memory. `onErrorLine` sees what functions print as errors. */
  constructor(file?: string, onErrorLine?: (line: string) => void) {
    this.onErrorLine = onErrorLine;
    if (file) {
      mkdirSync(dirname(file), { recursive: true });
      this.file = openSync(file, 'a');
    }
  }

  /** The newest lines, oldest first. */
  newest(): readonly string[] {
    return this.lines;
  }

  write(functionId: string, text: string, isError = false): void {
    const line = `${new Date().toISOString()} ${functionId} ${text}`;
    this.lines.push(line);
    if (this.lines.length > kept) this.lines.shift();
    if (this.file !== undefined) writeSync(this.file, `${line}\n`);
    if (isError) this.onErrorLine?.(line);
  }

  /** Takes every line of an output of a function. */
  follow(functionId: string, output: Readable, isError: boolean): void {
    let rest = '';
    output.setEncoding('utf8');
    output.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line) this.write(functionId, line, isError);
    });
    output.on('end', () => {
      if (rest) this.write(functionId, rest, isError);
    });
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}
