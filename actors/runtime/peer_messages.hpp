#pragma once

#include "actors/runtime/call.hpp"
#include "actors/runtime/clock.hpp"
#include "messages/model/peers.pb.h"

/// Calls and answers as they travel between nodes (messages/model/peers.proto), and back. Pure.
namespace reenact::runtime {

::model::ForwardedCall pack_call(const call& c, instant now);

/// Lays into `into` what was forwarded, and a deadline by this node's clock. False: this node does
/// not know the aggregate or the request, or the bytes are none: another version sent it.
bool unpack_call(const ::model::ForwardedCall& from, const model::registry& types, instant now,
                 call& into);

::model::ForwardedAnswer pack_answer(const call& answered);

/// False: the bytes are no answer to what was asked.
bool unpack_answer(const ::model::ForwardedAnswer& from, call& into);

/// The message that a request is answered with: that of its rpc, or of a saga's own commands.
std::unique_ptr<any_message> empty_response(const call& asked);

} // namespace reenact::runtime
