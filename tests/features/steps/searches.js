// How the staff searches for orders.
import assert from "node:assert/strict";
import { Then, When } from "@cucumber/cucumber";
import { joined, same, same_fields, seen, sight } from "./sights.js";

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
  same_fields(answer.json, ["orders", "next"]);
  return { rows: answer.json.orders, next: answer.json.next };
}

function names_of(visit, orders) {
  const known = orders.filter(({ orderId }) => visit.is_mine(orderId));
  return known.map(({ orderId }) => visit.in_words(orderId)).join(", ");
}

sight("a search [soon ]finds the orders {string} by", async function (names, table) {
  const { rows } = await found_by(this, await filters_of(this, table));
  same(names_of(this, rows), names);
});

Then("a search finds {int} orders by", async function (count, table) {
  same((await found_by(this, await filters_of(this, table))).rows.length, count);
});

Then("a search in pages of {int} finds the orders {string} by", search_in_pages);
async function search_in_pages(size, names, table) {
  const filters = await filters_of(this, table);
  const all = await joined(size, (page) => found_by(this, filters, page));
  same(names_of(this, all), names);
}

When("somebody searches for orders by", async function (table) {
  const filters = await filters_of(this, table);
  await this.act("POST", "/api/search/orders", { body: { filters } });
});

When("somebody searches for {int} orders from the page {string} on", async function (limit, next) {
  await this.act("POST", "/api/search/orders", { body: { limit, next } });
});
