#include "gateway/catalog.hpp"

#include <algorithm>

#include "gateway/async_operation.hpp"
#include "gateway/catalog_links.hpp"
#include "gateway/catalog_pages.hpp"
#include "gateway/operation.hpp"

namespace reenact::gateway {
namespace {

html heading(std::string_view id, std::string_view plain) {
  return html{"<h2 id=\"" + said(id).text + "\">"} + said(plain) + html{"</h2>\n"};
}

/// The name of a kind of part and the parts of a module; nothing when it has none.
html row(std::string_view what, const std::vector<html>& parts) {
  if (parts.empty()) return {};
  html all;
  for (const auto& p : parts) all += (all.empty() ? html() : said(", ")) + p;
  return element("dt", said(what)) + element("dd", all) + html{"\n"};
}

html events_of(const context_map& in, std::string_view module) {
  std::vector<html> published, internal;
  for (const auto& e : in.events)
    if (e.producer->module == module)
      (e.published().empty() ? internal : published).push_back(link_to(e));
  return row("Published events", published) + row("Internal events", internal);
}

bool talks(const context_map& in, std::string_view module) {
  const auto all = async_operations(in);
  return std::ranges::find(all, module, &async_operation::module) != all.end();
}

bool has_routes(std::string_view module) {
  const auto all = modules();
  return std::ranges::find(all, module, &api_module::name) != all.end();
}

html documents_of(const context_map& in, const std::string& module) {
  std::vector<html> all;
  if (has_routes(module)) all.push_back(link('/' + module + "-spec/", "HTTP API"));
  if (talks(in, module)) all.push_back(link('/' + module + "-asyncapi/", "AsyncAPI"));
  return row("Documents", all);
}

html part_of_index(const context_map& in, const std::string& module) {
  std::vector<html> aggregates, policies, sagas, views;
  for (const auto& a : in.hosted.aggregates())
    if (a->module == module) aggregates.push_back(link_to(*a));
  for (const auto& p : in.hosted.policies())
    if (p->module == module && saga_of_policy(in.hosted, p->name) == nullptr)
      policies.push_back(link_to(*p));
  for (const auto& s : in.hosted.sagas())
    if (s.aggregate->module == module) sagas.push_back(link_to(s));
  for (const auto& v : in.hosted.views())
    if (v->module == module) views.push_back(link_to(*v));
  const auto title = title_of(module);
  return heading(module, title == module ? module : module + ": " + title) +
         element("dl", row("Aggregates", aggregates) + events_of(in, module) +
                           row("Policies", policies) + row("Sagas", sagas) + row("Views", views) +
                           documents_of(in, module));
}

html index(const context_map& in) {
  auto body = element("p", said("What this node hosts: who tells whom what. ") +
                               link("/asyncapi.json", "All channels") + said(" as AsyncAPI, ") +
                               link("/openapi.json", "all routes") + said(" as OpenAPI, ") +
                               link("/", "the API to try out") + said("."));
  for (const auto& module : in.modules) body += part_of_index(in, module);
  return body;
}

std::string page(std::string_view title, const html& body) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         said(title).text +
         "</title>\n<link rel=\"stylesheet\" href=\"/catalog/catalog.css\">\n"
         "<link rel=\"icon\" type=\"image/png\" href=\"/swagger-ui/favicon-32x32.png\">\n"
         "</head>\n<body>\n<nav><a href=\"/catalog/\">Catalogue</a></nav>\n<h1>" +
         said(title).text + "</h1>\n" + body.text + "</body>\n</html>\n";
}

} // namespace

std::map<std::string, std::string> catalog(const context_map& of) {
  std::map<std::string, std::string> pages{{"/catalog/", page("Catalogue", index(of))}};
  for (const auto& e : of.events) pages[place_of(e)] = page(e.type->name(), about(of, e));
  for (const auto& a : of.hosted.aggregates()) pages[place_of(*a)] = page(a->name, about(of, *a));
  for (const auto& p : of.hosted.policies())
    if (saga_of_policy(of.hosted, p->name) == nullptr)
      pages[place_of(*p)] = page(p->name, about(of, *p));
  for (const auto& s : of.hosted.sagas())
    pages[place_of(s)] = page(s.aggregate->name, about(of, s));
  for (const auto& v : of.hosted.views()) pages[place_of(*v)] = page(v->name, about(of, *v));
  return pages;
}

} // namespace reenact::gateway
