#include "gateway/pages.hpp"

#include <set>
#include <string>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "gateway/asyncapi.hpp"
#include "gateway/openapi.hpp"
#include "gateway/swagger.hpp"
#include "tests/gateway/links.hpp"
#include "tests/gateway/shop_registry.hpp"

using namespace reenact::gateway;

namespace {

const page* find_page(std::string_view path) {
  static const site all(shop_registry());
  return all.find(path);
}

const page& at(std::string_view path) {
  const auto* found = find_page(path);
  CAPTURE(path);
  REQUIRE(found != nullptr);
  return *found;
}

} // namespace

TEST_CASE("the first page lets the reader choose among all modules") {
  const auto& first = at("/");
  CHECK(first.content_type == "text/html; charset=utf-8");
  for (const auto& m : modules()) {
    const auto choice =
        R"({"name":")" + m.title + R"(","url":"/)" + m.name + R"(-spec/api.swagger.json"})";
    CHECK(first.bytes.find(choice) != std::string_view::npos);
  }
}

TEST_CASE("each module has a page and a document of its own") {
  for (const auto& m : modules()) {
    const auto folder = '/' + m.name + "-spec/";
    CHECK(at(folder).bytes.find(m.title) != std::string_view::npos);
    CHECK(at(folder + "api.swagger.json").bytes == swagger_of(m));
    CHECK(at(folder + "api.swagger.json").content_type == "application/json");
  }
  CHECK(at("/openapi.json").bytes == openapi());
}

TEST_CASE("each module that sends or receives has an AsyncAPI page and document of its own") {
  const context_map map(shop_registry());
  for (const auto& module : map.modules) {
    const auto folder = '/' + module + "-asyncapi/";
    CAPTURE(folder);
    const auto page = at(folder).bytes;
    CHECK(page.find("<title>" + title_of(module) + " AsyncAPI</title>") != page.npos);
    CHECK(page.find("url: \"" + folder + "asyncapi.json\"") != page.npos);
    CHECK(at(folder + "asyncapi.json").bytes == asyncapi(map, module));
    CHECK(at(folder + "asyncapi.json").content_type == "application/json");
  }
  CHECK(at("/asyncapi.json").bytes == asyncapi(map));
}

TEST_CASE("the pages need nothing that the gateway does not serve") {
  for (const auto* path : {"/", "/customers-spec/", "/stores-asyncapi/", "/catalog/"}) {
    const auto html = at(path).bytes;
    CHECK(html.find("://") == std::string_view::npos);
    for (const auto& link : links_in(html)) {
      CAPTURE(link);
      CHECK(find_page(link.substr(0, link.find('#'))) != nullptr);
    }
  }
}

TEST_CASE("the Swagger UI lies in the program, byte by byte") {
  CHECK(at("/swagger-ui/swagger-ui-bundle.js").bytes.size() > 1'000'000);
  CHECK(at("/swagger-ui/swagger-ui-bundle.js").content_type == "text/javascript; charset=utf-8");
  CHECK(at("/swagger-ui/swagger-ui.css").content_type == "text/css; charset=utf-8");
  CHECK(at("/swagger-ui/favicon-32x32.png").bytes.starts_with("\x89PNG\r\n"));
  CHECK(at("/swagger-ui/oauth2-redirect.html").bytes.find("</html>") != std::string_view::npos);
  CHECK(at("/swagger-ui/LICENSE").bytes.find("Apache License") != std::string_view::npos);
}

TEST_CASE("the reader of AsyncAPI lies in the program, byte by byte") {
  CHECK(at("/asyncapi-ui/index.js").bytes.size() > 2'000'000);
  CHECK(at("/asyncapi-ui/index.js").content_type == "text/javascript; charset=utf-8");
  CHECK(at("/asyncapi-ui/default.min.css").content_type == "text/css; charset=utf-8");
  CHECK(at("/asyncapi-ui/LICENSE").bytes.find("Apache License") != std::string_view::npos);
}

TEST_CASE("there is no page at any other path") {
  for (const auto* path :
       {"", "/nothing", "/swagger-ui/", "/swagger-ui/../index.html", "//", "/customers-spec",
        "/stores-asyncapi", "/asyncapi.html", "/customers-spec/other", "/api/customers"})
    CHECK(find_page(path) == nullptr);
}

TEST_CASE("pages that differ have tags that differ") {
  std::set<std::string_view> tags;
  for (const auto* path : {"/", "/customers-spec/", "/stores-spec/", "/openapi.json",
                           "/asyncapi.json", "/stores-asyncapi/", "/cosec-asyncapi/"}) {
    CHECK(at(path).etag.starts_with('"'));
    CHECK(at(path).etag.ends_with('"'));
    tags.insert(at(path).etag);
  }
  CHECK(tags.size() == 7);
}
