#include "tools/node/notifier.hpp"

#include <spdlog/spdlog.h>

#include "gateway/webhook.hpp"
#include "messages/mallbots/notifications/api.pb.h"

namespace reenact::tools {
namespace {

class logged final : public runtime::port {
public:
  void deliver(runtime::delivery what, way_home home) override {
    const auto& text = static_cast<const notificationspb::Notification&>(*what.message);
    spdlog::info("a text to {}: {}", text.sms_number(), text.text());
    home(outcome::delivered, {});
  }
  void close() override {}
};

} // namespace

std::unique_ptr<runtime::port> make_notifier(const std::optional<http_url>& to,
                                             const runtime::clock& time) {
  if (!to) return std::make_unique<logged>();
  gateway::webhook::options how;
  how.host = to->at.host;
  how.port = to->at.port;
  how.name = to_string(to->at);
  how.target = to->target;
  return std::make_unique<gateway::webhook>(std::move(how), time);
}

} // namespace reenact::tools
