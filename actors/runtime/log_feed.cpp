#include "actors/runtime/log_feed.hpp"

#include <string_view>
#include <utility>

namespace reenact::runtime {

using namespace persistence;

void recent_records::add(const append& what, const outcome& how, const choice& wanted) {
  auto version = how.version - what.records.size();
  auto sequence = how.first;
  for (const auto& bytes : what.records) {
    const auto record = !wanted || wanted(bytes) ? std::string_view(bytes) : std::string_view();
    const bool kept = !record.empty();
    places_.push_back({{++version, what.shard, sequence++, how.stamp, {}, {}, {}},
                       kept ? what.type.size() : 0,
                       kept ? what.entity.size() : 0,
                       record.size()});
    if (kept) bytes_.append(what.type).append(what.entity).append(record);
  }
}

void recent_records::each(const visitor& visit) const {
  std::string_view rest = bytes_;
  const auto next = [&](std::size_t size) {
    const auto text = rest.substr(0, size);
    rest.remove_prefix(size);
    return text;
  };
  for (const auto& p : places_) {
    auto at = p.at;
    at.type = next(p.type);
    at.entity = next(p.entity);
    at.record = next(p.record);
    if (!visit(at)) return;
  }
}

void recent_records::clear() {
  bytes_.clear();
  places_.clear();
}

bool log_feed::add(std::span<const append* const> group, std::span<const outcome> outcomes) {
  const std::lock_guard lock(mutex_);
  if (gathered_.bytes() > bytes_max) gathered_.clear();
  for (std::size_t i = 0; i < group.size(); ++i)
    if (outcomes[i].what == outcome::kind::appended) gathered_.add(*group[i], outcomes[i], wanted_);
  return gathered_.anything();
}

void log_feed::take(recent_records& into) {
  into.clear();
  const std::lock_guard lock(mutex_);
  std::swap(into, gathered_);
}

} // namespace reenact::runtime
