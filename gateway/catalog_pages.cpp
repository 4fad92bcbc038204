#include "gateway/catalog_pages.hpp"

#include <algorithm>

#include "gateway/catalog_links.hpp"
#include "gateway/example.hpp"
#include "gateway/remark.hpp"

namespace reenact::gateway {
namespace {

using messages::descriptor;

html paragraph(const html& inside) { return element("p", inside) + html{"\n"}; }
html section(std::string_view title, const html& inside) {
  return element("h2", said(title)) + html{"\n"} + inside + html{"\n"};
}

html remark(const descriptor* type) {
  const auto text = remark_on(type);
  return text.empty() ? html() : paragraph(said(text));
}

html consumers_of(const hosted_event& e) {
  std::vector<cells> rows;
  for (const auto& c : e.consumers)
    rows.push_back({link_to(c),
                    said(c.to_do.empty() ? to_string(c.what) : "saga: " + std::string(c.to_do)),
                    link_to_module(c.module)});
  return table({"Consumer", "Kind", "Module"}, rows);
}

html channel_of(const hosted_event& e) {
  if (e.published().empty())
    return paragraph(mark("internal", "internal") + said(" It stays in the module ") +
                     link_to_module(e.producer->module) + said("."));
  return paragraph(
      mark("published", "published") + said(" as ") + code(e.published()) + said(" on ") +
      link('/' + e.producer->module + "-asyncapi/", event_channel(*e.producer)) + said("."));
}

/// Requests in the order of the rpcs that take them.
std::vector<const model::request_type*> requests_of(const model::aggregate_type& a) {
  std::vector<const model::request_type*> all;
  for (const auto& [_, r] : a.requests) all.push_back(&r);
  std::ranges::sort(all, {}, [](const auto* r) { return r->request->index(); });
  return all;
}

html requests_table(const model::aggregate_type& a, bool commands) {
  std::vector<cells> rows;
  for (const auto* r : requests_of(a))
    if ((r->decide != nullptr) == commands)
      rows.push_back(
          {code(r->request->name()), said(r->creates ? "yes" : ""), link_to_route(r->request)});
  return table({commands ? "Command" : "Query", "Creates", "Route"}, rows);
}

template <class Events>
html event_list(const context_map& in, const Events& known, const std::string& stream_type) {
  std::vector<cells> rows;
  for (const auto& e : in.events)
    if (known.contains(e.type->full_name()) &&
        (stream_type.empty() || stream_type == e.producer->name))
      rows.push_back({link_to(e), link_to(*e.producer), link_to_module(e.producer->module),
                      said(e.published().empty() ? "internal" : "published")});
  return table({"Event", "Aggregate", "Module", "Reach"}, rows);
}

html of_module(std::string_view what, std::string_view module) {
  return paragraph(said(what) + said(" of the module ") + link_to_module(module) + said("."));
}

/// What a step asks, of whom.
html asked(const context_map& in, const descriptor* command) {
  if (command == nullptr) return {};
  const auto target = in.hosted.find(command);
  auto text = code(command->name());
  if (target.aggregate != nullptr) text += said(" of ") + link_to(*target.aggregate);
  return text;
}

} // namespace

html about(const context_map& in, const hosted_event& e) {
  return paragraph(said("An event of ") + link_to(*e.producer) + said(" in the module ") +
                   link_to_module(e.producer->module) + said(".")) +
         channel_of(e) + remark(e.type) + section("Fields", fields_of(in, e.type)) +
         section("Consumers", consumers_of(e)) +
         section("Example", element("pre", said(indented(example_of(e.type)))));
}

html about(const context_map& in, const model::aggregate_type& a) {
  const auto* state = a.prototype->GetDescriptor();
  const auto saga = std::ranges::find(in.hosted.sagas(), &a, &model::saga_type::aggregate);
  auto body = of_module("An aggregate", a.module);
  if (saga != in.hosted.sagas().end())
    body += paragraph(said("It is how the saga ") + link_to(*saga) + said(" is kept."));
  return body + remark(state) + section("Commands", requests_table(a, true)) +
         section("Queries", requests_table(a, false)) +
         section("Events", event_list(in, a.events, a.name)) +
         section("State", fields_of(in, state));
}

html about(const context_map& in, const model::policy_type& p) {
  return of_module("A policy", p.module) +
         paragraph(said("Each event is reacted to once. What is asked then is decided by a "
                        "function of the module.")) +
         section("Events", event_list(in, p.events, p.stream_type));
}

html about(const context_map& in, const model::saga_type& s) {
  std::vector<cells> steps;
  for (const auto& step : s.steps)
    steps.push_back({said(step.name), asked(in, step.run), asked(in, step.undo)});
  auto body =
      of_module("A saga", s.aggregate->module) +
      paragraph(said("Begun by ") + links_to(in, s.starts) +
                (s.cancels == nullptr ? html() : said("; canceled by ") + links_to(in, s.cancels)) +
                said(". It is kept as the aggregate ") + link_to(*s.aggregate) + said("."));
  return body +
         section("Steps", paragraph(said("One after another. When one is refused, those before it "
                                         "are undone, last first.")) +
                              table({"Step", "Asks", "Is undone by"}, steps)) +
         section("Replies",
                 paragraph(said("On ") +
                           link('/' + s.aggregate->module + "-asyncapi/", reply_channel(s)) +
                           said("."))) +
         section("Policies", list({code(s.starter()), code(s.stepper())}));
}

html about(const context_map& in, const model::view_type& v) {
  std::vector<const descriptor*> queries;
  for (const auto& [query, _] : v.queries) queries.push_back(query);
  std::ranges::sort(queries, {}, [](const auto* q) { return q->index(); });
  std::vector<cells> rows;
  for (const auto* q : queries)
    rows.push_back(
        {code(q->name()), said(v.finds.contains(q) ? "one row" : "a list"), link_to_route(q)});
  return of_module("A view", v.module) +
         section("Queries", table({"Query", "Answer", "Route"}, rows)) +
         section("Events", event_list(in, v.events, v.stream_type)) +
         section("Rows", fields_of(in, v.prototype->GetDescriptor()));
}

} // namespace reenact::gateway
