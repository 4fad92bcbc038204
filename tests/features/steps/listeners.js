// People who listen to what happens in the mall, as a browser's EventSource does: GET /api/events.
import assert from "node:assert/strict";
import { After, Given, Then, When } from "@cucumber/cucumber";
import { eventually } from "./eventually.js";
import { same } from "./sights.js";
import { visited } from "./visited.js";

class listener {
  #place;
  #leaving;
  heard = [];

  constructor(host, query) {
    this.url = `http://${host}/api/events?${new URLSearchParams(query)}`;
  }

  async listen() {
    visited.asked.add("GET /api/events");
    this.#leaving = new AbortController();
    const headers = this.#place ? { "Last-Event-ID": this.#place } : {};
    const response = await fetch(this.url, { headers, signal: this.#leaving.signal });
    assert.equal(response.status, 200, response.status === 200 ? "" : await response.text());
    await new Promise((begun) => {
      this.#take(response.body, begun).catch(() => {}); // it ends when they leave
    });
  }
  leave() {
    this.#leaving?.abort();
  }

  /// `begun` is told when the first place has come: from there on nothing is missed.
  async #take(body, begun) {
    let text = "";
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + piece).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const said = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
        if (said.data) this.heard.push({ name: said.event, ...JSON.parse(said.data) });
        this.#place = said.id ?? this.#place;
        if (said.id) begun();
      }
    }
  }
}

async function begins(visit, name, query) {
  visit.listeners ??= new Map();
  visit.listeners.set(name, new listener(visit.host, query));
  await visit.listeners.get(name).listen();
}

After(function () {
  for (const someone of this.listeners?.values() ?? []) someone.leave();
});

Given("{string} listens to the module {word}", async function (name, module) {
  await begins(this, name, { module });
});
Given("{string} listens to {thing}", async function (name, thing) {
  await begins(this, name, { entity: await this.find(thing) });
});
Given("{string} listens to all there ever was of {thing}", async function (name, thing) {
  await begins(this, name, { entity: await this.find(thing), from: "start" });
});
When("{string} stops listening", function (name) {
  this.listeners.get(name).leave();
});
When("{string} listens again", async function (name) {
  await this.listeners.get(name).listen();
});

/// Of this scenario's things, each once: those of one thing in their order, as nothing is promised
/// across things.
Then("{string} hears", async function (name, table) {
  const by_thing = (events) => events.sort((one, other) => one.of.localeCompare(other.of));
  const expected = by_thing(table.hashes());
  await eventually(() => {
    const heard = this.listeners
      .get(name)
      .heard.filter(({ subject }) => this.is_mine(subject))
      .map(({ type, subject }) => ({ event: type, of: this.in_words(subject) }));
    same(by_thing(heard), expected, "they hear something else");
  });
});
