#include "actors/runtime/projection.hpp"

#include <algorithm>
#include <utility>

#include "actors/runtime/part.hpp"

namespace reenact::runtime {

using namespace persistence;

namespace {

failure poison(const std::string& why) { return {failure::kind::corrupt, why}; }

std::string text_of(const model::any_message& m, const messages::field* f) {
  return m.GetReflection()->GetString(m, f);
}

} // namespace

projection::projection(const model::view_type& type, view_file& file, std::size_t view,
                       view_side side, std::size_t rows_kept_max, const clock& time,
                       const message_counts* counts)
  : type_(type),
    file_(file),
    view_(view),
    side_(side),
    rows_kept_max_(rows_kept_max),
    positions_(file.positions(view, side)),
    time_(time),
    counts_(counts) {}

status projection::take(const ::model::Record& r, const stored& at) {
  pass(at);
  const auto known = type_.events.find(r.type());
  if (known == type_.events.end()) return done{};
  auto* received = counts_ == nullptr ? nullptr : counts_->received(known->second);
  if (received != nullptr && received_.empty()) began_ = time_.now();
  auto laid = lay(known->second, r, at);
  if (received == nullptr) return laid;
  if (laid)
    received_.push_back(received);
  else
    received->failed.add(time_.now() - began_);
  return laid;
}

status projection::lay(const model::view_event& e, const ::model::Record& r, const stored& at) {
  auto& event = events_[&e];
  if (event == nullptr) event.reset(e.prototype->New());
  if (!event->ParseFromString(r.payload())) return poison("it holds no " + r.type());
  const model::record_info info{at.stamp,   at.shard,  at.sequence,
                                at.version, at.entity, r.metadata()};
  try {
    return e.foreign != nullptr ? take_shared(e, *event, info) : take_named(e, *event, info);
  } catch (...) { // the module's
    return poison(what_was_thrown());
  }
}

status projection::take_named(const model::view_event& e, const any_message& event,
                              const model::record_info& info) {
  // An aggregate's first event makes its row: looking for it would be most of what a create costs.
  const bool own = e.key == nullptr;
  auto entry =
      load(own ? std::string(info.entity) : text_of(event, e.key), own && info.version == 1);
  if (!entry) return entry.error();
  evolve(**entry, e, event, info);
  return done{};
}

status projection::take_shared(const model::view_event& e, const any_message& event,
                               const model::record_info& info) {
  const auto value = text_of(event, e.foreign);
  if (auto ok = load_sharing(e.shared, value); !ok) return ok;
  for (auto& entry : rows_)
    if (entry.second.row != nullptr && text_of(*entry.second.row, e.shared) == value)
      evolve(entry, e, event, info);
  return done{};
}

result<projection::rows::value_type*> projection::load(std::string_view key, bool surely_new) {
  const auto [it, absent] = rows_.try_emplace(std::string(key));
  if (!absent || surely_new) return &*it;
  auto found = file_.find(view_, side_, key);
  if (!found) return found.error();
  if (!*found) return &*it;
  auto& kept = it->second;
  kept.row.reset(type_.prototype->New());
  kept.created = (**found).created;
  kept.stored = kept.created;
  if (!kept.row->ParseFromArray((**found).bytes.data(), static_cast<int>((**found).bytes.size())))
    return poison("row " + it->first + " is no row");
  return &*it;
}

/// Rows that are kept already are newer than the table's.
status projection::load_sharing(const messages::field* shared, const std::string& value) {
  std::string broken;
  auto ok = file_.find_all(view_, side_, shared, value, [&](const found_row& found) {
    std::unique_ptr<any_message> row(type_.prototype->New());
    if (!row->ParseFromArray(found.bytes.data(), static_cast<int>(found.bytes.size()))) {
      broken = "a row of " + value + " is no row";
      return;
    }
    auto key = text_of(*row, type_.key);
    rows_.try_emplace(std::move(key),
                      kept_row{std::move(row), found.created, found.created, false});
  });
  if (ok && !broken.empty()) return poison(broken);
  return ok;
}

void projection::evolve(rows::value_type& entry, const model::view_event& e,
                        const any_message& event, const model::record_info& info) {
  auto& kept = entry.second;
  if (e.evolve == nullptr) {
    kept.row.reset();
  } else {
    const bool fresh = kept.row == nullptr;
    if (fresh) {
      kept.row.reset(type_.prototype->New());
      kept.row->GetReflection()->SetString(kept.row.get(), type_.key, entry.first);
      kept.created = {info.stamp_us, info.shard, info.sequence};
    }
    e.evolve(*kept.row, event, info);
    if (fresh && type_.created_us != nullptr)
      kept.created.stamp = std::max<std::int64_t>(type_.created_us(*kept.row), 0);
    if (type_.exists != nullptr && !type_.exists(*kept.row)) kept.row.reset();
  }
  if (!std::exchange(kept.changed, true)) changed_.push_back(&entry);
}

view_batch projection::batch() {
  changes_.clear();
  for (const auto* entry : changed_) {
    const auto& kept = entry->second;
    if (kept.stored && (kept.row == nullptr || *kept.stored != kept.created))
      changes_.push_back({*kept.stored, entry->first, nullptr, true});
    if (kept.row != nullptr)
      changes_.push_back({kept.created, entry->first, kept.row.get(), kept.stored == kept.created});
  }
  return {view_, side_, changes_, positions_};
}

void projection::written() {
  for (auto* entry : changed_) {
    auto& kept = entry->second;
    kept.changed = false;
    kept.stored = kept.row == nullptr ? std::nullopt : std::optional(kept.created);
  }
  changed_.clear();
  if (rows_.size() > rows_kept_max_) rows_.clear();
  if (received_.empty()) return;
  const auto took = time_.now() - began_;
  for (auto* r : received_) r->handled.add(took);
  received_.clear();
}

void projection::drop() {
  changed_.clear();
  received_.clear();
  rows_.clear();
  positions_ = file_.positions(view_, side_);
}

} // namespace reenact::runtime
