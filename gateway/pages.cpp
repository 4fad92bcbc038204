#include "gateway/pages.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

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

/// All pages, made once: the documents are written here, the files lie in the program.
class site {
public:
  site() {
    array all;
    for (const auto& m : modules()) {
      const auto folder = '/' + m.name + "-spec/";
      const object entry{{"name", m.title}, {"url", folder + "api.swagger.json"}};
      all.push_back(entry);
      keep(folder, page_showing({entry}), "text/html; charset=utf-8");
      keep(folder + "api.swagger.json", swagger_of(m), "application/json");
    }
    keep("/", page_showing(all), "text/html; charset=utf-8");
    keep("/openapi.json", openapi(), "application/json");
    for (const auto& file : embedded_files())
      if (file.name != "index.html")
        add("/swagger-ui/" + std::string(file.name), file.bytes, type_of(file.name));
  }

  const page* find(std::string_view path) const {
    const auto found = pages_.find(path);
    return found == pages_.end() ? nullptr : &found->second.shown;
  }

private:
  struct kept {
    std::string text, etag;
    page shown;
  };

  /// web/index.html with the list of documents that the reader may choose from.
  static std::string page_showing(const array& documents) {
    constexpr std::string_view place = "DOCUMENTS";
    std::string html;
    for (const auto& file : embedded_files())
      if (file.name == "index.html") html = file.bytes;
    return html.replace(html.find(place), place.size(), boost::json::serialize(documents));
  }

  void keep(const std::string& path, std::string text, std::string_view type) {
    auto& k = pages_[path];
    k.text = std::move(text);
    show(k, k.text, type);
  }
  void add(const std::string& path, std::string_view bytes, std::string_view type) {
    show(pages_[path], bytes, type);
  }
  static void show(kept& k, std::string_view bytes, std::string_view type) {
    k.etag = '"' + std::to_string(std::hash<std::string_view>()(bytes)) + '"';
    k.shown = {type, bytes, k.etag};
  }

  std::map<std::string, kept, std::less<>> pages_; // nodes stay where they are, and so do the texts
};

} // namespace

const page* find_page(std::string_view path) {
  static const site all;
  return all.find(path);
}

} // namespace reenact::gateway
