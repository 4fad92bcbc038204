#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "messages/model/link.pb.h"

namespace reenact::runtime {

/// Of what nodes say to each other; another one and they do not understand each other.
constexpr std::uint32_t link_protocol = 1;

/// Payloads of one frame: it is closed when they come to this.
constexpr std::size_t frame_payload_bytes = 1U << 20U;
/// Longer ones are nobody's: its last envelope may go beyond frame_payload_bytes.
constexpr std::size_t frame_bytes_max = 2 * frame_payload_bytes + (16U << 20U);
constexpr std::size_t frame_envelopes_max = 4'096;

/// What crossed the link, or nothing if it is no frame of a node like this one.
std::optional<model::Frame> parse_frame(std::string_view bytes);

/// Why a node that introduces itself so is not linked to; empty: it may be.
std::string refusal_of(const model::Introduction& theirs, const model::Introduction& ours);

} // namespace reenact::runtime
