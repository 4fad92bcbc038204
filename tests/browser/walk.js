// node walk.js MALLBOTS: starts a node on a journal of its own, opens its pages in Chromium and
// does there what a reader of the API does. Nothing may leave this machine or complain in the
// console.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { chromium } from "playwright-core";

const step_ms = 30_000;
const walk_ms = 240_000;

// Whatever hangs: at the end of this process the browser loses its pipe and the node its parent.
setTimeout(() => {
  console.error(`the walk took more than ${walk_ms / 1000} s`);
  process.exit(1);
}, walk_ms).unref();

const programs = process.env.PATH.split(delimiter).map((folder) => join(folder, "chromium"));
const program = programs.find(existsSync);
assert(program, "no chromium here: apt-get install chromium, or tools/install --test");

const data = mkdtempSync(join(tmpdir(), "mallbots."));
process.on("exit", () => rmSync(data, { recursive: true, force: true }));
const flags = ["--data", data, "--http", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
const node = spawn("setpriv", ["--pdeathsig", "KILL", process.argv[2], "node", ...flags], {
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(node, "exit");

const browser = await chromium.launch({
  executablePath: program,
  args: [
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    // A name that is looked up would be a request that leaves.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});

after(async () => {
  await browser.close();
  node.kill("SIGTERM");
  const [code] = await ended;
  assert.equal(code, 0, "the node ends with 0 after the walk");
});

const place = await new Promise((resolve, reject) => {
  createInterface(node.stdout).on("line", (line) => {
    const ready = /^ready http=(\S+)/.exec(line);
    if (ready) resolve(`http://${ready[1]}`);
  });
  ended.then(([code]) => reject(new Error(`the node ended with ${code}`)));
});

const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
page.setDefaultTimeout(step_ms);
const complaints = [];
page.on("pageerror", (error) => complaints.push(error.message));
page.on("console", (said) => {
  if (["error", "warning"].includes(said.type())) complaints.push(said.text());
});
page.on("request", (request) => {
  const url = new URL(request.url());
  if (url.origin !== place && url.protocol !== "data:") complaints.push(`asked ${url}`);
});

/// One stretch of the walk; it may end with no complaint but those that it took itself.
function walk(name, stretch) {
  test(name, async () => {
    await stretch();
    assert.deepEqual(complaints.splice(0), []);
  });
}

const documents = page.getByLabel("Select a definition");
async function choose(title) {
  await documents.selectOption({ label: title });
  await page.locator(".info .title", { hasText: title }).waitFor();
}

/// Tries an operation out: what the page then shows as the answer.
async function call(verb, path, { parameters = {}, body } = {}) {
  const named = page.locator(`[data-path="${path}"]`);
  const operation = page.locator(`.opblock-${verb}`, { has: named });
  await operation.locator(".opblock-summary-control").click();
  await operation.getByRole("button", { name: "Try it out" }).click();
  for (const [name, value] of Object.entries(parameters))
    await operation.locator(`[data-param-name="${name}"] input`).fill(value);
  if (body) await operation.locator("textarea").fill(JSON.stringify(body));
  await operation.getByRole("button", { name: "Execute" }).click();
  const answer = operation.locator(".live-responses-table .response");
  const status = Number(await answer.locator(".response-col_status").innerText());
  const text = await answer.locator(".highlight-code pre").first().innerText();
  await operation.locator(".opblock-summary-control").click();
  return { status, json: JSON.parse(text) };
}

walk("the page says what it is, in which language, and has its icons", async () => {
  await page.goto(place);
  assert.equal(await page.title(), "MallBots API");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  const icons = await page.locator("link[rel=icon]").evaluateAll((all) => all.map((l) => l.href));
  assert.notEqual(icons.length, 0);
  for (const icon of icons) assert.equal((await fetch(icon)).status, 200, icon);
});

walk("each document shows every operation that it has", async () => {
  const titles = await documents.locator("option").allInnerTexts();
  for (const title of ["Store Management", "Customers"]) assert(titles.includes(title), title);
  for (const title of titles) {
    await choose(title);
    const { paths } = await (await fetch(place + (await documents.inputValue()))).json();
    const operations = Object.values(paths).flatMap(Object.keys).length;
    await page.locator(".opblock").nth(operations - 1).waitFor();
    assert.equal(await page.locator(".opblock").count(), operations, title);
    assert.equal(await page.locator(".errors-wrapper").count(), 0, title);
  }
});

walk("a store is created and listed", async () => {
  await choose("Store Management");
  const store = { name: "Waldorf Books", location: "Ground floor, 7" };
  const created = await call("post", "/api/stores", { body: store });
  assert.equal(created.status, 200);
  assert.match(created.json.id, /./);
  const { status, json } = await call("get", "/api/stores");
  assert.equal(status, 200);
  assert.deepEqual(json.stores.map((s) => [s.id, s.name]), [[created.json.id, store.name]]);
});

walk("a customer is registered and listed; a refusal is told in the contract's words", async () => {
  await choose("Customers");
  const ada = { name: "Ada", smsNumber: "555-1212" };
  const { status, json } = await call("post", "/api/customers", { body: ada });
  assert.equal(status, 200);
  assert.match(json.id, /./);
  const listed = await call("get", "/api/customers");
  assert.equal(listed.status, 200);
  assert.deepEqual(listed.json.customers.map((c) => [c.id, c.name]), [[json.id, ada.name]]);

  const refused = await call("put", "/api/customers/{id}/enable", { parameters: { id: json.id } });
  assert.equal(refused.status, 400);
  assert.equal(refused.json.message, "the customer is already enabled");
  // Chromium's own word on any answer of 400 and above.
  assert.match(complaints.pop(), /the server responded with a status of 400/);
});

walk("the AsyncAPI page of the stores shows what they publish, and to whom", async () => {
  await page.goto(`${place}/stores-asyncapi/`);
  assert.equal(await page.title(), "Store Management AsyncAPI");
  for (const text of [
    "Store Management AsyncAPI 1.0.0",
    "mallbots.stores.events.Store",
    "storeAggregateEvents",
    "storesapi.StoreCreated",
  ])
    await page.getByText(text).filter({ visible: true }).first().waitFor();
  assert.equal(await page.getByText(/^Error/).count(), 0);
});

walk("the catalogue is reached from the first page, and leads on", async () => {
  await page.goto(place);
  await page.getByRole("link", { name: "Catalogue of events" }).click();
  await page.getByRole("heading", { name: "Catalogue", exact: true }).waitFor();
  await page.getByRole("link", { name: "OrderCreated", exact: true }).click();
  await page.getByRole("heading", { name: "OrderCreated", exact: true }).waitFor();
  for (const consumer of ["cosec.CreateOrder", "notification-orders", "search.orders"])
    await page.getByRole("link", { name: consumer, exact: true }).waitFor();
  await page.getByRole("link", { name: "ordering.Order", exact: true }).first().click();
  await page.getByRole("link", { name: "DELETE /api/ordering/{id}" }).click();
  // The operation is the one that is open.
  await page.locator(".opblock-delete.is-open [data-path='/api/ordering/{id}']").waitFor();
});

walk("every page that the catalogue leads to is shown without a complaint", async () => {
  const open = ["/catalog/"];
  const seen = new Set(open);
  for (const path of open) {
    const answer = await page.goto(place + path);
    assert.equal(answer.status(), 200, path);
    const links = await page.locator("a").evaluateAll((all) => all.map((a) => a.pathname));
    for (const link of links)
      if (link.startsWith("/catalog/") && !seen.has(link)) open.push(link), seen.add(link);
  }
  assert(seen.size > 60, `${seen.size} pages`);
});
