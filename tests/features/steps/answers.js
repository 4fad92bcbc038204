// What was asked to see what is answered, and how the mall says no.
import { Then, When } from "@cucumber/cucumber";
import { same } from "./sights.js";
import { kinds } from "./things.js";

When("somebody looks at {thing}", async function (thing) {
  const answer = await this.act("GET", kinds[thing.kind].at, { ids: [await this.find(thing)] });
  this.tag = answer.tag;
});

When("somebody asks for {int} of {list} from the page {string} on", ask_for_page);
async function ask_for_page(limit, list, next) {
  const ids = list.at.includes("{}") ? [this.id_of(list.kind, list.name)] : [];
  await this.act("GET", list.at, { ids, query: { limit, next } });
}

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
  same(this.answer.status, 304);
});

function refused(visit, status, body) {
  const { answer } = visit;
  answer.taken = true;
  same({ status: answer.status, body: answer.json }, { status, body });
}
