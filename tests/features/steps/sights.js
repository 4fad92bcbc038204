// What people see of the mall. Each sight is also there with "soon", for what the mall does by
// itself.
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { defineParameterType, Then } from "@cucumber/cucumber";
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
    `the (${Object.keys(lists).join("|")})` +
      `(?: of the (store|order|customer) "([^"]*)"| that are "([^"]*)")?`,
  ),
  transformer: (what, kind, name, status) => ({ ...lists[what], what, kind, name, status }),
});

/// A step that looks once, and one that looks until it is so.
export function sight(phrase, look) {
  Then(phrase.replace("[soon ]", ""), look);
  const look_again = function (...given) {
    return eventually(() => look.apply(this, given));
  };
  Object.defineProperty(look_again, "length", { value: look.length });
  Then(phrase.replace("[soon ]", "soon "), look_again);
}

/// Assert's own text would tell the difference once more than cucumber does.
export function same(shown, expected, or_else = "it is otherwise") {
  if (isDeepStrictEqual(shown, expected)) return;
  throw Object.assign(new assert.AssertionError({ message: or_else }), { actual: shown, expected });
}
export function same_fields(shown, fields) {
  same(Object.keys(shown).sort(), [...fields].sort(), "its fields are others");
}

/// A thing as the API shows it.
export async function seen(visit, thing, full = true) {
  const { at, in: inside, fields, full: more } = kinds[thing.kind];
  const query = full && more ? { view: "full" } : {};
  const answer = await visit.ask("GET", at, { ids: [await visit.find(thing)], query });
  assert.equal(answer.status, 200, `${answer.asked} was answered ${answer.text}`);
  const shown = answer.json[inside];
  same_fields(shown, (full && more) || fields);
  return shown;
}

/// The lines of a basket or order; of a shopping list, the lines of its stops.
function lines_of(shown, { items, kind }) {
  if (!shown.stops) {
    for (const line of shown.items) same_fields(line, items);
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
  for (const row of rows) same_fields(row, fields);
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
  same(rows, table.raw());
});

sight("{thing} [soon ]is {string}", async function (thing, status) {
  same((await seen(this, thing)).status, status);
});

sight("{thing} [soon ]holds", async function (thing, table) {
  const lines = lines_of(await seen(this, thing, false), kinds[thing.kind]);
  const [head, ...rows] = as_table(this, table, lines);
  same([head, ...rows.sort()], [head, ...table.rows().sort()]);
});

sight("{thing} [soon ]holds nothing", async function (thing) {
  same(lines_of(await seen(this, thing, false), kinds[thing.kind]), []);
});

sight("{list} [soon ]are", async function (list, table) {
  const { rows } = await page_of(this, list);
  same(as_table(this, table, mine(this, list, rows)), table.raw());
});

sight("{list} [soon ]are, in any order,", async function (list, table) {
  const { rows } = await page_of(this, list);
  const [head, ...shown] = as_table(this, table, mine(this, list, rows));
  same([head, ...shown.sort()], [head, ...table.rows().sort()]);
});

sight("{list} [soon ]are none", async function (list) {
  same(mine(this, list, (await page_of(this, list)).rows), []);
});

sight("every one of {list} [soon ]is {string}", async function (list, status) {
  const { rows } = await page_of(this, list);
  same(rows.filter((row) => row.status !== status), []);
});

sight("a notification [soon ]tells {thing} {string}", async function (customer, text) {
  const list = { ...lists.notifications, ...customer };
  const { rows } = await page_of(this, list);
  const texts = rows.map((row) => this.in_words(row.text));
  assert(texts.includes(text), `"${text}" is not among ${JSON.stringify(texts)}`);
});

/// All pages of what a question finds, joined.
export async function joined(size, page) {
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
  same(all, rows);
});
