/** A file that is written line by line and compressed on the way. */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { EOF_BLOCK } from '../anntools/bgzf/block.ts';
import { BgzfWriter } from '../anntools/bgzf/writer.ts';

/** Text, or BGZF when the name ends in `.gz`. Appears under its name when it is whole. */
export class TextFile {
  private readonly file: number;
  private readonly writer = new BgzfWriter(1);

  constructor(private readonly path: string) {
    this.file = openSync(`${path}.partial`, 'w');
  }

  line(text: string): void {
    this.writer.text.ascii(`${text}\n`);
    if (this.path.endsWith('.gz')) this.writer.settle();
    if (this.writer.text.length > 1 << 18 || this.writer.out.length > 1 << 18) this.flush();
  }

  close(): void {
    if (this.path.endsWith('.gz')) {
      this.writer.flush();
      this.flush();
      writeSync(this.file, EOF_BLOCK);
    } else this.flush();
    closeSync(this.file);
    renameSync(`${this.path}.partial`, this.path);
  }

  private flush(): void {
    const from = this.path.endsWith('.gz') ? this.writer.out : this.writer.text;
    writeSync(this.file, from.view());
    from.clear();
  }
}
