#include "persistence/redis/reading.hpp"

#include <utility>

namespace reenact::persistence::redis {

result<session> reading::borrow(deadline until) {
  if (auto well = site_.health(); !well) return well.error();
  {
    std::unique_lock lock(mutex_);
    if (!free_.wait_until(lock, until, [&] { return lent_ < connections_max; }))
      return failure{failure::kind::unreachable, "all connections to Redis that read are taken"};
    ++lent_;
    if (!idle_.empty()) {
      auto one = std::move(idle_.back());
      idle_.pop_back();
      return one;
    }
  }
  auto made = site_.connect(until);
  if (!made) bring_back(std::nullopt);
  return made;
}

void reading::bring_back(std::optional<session> used) {
  {
    const std::scoped_lock lock(mutex_);
    --lent_;
    if (used && used->alive())
      idle_.push_back(std::move(*used));
    else
      idle_.clear(); // the others are of the same age
  }
  free_.notify_one();
}

template <class Use>
auto reading::with(Use use) -> decltype(use(std::declval<session&>(), deadline())) {
  const auto until = clock::now() + site_.patience();
  for (bool first = true;; first = false) {
    auto at = borrow(until);
    if (!at) return at.error();
    auto got = use(*at, until);
    const bool lost = !at->alive();
    bring_back(std::move(*at));
    if (!lost || !first) {
      if (lost) site_.lost(got.error());
      return got;
    }
  }
}

result<std::vector<answer>> reading::ask(std::span<const request> all) {
  auto said = with([&](session& at, deadline until) { return at.ask(all, until); });
  if (!said) return said;
  for (const auto& one : *said)
    if (one.view().is_error()) return refused_by(one.view());
  return said;
}

result<answer> reading::ask(const request& one) {
  auto all = ask(std::span(&one, 1));
  if (!all) return all.error();
  return std::move(all->front());
}

result<std::vector<sequence_t>> reading::look() {
  return with([&](session& at, deadline until) { return site_.look(at, until); });
}

} // namespace reenact::persistence::redis
