// node check.js MALLBOTS: starts a node in memory and has AsyncAPI's own parser read each of its
// documents: their schema and all references. Examples, which it passes over, are checked by ajv.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { Parser } from "@asyncapi/parser";
import Ajv from "ajv";
import formats from "ajv-formats";

const flags = ["--journal", "memory:", "--http", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
const node = spawn("setpriv", ["--pdeathsig", "KILL", process.argv[2], "node", ...flags], {
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(node, "exit");
after(async () => {
  node.kill("SIGTERM");
  assert.equal((await ended)[0], 0);
});

const place = await new Promise((resolve, reject) => {
  createInterface(node.stdout).on("line", (line) => {
    const ready = /^ready http=(\S+)/.exec(line);
    if (ready) resolve(`http://${ready[1]}`);
  });
  ended.then(([code]) => reject(new Error(`the node ended with ${code}`)));
});

async function fetched(path) {
  const answer = await fetch(place + path);
  assert.equal(answer.status, 200, path);
  return answer.text();
}

/// What the parser says of a text, but for its advice to use another version of AsyncAPI.
async function read(text) {
  const { document, diagnostics } = await new Parser().parse(text);
  const said = diagnostics.filter((d) => d.code !== "asyncapi-latest-version");
  return { document, said: said.map((d) => `${d.path.join("/")}: ${d.message}`) };
}

// A keyword that nobody knows is an error, but for the parser's own.
const schemas = formats(new Ajv({ allErrors: true, keywords: ["x-parser-schema-id"] }));

/// What is wrong with the examples of a message, each of which has all the fields there are.
function faults(message) {
  const payload = message.payload().json();
  const says = schemas.compile(payload);
  const all = Object.keys(payload.properties ?? {});
  return message.examples().all().flatMap((e) => {
    assert.deepEqual(Object.keys(e.payload()), all, message.name());
    return says(e.payload()) ? [] : says.errors.map((error) => error.message);
  });
}

const modules = "baskets cosec customers depot notifications ordering payments search stores";
const paths = modules.split(" ").map((m) => `/${m}-asyncapi/asyncapi.json`);

for (const path of ["/asyncapi.json", ...paths])
  test(`${path} is AsyncAPI 3.0.0 without a fault`, async () => {
    const { document, said } = await read(await fetched(path));
    assert.deepEqual(said, []);
    assert.equal(document.version(), "3.0.0");
    assert.notEqual(document.operations().length, 0);
    for (const message of document.messages().all()) {
      assert.notEqual(message.examples().length, 0, message.name());
      assert.deepEqual(faults(message), [], message.name());
    }
  });

test("what is no AsyncAPI, or no example of its payload, is noticed", async () => {
  const all = JSON.parse(await fetched("/asyncapi.json"));
  all.components.messages["storesapi.ProductAdded"].examples[0].payload.price = "9.99";
  const { document } = await read(JSON.stringify(all));
  assert.deepEqual(faults(document.components().messages().get("storesapi.ProductAdded")), [
    "must be number",
  ]);
  all.operations.storeAggregateEvents.messages[0].$ref += "s";
  assert.notDeepEqual((await read(JSON.stringify(all))).said, []);
});
