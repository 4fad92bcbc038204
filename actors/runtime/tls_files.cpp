#include "actors/runtime/tls_files.hpp"

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace reenact::runtime {
namespace {

constexpr std::size_t file_bytes_max = 1U << 20U;

persistence::failure refused(std::string text) {
  return {persistence::failure::kind::refused, std::move(text)};
}

/// A file without a name that holds what `path` holds; never the owner of -1.
persistence::result<int> keep(const std::string& what, const std::string& path) {
  const auto failed = [&](int error) {
    return refused("cannot read the " + what + " " + path + ": " +
                   std::generic_category().message(error));
  };
  const int from = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (from < 0) return failed(errno);
  const int to = ::memfd_create("tls", MFD_CLOEXEC);
  std::size_t total = 0;
  char some[16'384];
  ssize_t length = to < 0 ? -1 : 1;
  while (length > 0 && total < file_bytes_max) {
    length = ::read(from, some, sizeof some);
    if (length > 0 && ::write(to, some, static_cast<std::size_t>(length)) != length) length = -1;
    if (length > 0) total += static_cast<std::size_t>(length);
  }
  const int error = errno;
  ::close(from);
  if (length == 0 && total > 0) return to;
  if (to >= 0) ::close(to);
  if (length < 0) return failed(error);
  return refused("the " + what + " " + path + (total == 0 ? " is empty" : " is too long"));
}

std::string openssl_says() {
  char text[256] = "no reason given";
  if (const auto error = ERR_peek_last_error(); error != 0)
    ERR_error_string_n(error, text, sizeof text);
  ERR_clear_error();
  return text;
}

std::string problem(const tls_files& kept, const tls_files& named) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> trial(SSL_CTX_new(TLS_method()),
                                                                &SSL_CTX_free);
  ERR_clear_error();
  if (!trial) return "OpenSSL does not start: " + openssl_says();
  if (SSL_CTX_use_certificate_chain_file(trial.get(), kept.certificate.c_str()) != 1)
    return named.certificate + " is no certificate in PEM: " + openssl_says();
  // Without a question on the terminal if it has a passphrase.
  SSL_CTX_set_default_passwd_cb(trial.get(), [](char*, int, int, void*) { return -1; });
  if (SSL_CTX_use_PrivateKey_file(trial.get(), kept.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(trial.get()) != 1)
    return named.key + " is no key in PEM without a passphrase for " + named.certificate + ": " +
           openssl_says();
  if (SSL_CTX_load_verify_locations(trial.get(), kept.authority.c_str(), nullptr) != 1)
    return named.authority + " holds no certificate of an authority in PEM: " + openssl_says();
  return {};
}

} // namespace

persistence::result<kept_tls_files> kept_tls_files::read(const tls_files& from) {
  if (from.certificate.empty() || from.key.empty() || from.authority.empty())
    return refused(
        "TLS between nodes takes three files: a certificate, its key, and the "
        "authority's certificate; tools/dev-ca makes them for a trial");
  kept_tls_files made;
  const std::pair<const char*, const std::string*> files[] = {
      {"certificate", &from.certificate}, {"key", &from.key}, {"authority", &from.authority}};
  std::string* const names[] = {&made.names_.certificate, &made.names_.key, &made.names_.authority};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto kept = keep(files[i].first, *files[i].second);
    if (!kept) return kept.error();
    made.kept_[i] = *kept;
    *names[i] = "/proc/self/fd/" + std::to_string(*kept);
  }
  if (const auto why = problem(made.names_, from); !why.empty()) return refused(why);
  return made;
}

kept_tls_files::kept_tls_files(kept_tls_files&& other) noexcept : names_(std::move(other.names_)) {
  for (std::size_t i = 0; i < 3; ++i) kept_[i] = std::exchange(other.kept_[i], -1);
}

kept_tls_files::~kept_tls_files() {
  for (const auto fd : kept_)
    if (fd >= 0) ::close(fd);
}

} // namespace reenact::runtime
