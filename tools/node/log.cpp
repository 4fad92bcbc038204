#include "tools/node/log.hpp"

#include <chrono>
#include <memory>

#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace reenact::tools {
namespace {

/// {"time":1690000000000,"level":"info","message":"..."}
class json_lines final : public spdlog::formatter {
public:
  void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& to) override {
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    const auto time = duration_cast<milliseconds>(line.time.time_since_epoch()).count();
    const auto level = spdlog::level::to_string_view(line.level);
    const boost::json::object object = {
        {"time", time},
        {"level", boost::json::string_view(level.data(), level.size())},
        {"message", boost::json::string_view(line.payload.data(), line.payload.size())}};
    const auto text = boost::json::serialize(object) + "\n";
    to.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<formatter> clone() const override { return std::make_unique<json_lines>(); }
};

} // namespace

void open_log(const std::string& level, const std::string& format) {
  std::shared_ptr<spdlog::logger> log;
  if (format == "json") {
    log = std::make_shared<spdlog::logger>("mallbots",
                                           std::make_shared<spdlog::sinks::stderr_sink_mt>());
    log->set_formatter(std::make_unique<json_lines>());
  } else {
    log = std::make_shared<spdlog::logger>("mallbots",
                                           std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    log->set_pattern("%H:%M:%S.%e %^%-8l%$ %v");
  }
  log->set_level(spdlog::level::from_str(level == "error" ? "err" : level));
  log->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(log));
}

} // namespace reenact::tools
