#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/runtime/ids.hpp"
#include "actors/runtime/tail_query.hpp"

namespace reenact::gateway {

/// A client's place in the logs as it travels in `id:` and Last-Event-ID (protocols.md F2): the
/// first half of the journal's lineage, then a varint for each place's sequence, in base64url.
/// Which shards are meant is not in it: those that the request means.
std::string place_token(const runtime::uuid& lineage, const runtime::log_places& at);

/// Sets the sequences of `to`. False: the token is none, is of another lineage, or is for other
/// shards.
bool read_place_token(std::string_view token, const runtime::uuid& lineage,
                      runtime::log_places& to);

} // namespace reenact::gateway
