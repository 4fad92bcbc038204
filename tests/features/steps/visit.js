// One scenario's visit to the mall: what things are called in it, what it asked last.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setWorldConstructor, World } from "@cucumber/cucumber";
import { eventually } from "./eventually.js";
import { field_of, kinds, lists } from "./things.js";
import { visited } from "./visited.js";

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

export class visit extends World {
  #ids = new Map();
  #names = new Map();
  #headers = {};
  each_twice = false;

  /// The id of what this scenario calls so; what nobody has made yet gets one that nobody knows.
  id_of(kind, name) {
    if (name === "") return "";
    const key = `${kinds[kind]?.like ?? kind} ${name}`;
    if (!this.#ids.has(key)) this.remember(kind, name, randomUUID());
    return this.#ids.get(key);
  }
  remember(kind, name, id) {
    this.#ids.set(`${kinds[kind]?.like ?? kind} ${name}`, id);
    this.#names.set(id, name);
  }
  knows(kind, name) {
    return this.#ids.has(`${kinds[kind]?.like ?? kind} ${name}`);
  }
  is_mine(id) {
    return this.#names.has(id);
  }

  /// A shopping list that nobody has written by hand goes by the name of its order.
  async find({ kind, name }) {
    if (kind === "shopping list" && !this.knows(kind, name) && this.knows("order", name)) {
      const query = { orderId: this.id_of("order", name) };
      const { json } = await this.ask("GET", lists["shopping lists"].at, { query });
      assert.equal(json.shoppingLists.length, 1, `shopping lists of the order ${name}`);
      this.remember(kind, name, json.shoppingLists[0].id);
    }
    return this.id_of(kind, name);
  }

  /// As a feature writes it: ids by their names, yes and no.
  in_words(value) {
    if (typeof value === "boolean") return value ? "yes" : "no";
    return String(value).replace(uuid, (id) => this.#names.get(id) ?? id);
  }
  /// One cell of a table about `row`: "store" is the store's id, by its name.
  cell_of(row, words) {
    const field = field_of(words);
    const known = [field, `${field}Id`].find((candidate) => candidate in row);
    assert(known, `there is no "${words}" in ${JSON.stringify(row)}`);
    return this.in_words(row[known]);
  }

  /// Headers that the next act brings along.
  bring(headers) {
    Object.assign(this.#headers, headers);
  }

  /// Asks the API, and again while it says that it has done nothing yet (503).
  async ask(verb, path, { ids = [], query = {}, body, headers = {} } = {}) {
    visited.asked.add(`${verb} ${path}`);
    const rest = [...ids];
    const way = path.replace(/\{\}/g, () => encodeURIComponent(rest.shift()));
    const search = new URLSearchParams(query).toString();
    const url = `http://${this.host}${way}${search === "" ? "" : `?${search}`}`;
    return eventually(async () => {
      const response = await fetch(url, {
        method: verb,
        headers: { "Content-Type": "application/json", ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      assert.notEqual(response.status, 503, text);
      return {
        asked: `${verb} ${way} ${JSON.stringify(body ?? {})}`,
        status: response.status,
        json: text === "" ? undefined : JSON.parse(text),
        tag: response.headers.get("ETag"),
        text,
      };
    });
  }

  /// What a person does. That it went well is checked before the next act, so that a step may find
  /// it refused.
  async act(verb, path, { ids, query, body } = {}) {
    this.must_have_gone_well();
    const headers = { ...this.#headers };
    this.#headers = {};
    if (this.each_twice) headers["Idempotency-Key"] ??= randomUUID();
    this.answer = await this.ask(verb, path, { ids, query, body, headers });
    if (this.each_twice) {
      const again = await this.ask(verb, path, { ids, query, body, headers });
      assert.deepEqual(again, this.answer);
    }
    return this.answer;
  }
  must_have_gone_well() {
    if (!this.answer || this.answer.status === 200 || this.answer.taken) return;
    assert.fail(`${this.answer.asked} was answered ${this.answer.status} ${this.answer.text}`);
  }

  async changes(verb, path, { ids, body } = {}) {
    const { status, json } = await this.act(verb, path, { ids, body });
    if (status === 200) assert.deepEqual(json, {});
  }
  async creates(kind, name, path, { ids, body }) {
    const { status, json } = await this.act("POST", path, { ids, body });
    if (status !== 200) return;
    assert.deepEqual(Object.keys(json), ["id"]);
    assert.match(json.id, new RegExp(`^${uuid.source}$`));
    this.remember(kind, name, json.id);
  }
}

setWorldConstructor(visit);
