#pragma once

#include <string>

#include "persistence/result.hpp"

namespace reenact::runtime {

/// The files by which nodes know each other: PEM, all three or none. Who has a certificate of the
/// authority is a node: it must be the cluster's own, as neither names nor revocations are looked
/// at.
struct tls_files {
  std::string certificate; ///< this node's, then those between it and the authority's
  std::string key;         ///< the certificate's, without a passphrase
  std::string authority;   ///< whose certificates are taken

  bool none() const { return certificate.empty() && key.empty() && authority.empty(); }
};

/// The same files as they are now, kept in memory under names of their own: CAF reads them again
/// for each connection, and ends the process if it cannot.
class kept_tls_files {
public:
  /// Reads and checks; a failure says which file and what is wrong with it.
  static persistence::result<kept_tls_files> read(const tls_files& from);

  kept_tls_files(kept_tls_files&& other) noexcept;
  kept_tls_files& operator=(kept_tls_files&&) = delete;
  ~kept_tls_files();

  const tls_files& names() const { return names_; }

private:
  kept_tls_files() = default;

  tls_files names_;
  int kept_[3] = {-1, -1, -1};
};

} // namespace reenact::runtime
