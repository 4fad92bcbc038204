#include "actors/runtime/link_frame.hpp"

#include <algorithm>

#include "actors/runtime/links.hpp"

namespace reenact::runtime {
namespace {

bool in_bounds(const model::Introduction& who) {
  return who.incarnation() != 0 && who.window_envelopes() > 0 && who.window_bytes() > 0;
}

bool in_bounds(const model::Frame& frame) {
  switch (frame.kind_case()) {
    case model::Frame::kHello: return in_bounds(frame.hello().from());
    case model::Frame::kWelcome: return in_bounds(frame.welcome().from());
    case model::Frame::kPayloads: {
      const auto& all = frame.payloads().envelopes();
      return all.size() <= static_cast<int>(frame_envelopes_max) &&
             std::ranges::all_of(
                 all, [](const auto& one) { return one.size() <= links::envelope_bytes_max; });
    }
    case model::Frame::kRefusal:
    case model::Frame::kBeat:
    case model::Frame::kCredit: return true;
    case model::Frame::KIND_NOT_SET: return false;
  }
  return false;
}

} // namespace

std::optional<model::Frame> parse_frame(std::string_view bytes) {
  std::optional<model::Frame> frame(std::in_place);
  if (bytes.size() > frame_bytes_max ||
      !frame->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !in_bounds(*frame))
    frame.reset();
  return frame;
}

std::string refusal_of(const model::Introduction& theirs, const model::Introduction& ours) {
  if (theirs.protocol() != ours.protocol())
    return "it speaks version " + std::to_string(theirs.protocol()) + " of the links, this node " +
           std::to_string(ours.protocol());
  if (theirs.cluster() != ours.cluster())
    return "it belongs to the cluster '" + theirs.cluster() + "', this node to '" + ours.cluster() +
           "'";
  if (theirs.lineage() != ours.lineage()) return "its cluster keeps another journal";
  return {};
}

} // namespace reenact::runtime
