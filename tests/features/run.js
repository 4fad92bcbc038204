// node run.js MALLBOTS [what cucumber takes]: plays the features below this folder, or those that
// are named, against a node of that program. With FEATURES_HOST=HOST:PORT in the environment they
// are played against who listens there, except those that need a node of their own.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConfiguration, runCucumber } from "@cucumber/cucumber/api";
import { visited } from "./steps/visited.js";

const [program, ...wishes] = process.argv.slice(2);
if (!program) {
  console.error("usage: node run.js MALLBOTS [FEATURE...] [--name WORDS] [--parallel WORKERS] ...");
  process.exit(2);
}

const host = process.env.FEATURES_HOST;
const { runConfiguration: run } = await loadConfiguration({ file: false, provided: wishes });
const everything = wishes.length === 0;
if (run.sources.paths.length === 0) run.sources.paths = ["*/*.feature"];
run.support.importPaths = [join(dirname(fileURLToPath(import.meta.url)), "steps/*.js")];
run.runtime.worldParameters = { program, host };
run.formats.publish = false;
run.formats.options = { colorsEnabled: process.stdout.isTTY === true };

const { success } = await runCucumber(run);
if (host) console.log(`played on ${host}: scenarios tagged @own-node were skipped`);
const forgotten = success && everything ? visited.missing() : [];
for (const operation of forgotten) console.error(`no feature asks for ${operation}`);
process.exit(success && forgotten.length === 0 ? 0 : 1);
