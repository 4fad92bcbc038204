#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http_request.hpp"

/// Any bytes, as the requests of one connection. Nothing may crash or pass its bound, and requests
/// are the same however the bytes are cut into reads: a difference is a door for smuggling.
namespace {

using reenact::gateway::http_options;
using reenact::gateway::http_request;
using verdict = http_request::verdict;

void require(bool holds) {
  if (!holds) std::abort();
}

http_options bounds() {
  http_options o;
  o.body_bytes_max = 64;
  return o;
}

/// What a session makes of the bytes when they come in reads of `cut` bytes.
std::vector<std::string> requests(std::string_view bytes, std::size_t cut) {
  static const auto options = bounds();
  http_request request(options);
  std::vector<std::string> seen;
  std::size_t begin = 0;
  for (std::size_t end = 0; end < bytes.size();) {
    end = std::min(end + cut, bytes.size());
    for (bool more = false; !more;) {
      std::size_t used = 0;
      const auto v = request.feed(bytes.substr(begin, end - begin), used);
      begin += used;
      require(begin <= end);
      require(request.body().size() <= options.body_bytes_max);
      more = v == verdict::more;
      if (v == verdict::complete) {
        require(!request.method().empty() && !request.target().empty());
        seen.push_back(std::string(request.method()) + ' ' + std::string(request.target()) + ' ' +
                       std::string(request.header("host").value_or("")) + ' ' +
                       std::string(request.body()));
        request.reset();
      } else if (!more) {
        return seen; // refused; when does not matter, so it leaves no mark
      }
    }
  }
  return seen;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  require(requests(bytes, bytes.size() + 1) == requests(bytes, data[0] % 64 + 1));
  return 0;
}
