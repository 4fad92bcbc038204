#include "gateway/pages.hpp"

#include <initializer_list>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/asyncapi.hpp"
#include "gateway/catalog.hpp"
#include "gateway/embedded.hpp"
#include "gateway/openapi.hpp"
#include "gateway/operation.hpp"
#include "gateway/swagger.hpp"

namespace reenact::gateway {
namespace {

using boost::json::array;
using boost::json::object;

std::string_view type_of(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".html", "text/html; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".json", "application/json"},
      {".png", "image/png"}};
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending)) return type;
  return "text/plain; charset=utf-8";
}

constexpr std::string_view markup = "text/html; charset=utf-8", json = "application/json";

/// A file of web/ that is filled in: each word is replaced where it first stands.
std::string filled(std::string_view name,
                   std::initializer_list<std::pair<std::string_view, std::string>> words) {
  std::string text;
  for (const auto& file : embedded_files())
    if (file.name == name) text = file.bytes;
  for (const auto& [word, with] : words) text.replace(text.find(word), word.size(), with);
  return text;
}

/// With the list of documents that the reader may choose from.
std::string page_showing(const array& documents) {
  return filled("index.html", {{"DOCUMENTS", boost::json::serialize(documents)}});
}

void show(page& p, std::string& etag, std::string_view bytes, std::string_view type) {
  etag = '"' + std::to_string(std::hash<std::string_view>()(bytes)) + '"';
  p = {type, bytes, etag};
}

} // namespace

site::site(const model::registry& hosted) {
  keep_rest();
  keep_events(hosted);
  keep_files();
}

const page* site::find(std::string_view path) const {
  const auto found = pages_.find(path);
  return found == pages_.end() ? nullptr : &found->second.shown;
}

/// What is called and answered.
void site::keep_rest() {
  array all;
  for (const auto& m : modules()) {
    const auto folder = '/' + m.name + "-spec/";
    const object entry{{"name", m.title}, {"url", folder + "api.swagger.json"}};
    all.push_back(entry);
    keep(folder, page_showing({entry}), markup);
    keep(folder + "api.swagger.json", swagger_of(m), json);
  }
  keep("/", page_showing(all), markup);
  keep("/openapi.json", openapi(), json);
}

/// What is told and heard.
void site::keep_events(const model::registry& hosted) {
  const context_map map(hosted);
  keep("/asyncapi.json", asyncapi(map), json);
  for (const auto& module : map.modules) {
    auto document = asyncapi(map, module);
    if (document.empty()) continue;
    const auto folder = '/' + module + "-asyncapi/";
    const auto place = folder + "asyncapi.json";
    keep(place, std::move(document), json);
    keep(folder,
         filled("asyncapi.html", {{"TITLE", title_of(module) + " AsyncAPI"}, {"DOCUMENT", place}}),
         markup);
  }
  for (auto& [path, page] : catalog(map)) keep(path, std::move(page), markup);
}

void site::keep_files() {
  for (const auto& file : embedded_files())
    if (file.name.find('/') != file.name.npos) // else it is filled in first
      add('/' + std::string(file.name), file.bytes, type_of(file.name));
}

void site::keep(const std::string& path, std::string text, std::string_view type) {
  auto& k = pages_[path];
  k.text = std::move(text);
  show(k.shown, k.etag, k.text, type);
}

void site::add(const std::string& path, std::string_view bytes, std::string_view type) {
  auto& k = pages_[path];
  show(k.shown, k.etag, bytes, type);
}

} // namespace reenact::gateway
