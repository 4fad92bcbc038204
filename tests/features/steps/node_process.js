// A real node: `mallbots node` on a data directory of its own and on ports that the system chose.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export class node_process {
  static async start(program, flags = []) {
    const node = new node_process(program, flags);
    await node.#begin();
    return node;
  }

  constructor(program, flags) {
    this.program = program;
    this.flags = flags;
    this.data = mkdtempSync(join(tmpdir(), "mallbots."));
    this.forget = () => rmSync(this.data, { recursive: true, force: true });
    process.on("exit", this.forget);
  }

  /// Without a warning, as a power cut ends it; then again on the same data.
  async die_and_return() {
    await this.#end("SIGKILL");
    await this.#begin();
  }

  async stop() {
    const code = await this.#end("SIGTERM");
    process.off("exit", this.forget);
    this.forget();
    if (code !== 0) throw new Error(`the node ended with ${code}`);
  }

  async #begin() {
    const flags = ["--data", this.data, "--http", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
    const words = ["--pdeathsig", "KILL", this.program, "node", ...flags, "--log-level", "warn"];
    this.child = spawn("setpriv", [...words, ...this.flags], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.ended = once(this.child, "exit");
    this.host = await new Promise((resolve, reject) => {
      createInterface(this.child.stdout).on("line", (line) => {
        const ready = /^ready http=(\S+)/.exec(line);
        if (ready) resolve(ready[1]);
      });
      this.ended.then(([code]) => reject(new Error(`the node ended with ${code}`)), reject);
    });
  }

  async #end(signal) {
    this.child.kill(signal);
    return (await this.ended)[0];
  }
}
