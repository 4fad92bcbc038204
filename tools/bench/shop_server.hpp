#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace reenact::bench {

/// What a contender runs: the whole shop on RocksDB in `directory`, behind its gateway, with all
/// views and policies. At the end it prints how far these views were behind, and leaves the journal
/// closed.
void serve_shop(const std::string& directory, const std::vector<std::string>& watched_views,
                const std::function<void(std::uint16_t)>& listens_on,
                const std::function<void()>& wait_for_end);

} // namespace reenact::bench
