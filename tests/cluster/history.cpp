#include "tests/cluster/history.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace reenact::tests {

history::history(std::size_t clients, std::size_t cells) : all_(clients), cells_(clients, cells) {}

void history::add(std::size_t client, operation what) {
  cells_[client] -= std::min(cells_[client], 1 + what.seen.size());
  all_[client].push_back(std::move(what));
}

std::int64_t now_ns() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace reenact::tests
