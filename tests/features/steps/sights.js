// What people see of the mall. Each sight is also there with "soon", for what the mall does by
// itself.
import assert from "node:assert/strict";
import { defineParameterType, Then, When } from "@cucumber/cucumber";
import { eventually } from "./eventually.js";
import { kinds, lists } from "./things.js";

const pages_most = 100;

defineParameterType({
  name: "thing",
  regexp: new RegExp(`the (${Object.keys(kinds).join("|")}) "([^"]*)"`),
  transformer: (kind, name) => ({ kind, name }),
});

defineParameterType({
  name: "list",
  regexp: new RegExp(
    `the (${Object.keys(lists).join("|")})(?: (?:of|for) the (store|order|customer) "([^"]*)"| that are "([^"]*)")?`,
  ),
  transformer: (what, kind, name, status) => ({ ...lists[what], what, kind, name, status }),
});

function sight(phrase, look) {
  Then(phrase.replace("[soon ]", ""), look);
  const look_again = function (...given) {
    return eventually(() => look.apply(this, given));
  };
  Object.defineProperty(look_again, "length", { value: look.length });
  Then(phrase.replace("[soon ]", "soon "), look_again);
}

/// A thing as the API shows it.
async function seen(visit, thing, full = true) {
  const { at, in: inside, fields, full: more } = kinds[thing.kind];
  const query = full && more ? { view: "full" } : {};
  const answer = await visit.ask("GET", at, { ids: [await visit.find(thing)], query });
  assert.equal(answer.status, 200, `${answer.asked} was answered ${answer.text}`);
  const shown = answer.json[inside];
  assert.deepEqual(Object.keys(shown).sort(), [...((full && more) || fields)].sort());
  return shown;
}

/// The lines of a basket or order; of a shopping list, the lines of its stops.
function lines_of(shown, { items, kind }) {
  if (!shown.stops) {
    for (const line of shown.items) assert.deepEqual(Object.keys(line).sort(), [...items].sort());
    return shown.items;
  }
  return shown.stops.flatMap(({ items, ...stop }) => items.map((item) => ({ ...stop, ...item })));
}

/// A page of a list, or all of it.
async function page_of(visit, list, page = {}) {
  const { at, by, in: inside, kind, name, status } = list;
  const ids = at.includes("{}") ? [visit.id_of(kind, name)] : [];
  const query = { ...page };
  if (by && kind) query[by[kind]] = visit.id_of(kind, name);
  if (by && status) query[by.status] = status;
  const answer = await visit.ask("GET", at, { ids, query });
  assert.equal(answer.status, 200, `${answer.asked} was answered ${answer.text}`);
  if (list.next) assert.equal(typeof answer.json.next, "string", "next is always there");
  return { rows: answer.json[inside], next: answer.json.next ?? "" };
}

/// The rows of a list that are this scenario's business.
function mine(visit, list, rows) {
  const fields = list.fields ?? kinds[list.of].fields;
  for (const row of rows) assert.deepEqual(Object.keys(row).sort(), [...fields].sort());
  if (list.kind) return rows;
  return rows.filter((row) => visit.is_mine(row.id) || visit.is_mine(row.orderId));
}

function as_table(visit, table, rows) {
  const [head] = table.raw();
  return [head, ...rows.map((row) => head.map((words) => visit.cell_of(row, words)))];
}

sight("{thing} [soon ]shows", async function (thing, table) {
  const shown = await seen(this, thing);
  const rows = table.raw().map(([words]) => [words, this.cell_of(shown, words)]);
  assert.deepEqual(rows, table.raw());
});

sight("{thing} [soon ]is {string}", async function (thing, status) {
  assert.equal((await seen(this, thing)).status, status);
});

sight("{thing} [soon ]holds", async function (thing, table) {
  const lines = lines_of(await seen(this, thing, false), kinds[thing.kind]);
  const [head, ...rows] = as_table(this, table, lines);
  assert.deepEqual([head, ...rows.sort()], [head, ...table.rows().sort()]);
});

sight("{thing} [soon ]holds nothing", async function (thing) {
  assert.deepEqual(lines_of(await seen(this, thing, false), kinds[thing.kind]), []);
});

sight("{list} [soon ]are", async function (list, table) {
  const { rows } = await page_of(this, list);
  assert.deepEqual(as_table(this, table, mine(this, list, rows)), table.raw());
});

sight("{list} [soon ]are none", async function (list) {
  assert.deepEqual(mine(this, list, (await page_of(this, list)).rows), []);
});

sight("every one of {list} [soon ]is {string}", async function (list, status) {
  const { rows } = await page_of(this, list);
  assert.deepEqual(rows.filter((row) => row.status !== status), []);
});

/// All pages of what a question finds, joined.
async function joined(size, page) {
  const all = [];
  for (let next = "", pages = 1; ; ++pages) {
    const found = await page({ limit: size, next });
    assert(found.rows.length <= size, "a page is no longer than it may be");
    all.push(...found.rows);
    if (found.next === "") return all;
    assert(pages < pages_most, "pages come to an end");
    next = found.next;
  }
}

Then("{list} in pages of {int} are the same", async function (list, size) {
  const { rows } = await page_of(this, list);
  const all = await joined(size, (page) => page_of(this, list, page));
  assert.deepEqual(mine(this, list, all), mine(this, list, rows));
});

// -- search --------------------------------------------------------------------------------------

/// What a table asks of orders, as the API takes it.
async function filters_of(visit, table) {
  const filters = {};
  const ids = (kind, names) => names.split(", ").map((name) => visit.id_of(kind, name));
  const placed = async (name) => (await seen(visit, { kind: "order", name })).createdAt;
  const take = {
    customer: (name) => (filters.customerId = visit.id_of("customer", name)),
    stores: (names) => (filters.storeIds = ids("store", names)),
    products: (names) => (filters.productIds = ids("product", names)),
    status: (words) => (filters.status = words),
    "total from": (least) => (filters.minTotal = least),
    "total up to": (most) => (filters.maxTotal = most),
    "placed with or after": async (name) => (filters.after = await placed(name)),
    "placed before": async (name) => (filters.before = await placed(name)),
  };
  for (const [words, value] of table.raw()) {
    assert(take[words], `orders are not searched by "${words}"`);
    await take[words](value);
  }
  return filters;
}

async function found_by(visit, filters, page = {}) {
  const answer = await visit.ask("POST", "/api/search/orders", { body: { filters, ...page } });
  assert.equal(answer.status, 200, `${answer.asked} was answered ${answer.text}`);
  assert.deepEqual(Object.keys(answer.json).sort(), ["next", "orders"]);
  return { rows: answer.json.orders, next: answer.json.next };
}

function names_of(visit, orders) {
  const known = orders.filter(({ orderId }) => visit.is_mine(orderId));
  return known.map(({ orderId }) => visit.in_words(orderId)).join(", ");
}

sight("a search [soon ]finds the orders {string} by", async function (names, table) {
  const { rows } = await found_by(this, await filters_of(this, table));
  assert.equal(names_of(this, rows), names);
});

Then("a search in pages of {int} finds the orders {string} by", async function (size, names, table) {
  const filters = await filters_of(this, table);
  const all = await joined(size, (page) => found_by(this, filters, page));
  assert.equal(names_of(this, all), names);
});

When("somebody searches for orders by", async function (table) {
  const filters = await filters_of(this, table);
  await this.act("POST", "/api/search/orders", { body: { filters } });
});

When("somebody searches for {int} orders from the page {string} on", async function (limit, next) {
  await this.act("POST", "/api/search/orders", { body: { limit, next } });
});

// -- looking at things, to be told no ------------------------------------------------------------

When("somebody looks at {thing}", async function (thing) {
  const answer = await this.act("GET", kinds[thing.kind].at, { ids: [await this.find(thing)] });
  this.tag = answer.tag;
});

When("somebody asks for {int} of {list} from the page {string} on", async function (limit, list, next) {
  const ids = list.at.includes("{}") ? [this.id_of(list.kind, list.name)] : [];
  await this.act("GET", list.at, { ids, query: { limit, next } });
});

/// No for a reason of the shop: the contract's whole body.
Then("it is refused with {int} {string}", function (status, message) {
  const [code, word] = { 400: [3, "BAD_REQUEST"], 404: [5, "NOT_FOUND"] }[status];
  const why = {
    "@type": "type.googleapis.com/errors.ErrorType",
    TypeCode: word,
    HTTPCode: String(status),
    GRPCCode: String(code),
  };
  refused(this, status, { code, message, details: [why] });
});

/// No for a reason of how it was asked.
Then("it fails with {int} {string}", function (status, message) {
  const code = { 400: 3, 412: 9, 422: 3 }[status];
  refused(this, status, { code, message, details: [] });
});

Then("there is nothing new", function () {
  this.answer.taken = true;
  assert.equal(this.answer.status, 304, this.answer.text);
});

function refused(visit, status, body) {
  const { answer } = visit;
  answer.taken = true;
  assert.deepEqual({ status: answer.status, body: answer.json }, { status, body });
}
