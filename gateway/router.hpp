#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/container/static_vector.hpp>

#include "messages/schema.hpp"

namespace reenact::gateway {

/// Captures that one path may have.
inline constexpr std::size_t captures_max = 4;

/// What a path said about a field of the request: `/api/stores/{id}` gives the field `id`.
struct capture {
  const messages::field* target;
  std::string value; // percent-decoded, valid UTF-8, never empty
};

/// Where a request line leads.
struct match {
  enum class kind {
    found,        ///< `to` and `captures` are set
    unknown,      ///< no route has this path
    other_method, ///< the path is known under the methods of `allow`
    malformed     ///< a capture is no percent-encoded UTF-8
  };
  kind what = kind::unknown;
  const messages::route* to = nullptr;
  std::string_view allow; // "GET, HEAD, PUT": what the header Allow says
  boost::container::static_vector<capture, captures_max> captures;
};

/// The routing table as a tree of path segments. A literal segment beats a capture, whatever the
/// method: `/api/stores/participating` is never a store called "participating". HEAD finds what GET
/// finds. Immutable, so any thread may ask; views in a match live as long as the router.
class router {
public:
  /// The tree of a table, or what is wrong with the table, for the person who wrote it.
  static std::variant<router, std::string> make(std::vector<messages::route> table);

  match find(std::string_view method, std::string_view path) const;

private:
  using index = std::uint16_t;
  static constexpr index none = 0; // the root is nobody's child, and routes are counted from one

  struct node {
    std::vector<std::pair<std::string, index>> literals;
    index captured = none;
    std::array<index, 4> routes{}; // by verb
    std::string allow;             // empty where no route ends
  };
  struct target {
    messages::route route;
    std::vector<const messages::field*> captures;
  };
  using segments = boost::container::static_vector<std::string_view, captures_max>;

  router() : nodes_(1) {}
  std::string add(messages::route r);
  index child(index at, std::string_view literal);
  index capture_child(index at);
  const node* walk(const node& at, std::string_view rest, segments& captured) const;

  std::vector<node> nodes_;
  std::vector<target> targets_;
};

} // namespace reenact::gateway
