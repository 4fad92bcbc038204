// What people do in the mall. A step does it, and notes what it was answered.
import assert from "node:assert/strict";
import { Given, When } from "@cucumber/cucumber";
import { kinds } from "./things.js";

const tries_most = 50;

/// A number as it is; other words as they are, which the API takes for a number too.
function amount_of(word) {
  return Number.isFinite(Number(word)) ? Number(word) : word;
}

// -- stores --------------------------------------------------------------------------------------

When("a store {string} is opened at {string}", function (name, location) {
  return this.creates("store", name, "/api/stores", { body: { name, location } });
});

When("{thing} takes part in the automated shopping", async function (store) {
  await this.changes("PUT", "/api/stores/{}/participating", { ids: [await this.find(store)] });
});

When("{thing} takes part no longer", async function (store) {
  await this.changes("DELETE", "/api/stores/{}/participating", { ids: [await this.find(store)] });
});

When("{thing} is rebranded as {string}", async function (thing, name) {
  await this.changes("PUT", `${kinds[thing.kind].at}/rebrand`, {
    ids: [await this.find(thing)],
    body: { name },
  });
});

When("{thing} is rebranded as {string}, {string}", async function (product, name, description) {
  await this.changes("PUT", "/api/stores/products/{}/rebrand", {
    ids: [await this.find(product)],
    body: { name, description },
  });
});

When("{thing} offers {string} for {word}", async function (store, name, price) {
  const body = { name, price: amount_of(price) };
  await this.creates("product", name, "/api/stores/{}/products", {
    ids: [await this.find(store)],
    body,
  });
});

When("{thing} offers", async function (store, table) {
  for (const { price, ...body } of table.hashes())
    await this.creates("product", body.name, "/api/stores/{}/products", {
      ids: [await this.find(store)],
      body: { ...body, price: amount_of(price) },
    });
});

When(/^the price of the product "([^"]*)" is (increased|decreased) to (\S+)$/, prices);
async function prices(name, way, price) {
  await this.changes("PUT", `/api/stores/products/{}/${way.replace(/d$/, "")}Price`, {
    ids: [this.id_of("product", name)],
    body: { price: amount_of(price) },
  });
}

When("{thing} is removed from its store", async function (product) {
  await this.changes("DELETE", "/api/stores/products/{}", { ids: [await this.find(product)] });
});

// -- customers -----------------------------------------------------------------------------------

When("a customer {string} registers with the number {string}", function (name, smsNumber) {
  return this.creates("customer", name, "/api/customers", { body: { name, smsNumber } });
});

When(/^the customer "([^"]*)" is (enabled|disabled)$/, async function (name, way) {
  await this.changes("PUT", `/api/customers/{}/${way.replace(/d$/, "")}`, {
    ids: [this.id_of("customer", name)],
  });
});

When("{thing} changes the number to {string}", async function (customer, smsNumber) {
  await this.changes("PUT", "/api/customers/{}/change-sms", {
    ids: [await this.find(customer)],
    body: { smsNumber },
  });
});

// -- baskets -------------------------------------------------------------------------------------

When("{thing} starts a basket {string}", async function (customer, name) {
  const customerId = await this.find(customer);
  await this.creates("basket", name, "/api/baskets", { body: { customerId } });
});

When("{int} of {thing} are put into {thing}", async function (quantity, product, basket) {
  await this.changes("PUT", "/api/baskets/{}/addItem", {
    ids: [await this.find(basket)],
    body: { productId: await this.find(product), quantity },
  });
});

When("{int} of {thing} are taken out of {thing}", async function (quantity, product, basket) {
  await this.changes("PUT", "/api/baskets/{}/removeItem", {
    ids: [await this.find(basket)],
    body: { productId: await this.find(product), quantity },
  });
});

When("{thing} is checked out with {thing}", async function (basket, payment) {
  await this.changes("PUT", "/api/baskets/{}/checkout", {
    ids: [await this.find(basket)],
    body: { paymentId: await this.find(payment) },
  });
});

When("{thing} is cancelled", async function (thing) {
  const verb = thing.kind === "shopping list" ? "POST" : "DELETE";
  await this.changes(verb, kinds[thing.kind].at, { ids: [await this.find(thing)] });
});

// -- orders --------------------------------------------------------------------------------------

/// Products of stores as a table names them, with what else it says of them.
function items_of(visit, table) {
  return table.hashes().map(({ store, product, price, quantity }) => ({
    storeId: visit.id_of("store", store),
    productId: visit.id_of("product", product),
    ...(price === undefined ? {} : { price: amount_of(price) }),
    quantity: Number(quantity),
  }));
}

When("{thing} orders {string} with {thing}", async function (customer, name, payment, table) {
  const body = {
    customerId: await this.find(customer),
    paymentId: await this.find(payment),
    items: items_of(this, table),
  };
  await this.creates("order", name, "/api/ordering", { body });
});

When("{thing} places {int} orders with {thing}", async function (customer, count, payment, table) {
  const body = {
    customerId: await this.find(customer),
    paymentId: await this.find(payment),
    items: items_of(this, table),
  };
  for (let n = 1; n <= count; ++n)
    await this.creates("order", `number ${n}`, "/api/ordering", { body });
});

When("{thing} orders nothing", async function (customer) {
  const body = { customerId: await this.find(customer) };
  await this.creates("order", "nothing", "/api/ordering", { body });
});

/// The mall approves quickly: whoever was too late tries again with another order and payment.
When("{thing} orders {string} and cancels it in time", async function (customer, name, table) {
  const customerId = await this.find(customer);
  for (let tries = 1; ; ++tries) {
    await this.creates("payment", name, "/api/payments", { body: { customerId, amount: 1000 } });
    const paymentId = this.id_of("payment", name);
    const body = { customerId, paymentId, items: items_of(this, table) };
    await this.creates("order", name, "/api/ordering", { body });
    const ids = [this.id_of("order", name)];
    const answer = await this.act("DELETE", "/api/ordering/{}", { ids });
    if (answer.status === 200) return;
    answer.taken = true;
    assert.equal(answer.json.message, "the order cannot be cancelled");
    assert(tries < tries_most, "one of so many orders is canceled in time");
  }
});

// -- depot ---------------------------------------------------------------------------------------

When("a shopping list {string} is written for {thing}", async function (name, order, table) {
  const body = { orderId: await this.find(order), items: items_of(this, table) };
  await this.creates("shopping list", name, "/api/depot/shopping", { body });
});

When("{thing} is assigned to {thing}", async function (list, bot) {
  await this.changes("PUT", "/api/depot/shopping/{}/assign", {
    ids: [await this.find(list)],
    body: { botId: await this.find(bot) },
  });
});

When("{thing} is completed", async function (list) {
  await this.changes("PUT", "/api/depot/shopping/{}/complete", { ids: [await this.find(list)] });
});

When("a bot {string} joins the depot", function (name) {
  return this.creates("bot", name, "/api/depot/bots", { body: { name } });
});

When(/^the bot "([^"]*)" goes (online|offline)$/, async function (name, way) {
  await this.changes("PUT", `/api/depot/bots/{}/${way}`, { ids: [this.id_of("bot", name)] });
});

// -- payments ------------------------------------------------------------------------------------

When("{thing} authorises the payment {string} of {word}", async function (customer, name, amount) {
  const body = { customerId: await this.find(customer), amount: amount_of(amount) };
  await this.creates("payment", name, "/api/payments", { body });
});

When("{thing} is paid", async function (invoice) {
  await this.changes("PUT", "/api/payments/invoices/{}/pay", { ids: [await this.find(invoice)] });
});

// -- how it is asked -----------------------------------------------------------------------------

Given("every request is sent twice under a key of its own", function () {
  this.each_twice = true;
});

Given("the next request has the key {string}", function (key) {
  this.bring({ "Idempotency-Key": `${key}-${this.id_of("key", key)}` });
});

Given("the next request has a key with a blank in it", function () {
  this.bring({ "Idempotency-Key": "a key" });
});

Given("the next request holds only if nothing has changed since", function () {
  this.bring({ "If-Match": this.tag });
});

Given("the next request is only after something new", function () {
  this.bring({ "If-None-Match": this.tag });
});
