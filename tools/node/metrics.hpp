#pragma once

#include <memory>
#include <string>

namespace reenact::persistence {
class journal;
}
namespace reenact::runtime {
class node;
}

namespace reenact::tools {

/// What a node tells Prometheus of itself; the gateway adds its own. Thread safe.
class metrics {
public:
  metrics(const runtime::node& node, const persistence::journal& journal);
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  /// In the text format, as things stand now.
  std::string text() const;

private:
  struct series;
  std::unique_ptr<series> series_;
};

} // namespace reenact::tools
