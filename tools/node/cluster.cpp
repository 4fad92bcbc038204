#include "tools/node/cluster.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "actors/runtime/caf_links.hpp"
#include "tools/journal_options.hpp"

namespace reenact::tools {

bool has_role(const settings& with, std::string_view role) {
  if (!is_shared(with.text("journal.url"))) return true;
  const auto all = parse_list(with.text("node.roles"));
  return std::ranges::find(all, role) != all.end();
}

runtime::cluster_options cluster_options_of(const settings& with, const places& at) {
  runtime::cluster_options how;
  how.me.name = at.name;
  how.me.roles = with.text("node.roles");
  how.keeping.takes = has_role(with, "entities");
  runtime::caf_links_options wires{.host = at.node.host,
                                   .port = at.node.port,
                                   .insecure = with.yes("tls.insecure"),
                                   .tls = {.certificate = with.text("tls.cert"),
                                           .key = with.text("tls.key"),
                                           .authority = with.text("tls.ca")},
                                   .cluster = with.text("cluster.name"),
                                   .node = at.name};
  how.link =
      [wires, host = at.node.host](
          persistence::member& me, const runtime::uuid& lineage,
          runtime::link_listener& to) -> persistence::result<std::unique_ptr<runtime::links>> {
    auto with_ids = wires;
    with_ids.incarnation = me.incarnation;
    with_ids.lineage = lineage;
    with_ids.schema = me.schema;
    auto made = runtime::caf_links::listen(std::move(with_ids), to);
    if (!made) return made.error();
    me.address = to_string(endpoint{host, (*made)->port()});
    return std::unique_ptr<runtime::links>(std::move(*made));
  };
  return how;
}

} // namespace reenact::tools
