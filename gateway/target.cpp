#include "gateway/target.hpp"

#include <string>

#include <boost/url/parse_query.hpp>

namespace reenact::gateway {

std::optional<bad_input> read_query(std::string_view query, any_message& request) {
  if (query.empty()) return std::nullopt;
  // Boost.URL 1.81 looks for the end of the last value beyond the end of what it is given.
  const auto ended = std::string(query) + '&';
  const auto parsed = boost::urls::parse_query({ended.data(), query.size()});
  if (!parsed) return bad_input{"the query is malformed"};
  boost::urls::encoding_opts form;
  form.space_as_plus = true;
  for (const auto& encoded : *parsed) {
    const auto name = encoded.key.decode(form);
    const auto* to = field_named(request.GetDescriptor(), name);
    if (to == nullptr) continue;
    if (auto bad = read_text(encoded.value.decode(form), request, to)) return bad;
  }
  return std::nullopt;
}

} // namespace reenact::gateway
