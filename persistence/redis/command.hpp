#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reenact::persistence::redis {

/// One command to Redis as it goes over the wire, part by part. A value; takes any bytes. Its size
/// is bounded by who builds it: an append by append_bytes_max, a group by its writer.
class command {
public:
  command() = default;
  explicit command(std::string_view name) { add(name); }

  command& add(std::string_view part) {
    ++parts_;
    text_ += '$';
    text_ += std::to_string(part.size());
    text_ += "\r\n";
    text_ += part;
    text_ += "\r\n";
    return *this;
  }
  command& add(std::uint64_t number) { return add(std::string_view(std::to_string(number))); }
  /// Everything of another one, behind this.
  command& add(const command& other) {
    parts_ += other.parts_;
    text_ += other.text_;
    return *this;
  }

  std::size_t parts() const { return parts_; }
  std::string_view text() const { return text_; } ///< without the count that goes before it

private:
  std::size_t parts_ = 0;
  std::string text_;
};

} // namespace reenact::persistence::redis
