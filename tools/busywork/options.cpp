#include "tools/busywork/options.hpp"

#include <charconv>
#include <limits>

namespace reenact::tools::busywork {
namespace {

/// Takes the flags one by one and keeps what is wrong with them.
class reader {
public:
  explicit reader(std::vector<std::string>& mistakes) : mistakes_(mistakes) {}

  template <class Number>
  void count(const char* flag, const std::string& text, std::uint64_t least, std::uint64_t most,
             Number& to) {
    const auto number = parse_count(text);
    if (number && *number >= least && *number <= most)
      to = static_cast<Number>(*number);
    else
      wrong(flag, text, "a number from " + std::to_string(least) + " to " + std::to_string(most));
  }

  void address(const char* flag, const std::string& text, endpoint& to) {
    const auto at = parse_address(text);
    if (at && at->port != 0)
      to = *at;
    else
      wrong(flag, text, "HOST:PORT, as localhost:8080");
  }

  void duration(const char* flag, const std::string& text,
                std::optional<std::chrono::milliseconds>& to) {
    if (text.empty()) return;
    to = parse_duration(text);
    if (!to || to->count() == 0) wrong(flag, text, "a time above zero, as 30s, 10m or 1h30m");
  }

  void factor(const char* flag, const std::string& text, double most, double& to) {
    double number = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number >= 0 && number <= most)
      to = number;
    else
      wrong(flag, text, "a factor from 0 to " + std::to_string(static_cast<int>(most)));
  }

  void format(const char* flag, const std::string& text, output& to) {
    to = text == "json" ? output::json : output::text;
    if (text != "json" && text != "text") wrong(flag, text, "text or json");
  }

private:
  void wrong(const char* flag, const std::string& text, const std::string& right) {
    mistakes_.push_back(std::string(flag) + ": " + (text.empty() ? "nothing" : text) + " is not " +
                        right);
  }

  std::vector<std::string>& mistakes_;
};

} // namespace

options_read read(const words_given& given, std::uint64_t drawn) {
  options_read all;
  auto& how = all.how;
  reader from(all.mistakes);
  from.count("--clients", given.clients, 1, clients_max, how.clients);
  from.address("--host", given.host, how.host);
  from.duration("--duration", given.duration, how.duration);
  from.count("--rate", given.rate, 0, rate_max, how.rate);
  how.seed = drawn;
  if (!given.seed.empty())
    from.count("--seed", given.seed, 0, std::numeric_limits<std::uint64_t>::max(), how.seed);
  from.factor("--pause", given.pause, pause_max, how.pause);
  from.count("--stores", given.stores, 1, stores_max, how.stores);
  from.format("--output", given.format, how.as);
  how.restarts_expected = given.restarts_expected;
  return all;
}

} // namespace reenact::tools::busywork
