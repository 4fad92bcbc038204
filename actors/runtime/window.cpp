#include "actors/runtime/window.hpp"

#include <algorithm>
#include <cstring>

namespace reenact::runtime {
namespace {

bool outlived(const remembered& oldest, std::size_t size, std::int64_t now_us) {
  if (size > window::most) return true;
  const auto age = now_us - oldest.at_us;
  switch (oldest.origin) {
    case ::model::Handled::DRAWN: return age > window::drawn_us;
    case ::model::Handled::CLIENT: return age > window::client_us && size > window::client_always;
    default: return false;
  }
}

} // namespace

std::size_t window::id_hash::operator()(const uuid& id) const {
  std::size_t bits = 0;
  std::memcpy(&bits, id.data(), sizeof bits); // ids are random or a hash already
  return bits;
}

const remembered* window::lane::find(const uuid& id) const {
  if (index) {
    const auto it = index->find(id);
    return it == index->end() ? nullptr : &entries[it->second - dropped];
  }
  for (auto i = entries.size(); i > first; --i) // the newest is asked for most
    if (entries[i - 1].id == id) return &entries[i - 1];
  return nullptr;
}

void window::lane::push(remembered what) {
  if (!index && size() + 1 >= indexed_from) {
    index = std::make_unique<positions>();
    for (auto i = first; i < entries.size(); ++i) (*index)[entries[i].id] = dropped + i;
  }
  if (index) (*index)[what.id] = dropped + entries.size();
  entries.push_back(std::move(what));
}

void window::lane::forget_oldest() {
  if (index) {
    const auto it = index->find(entries[first].id);
    if (it != index->end() && it->second == dropped + first) index->erase(it);
  }
  if (++first * 2 < entries.size()) return;
  entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(first));
  dropped += std::exchange(first, 0);
}

const remembered* window::find(const uuid& command) const {
  for (const auto& l : lanes_)
    if (const auto* found = l ? l->find(command) : nullptr) return found;
  return nullptr;
}

void window::remember(remembered what) {
  auto& l = lanes_[static_cast<std::size_t>(what.origin) % lanes_.size()];
  if (!l) l = std::make_unique<lane>();
  const auto now_us = what.at_us;
  l->push(std::move(what));
  while (outlived(l->entries[l->first], l->size(), now_us)) l->forget_oldest();
}

void window::remember(const ::model::Handled& handled, std::int64_t at_us) {
  remembered what{.id = uuid_of(handled.command_id()),
                  .origin = handled.origin(),
                  .request_hash = handled.request_hash(),
                  .entity_version = handled.entity_version(),
                  .at_us = at_us,
                  .reply = handled.reply().SerializeAsString()};
  remember(std::move(what));
}

void window::save(list& into) const {
  for (const auto& l : lanes_) {
    if (!l) continue;
    for (auto i = l->first; i < l->entries.size(); ++i) {
      const auto& e = l->entries[i];
      auto* kept = into.Add();
      auto* handled = kept->mutable_handled();
      handled->set_command_id(e.id.data(), e.id.size());
      handled->set_request_hash(e.request_hash);
      handled->set_origin(e.origin);
      handled->set_entity_version(e.entity_version);
      handled->mutable_reply()->ParseFromString(e.reply);
      kept->set_at_us(e.at_us);
    }
  }
}

void window::load(const list& from) {
  for (const auto& kept : from) remember(kept.handled(), kept.at_us());
}

std::size_t window::size() const {
  std::size_t n = 0;
  for (const auto& l : lanes_) n += l ? l->size() : 0;
  return n;
}

} // namespace reenact::runtime
