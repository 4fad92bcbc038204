#include "tools/node/places.hpp"

#include <utility>

#include "tools/journal_options.hpp"
#include "tools/node/data_directory.hpp"
#include "tools/node/port_holder.hpp"

namespace reenact::tools {
namespace {

using persistence::failure;

persistence::result<endpoint> take_address(const settings& with, std::string_view key, bool gives) {
  auto at = with.address(key);
  const auto mistake = mistake_at(at);
  if (mistake.empty()) return at;
  if (!gives || !with.is_default(key))
    return failure{failure::kind::refused, std::string(key) + ": " + mistake};
  at.port = 0;
  return at;
}

} // namespace

persistence::result<places> take_places(const settings& with) {
  const bool of_several = is_shared(with.text("journal.url"));
  const auto http = take_address(with, "http.address", of_several);
  if (!http) return http.error();
  const auto admin = take_address(with, "admin.address", of_several);
  if (!admin) return admin.error();
  endpoint node;
  if (of_several) {
    const auto found = take_address(with, "node.address", false);
    if (!found) return found.error();
    node = *found;
    if (node.port == 0) node.port = free_port(node.host); // its name is needed before it listens
  }
  const auto& given = with.text("node.name");
  const auto name = given.empty() ? to_string(node) : given;

  const auto& data = with.text("data.directory");
  const auto own = data + "/" + name;
  auto lock = take_data_directory(data);
  if (lock) return places{*http, *admin, node, name, data, std::move(*lock)};
  if (!of_several || !with.is_default("data.directory")) return lock.error();
  auto inside = take_data_directory(own);
  if (!inside) return inside.error();
  return places{*http, *admin, node, name, own, std::move(*inside)};
}

} // namespace reenact::tools
