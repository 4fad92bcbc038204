#include "tests/cluster/load.hpp"

#include <array>
#include <map>
#include <utility>

#include "tests/cluster/shopper.hpp"

namespace reenact::tests {
namespace {

constexpr auto pause_time = std::chrono::milliseconds(20);
constexpr auto answers_time = std::chrono::minutes(2);
/// Few enough that clients meet, and that lists stay short.
constexpr std::size_t stores_max = 6, customers_max = 12, products_max = 120;

} // namespace

meeting_place::meeting_place(const load_options& options, std::vector<std::uint16_t> gateways)
  : how(options),
    seen(options.clients, options.operations_max),
    shop({{"stores.Store", stores_max},
          {"customers.Customer", customers_max},
          {"stores.Product", products_max}}),
    gateways_(std::move(gateways)) {}

std::uint16_t meeting_place::gateway(std::uint64_t turn) const {
  const std::lock_guard lock(mutex_);
  return gateways_[turn % gateways_.size()];
}

void meeting_place::move(std::vector<std::uint16_t> gateways) {
  const std::lock_guard lock(mutex_);
  gateways_ = std::move(gateways);
  ++moves_;
  changed_.notify_all();
}

bool meeting_place::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void meeting_place::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void meeting_place::pause() {
  std::unique_lock lock(mutex_);
  const auto moves = moves_;
  changed_.wait_for(lock, pause_time, [&] { return ended_ || moves_ != moves; });
}

void meeting_place::answered(const operation& what) {
  if (what.how != ending::accepted && what.how != ending::refused) return;
  const std::lock_guard lock(mutex_);
  ++answers_;
  changed_.notify_all();
}

void meeting_place::bought() {
  const std::lock_guard lock(mutex_);
  ++purchases_;
}

bool meeting_place::await(std::uint64_t answers) {
  std::unique_lock lock(mutex_);
  const auto enough = answers_ + answers;
  return changed_.wait_for(lock, answers_time, [&] { return answers_ >= enough; });
}

std::uint64_t meeting_place::purchases() const {
  const std::lock_guard lock(mutex_);
  return purchases_;
}

load::load(load_options how, std::vector<std::uint16_t> gateways) : at_(how, std::move(gateways)) {
  for (std::size_t client = 0; client < how.clients; ++client)
    clients_.emplace_back([this, client] { shopper(at_, client).shop(); });
}

void load::end() {
  at_.end();
  for (auto& client : clients_)
    if (client.joinable()) client.join();
}

std::string summary(const histories& of) {
  std::array<std::uint64_t, 4> ends{};
  std::map<std::string, int> attempts;
  for (const auto& client : of)
    for (const auto& did : client) {
      ++ends[static_cast<std::size_t>(did.how)];
      if (!did.command.empty()) ++attempts[did.command];
    }
  std::uint64_t repeats = 0;
  for (const auto& [command, times] : attempts) repeats += times > 1 ? 1 : 0;
  return "accepted " + std::to_string(ends[0]) + ", refused " + std::to_string(ends[1]) +
         ", not executed " + std::to_string(ends[2]) + ", unknown " + std::to_string(ends[3]) +
         ", commands " + std::to_string(attempts.size()) + ", of them sent again " +
         std::to_string(repeats);
}

} // namespace reenact::tests
