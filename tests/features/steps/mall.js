// The node that features are played on: one for all, or one for a scenario that is tagged so.
import {
  After,
  AfterAll,
  Before,
  BeforeAll,
  Given,
  setDefaultTimeout,
  When,
} from "@cucumber/cucumber";
import { patience_ms } from "./eventually.js";
import { node_process } from "./node_process.js";
import { visited } from "./visited.js";

setDefaultTimeout(patience_ms + 20_000);

let shared;
let everyones_host;

BeforeAll(async function () {
  const { program, host } = this.parameters;
  if (!host) shared = await node_process.start(program);
  everyones_host = host ?? shared.host;
  visited.learn(await (await fetch(`http://${everyones_host}/openapi.json`)).json());
});

AfterAll(async () => {
  await shared?.stop();
});

Before({ tags: "not @own-node" }, function () {
  this.host = everyones_host;
});

Before({ tags: "@own-node" }, function () {
  return this.parameters.host ? "skipped" : undefined;
});

After(async function ({ result }) {
  await this.node?.stop();
  if (result.status === "PASSED") this.must_have_gone_well();
});

async function open(visit, flags) {
  visit.node = await node_process.start(visit.parameters.program, flags);
  visit.host = visit.node.host;
}

Given("a mall of its own", function () {
  return open(this, []);
});

Given("a mall of its own that abandons baskets after {string}", function (time) {
  return open(this, ["--baskets-abandon-after", time]);
});

Given("a mall of its own whose depot assigns lists by itself", function () {
  return open(this, ["--depot-auto-assign", "true"]);
});

When("the power fails and comes back", async function () {
  this.must_have_gone_well();
  await this.node.die_and_return();
  this.host = this.node.host;
});
