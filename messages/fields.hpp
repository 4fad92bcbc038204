#pragma once

#include <cstdint>
#include <optional>

#include <google/protobuf/message.h>

/// Copying what two messages share, so that nobody writes setters by hand.
namespace reenact::messages {

using any_message = google::protobuf::Message;

/// Lays into `target` every field that `source` has under the same name and kind.
/// A field without presence is always taken, zero or not; one with presence (`optional`, messages)
/// only when it is set. Three kinds of neighbours are understood:
///  - `id` of an API message and the field marked (model.key) of ours are the same field;
///  - a double and an int64 marked (model.money) are converted (see money.hpp);
///  - a message field of the target that the source does not have is filled from the source itself
///    (`GetStoreResponse.store` from a `Store`).
/// Thread safe; plans are made once for each pair of types and kept.
void assign(any_message& target, const any_message& source);

/// A new `T` of the fields it shares with the sources; a later source wins over an earlier one.
template <class T, class... Sources>
T from(const Sources&... sources) {
  T target;
  (assign(target, sources), ...);
  return target;
}

} // namespace reenact::messages
