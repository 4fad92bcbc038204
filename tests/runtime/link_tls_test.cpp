#include <filesystem>
#include <fstream>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/persistence/temporary_directory.hpp"
#include "tests/runtime/link_stage.hpp"
#include "tests/system/process.hpp"

using namespace reenact::tests;
using reenact::runtime::caf_links;
using reenact::runtime::links;
using reenact::runtime::tls_files;

namespace {

/// An authority of a test's own, and what it certifies.
class authority {
public:
  authority() {
    const auto how = run({DEV_CA, at_.path() + "/ca", "a", "b"});
    INFO(how.out << how.errors);
    REQUIRE(how.code == 0);
  }

  std::string file(const std::string& name) const { return at_.path() + "/ca/" + name + ".pem"; }
  tls_files files(const std::string& name) const {
    return {file(name), file(name + "-key"), file("ca")};
  }

private:
  temporary_directory at_;
};

linked_node::how_made with(const tls_files& files) {
  return [files](auto& how) { how.tls = files; };
}

/// How the node at a port answers to a client of TLS: how many bytes come first. With `certified`
/// unset it has no certificate to show.
int first_bytes(std::uint16_t port, const tls_files& trusted, bool certified) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> how(SSL_CTX_new(TLS_client_method()),
                                                              &SSL_CTX_free);
  if (certified) {
    SSL_CTX_use_certificate_chain_file(how.get(), trusted.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(how.get(), trusted.key.c_str(), SSL_FILETYPE_PEM);
  }
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  const std::unique_ptr<SSL, decltype(&SSL_free)> line(SSL_new(how.get()), &SSL_free);
  SSL_set_fd(line.get(), fd);
  char some[1'000];
  const int length = SSL_connect(line.get()) == 1 ? SSL_read(line.get(), some, sizeof some) : -1;
  ::close(fd);
  return length;
}

std::string refusal(const tls_files& files) {
  ear nobody;
  reenact::runtime::caf_links_options how;
  how.incarnation = 1;
  how.tls = files;
  const auto made = caf_links::listen(how, nobody);
  return made ? "" : made.error().text;
}

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

} // namespace

TEST_CASE("nodes with certificates of one authority are linked", "[links][tls]") {
  const authority ca;
  linked_node a(1, with(ca.files("a"))), b(2, with(ca.files("b")));
  link(a, b);
  CHECK(exchange(a, b));
  const std::string largest(links::envelope_bytes_max, 'x');
  a.send(2, largest);
  b.send(1, largest);
  CHECK(a.heard.wait([&] { return a.heard.heard[2].back() == largest; }));
  CHECK(b.heard.wait([&] { return b.heard.heard[1].back() == largest; }));
  b.links->stop();
  CHECK(a.heard.wait_down(2));
}

TEST_CASE("many envelopes cross TLS both ways at once, in order", "[links][tls]") {
  constexpr std::size_t each = 20'000;
  const authority ca;
  linked_node a(1, with(ca.files("a"))), b(2, with(ca.files("b")));
  link(a, b);
  {
    std::vector<std::jthread> senders;
    for (auto* from : {&a, &b})
      senders.emplace_back([&, from] {
        for (std::size_t i = 0; i < each; ++i)
          while (!from->links->send(from == &a ? 2 : 1, std::to_string(i)))
            std::this_thread::yield();
      });
  }
  for (auto* to : {&a, &b}) {
    REQUIRE(to->heard.wait([&] { return to->heard.count == each; }));
    std::size_t next = 0;
    for (const auto& envelope : to->heard.heard[to == &a ? 2 : 1])
      if (envelope != std::to_string(next++)) FAIL(envelope << " came out of order");
  }
}

TEST_CASE("who has no certificate of the authority gets nothing", "[links][tls]") {
  const authority ca, others;
  linked_node a(1, with(ca.files("a"))), b(2, with(ca.files("b")));
  CHECK(first_bytes(a.links->port(), ca.files("b"), true) > 0);
  CHECK(first_bytes(a.links->port(), ca.files("b"), false) <= 0);
  CHECK(first_bytes(a.links->port(), others.files("b"), true) <= 0);
  link(a, b);
  CHECK(exchange(a, b));
}

TEST_CASE("nodes of two authorities, or of none, are not linked", "[links][tls]") {
  const authority ca, others;
  linked_node plain(1), foreign(2, with(others.files("a"))), b(3, with(ca.files("b"))),
      a(4, with(ca.files("a")));
  for (auto* one : {&plain, &foreign}) one->links->follow({b.me, a.me});
  b.links->follow({plain.me, foreign.me, a.me});
  a.links->follow({plain.me, foreign.me, b.me});
  REQUIRE(b.heard.wait_up(4));
  REQUIRE(a.heard.wait_up(3));
  CHECK(exchange(a, b));
  for (auto* one : {&plain, &foreign}) CHECK(one->heard.ups.empty());
  CHECK(a.heard.ups.size() + b.heard.ups.size() == 2);
}

TEST_CASE("a malformed greeting without TLS does nothing to a node with it", "[links][tls]") {
  const authority ca;
  linked_node a(1, with(ca.files("a"))), b(2, with(ca.files("b")));
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(a.links->port());
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  const std::string greeting =
      '\0' + std::string(39, '\0'); // of CAF, and without what it announces
  CHECK(::send(fd, greeting.data(), greeting.size(), MSG_NOSIGNAL) == 40);
  char some[100];
  while (::recv(fd, some, sizeof some, 0) > 0) {
  }
  ::close(fd);
  link(a, b);
  CHECK(exchange(a, b));
}

TEST_CASE("what is wrong with the files of TLS is said before anything begins", "[links][tls]") {
  const authority ca, others;
  const temporary_directory at;
  const auto good = ca.files("a");
  CHECK_THAT(refusal({good.certificate, good.key, ""}), Catch::Contains("three files"));
  const auto missing = at.path() + "/missing.pem";
  CHECK_THAT(refusal({missing, good.key, good.authority}),
             Catch::Contains("certificate " + missing) && Catch::Contains("No such file"));
  CHECK_THAT(refusal({good.certificate, missing, good.authority}),
             Catch::Contains("key " + missing));
  CHECK_THAT(refusal({good.certificate, good.key, at.path()}), Catch::Contains(at.path()));
  const auto odd = at.path() + "/odd.pem";
  write(odd, "");
  CHECK_THAT(refusal({good.certificate, good.key, odd}), Catch::Contains("is empty"));
  write(odd, "no certificate");
  CHECK_THAT(refusal({odd, good.key, good.authority}), Catch::Contains("no certificate in PEM"));
  CHECK_THAT(refusal({good.certificate, odd, good.authority}), Catch::Contains("no key in PEM"));
  CHECK_THAT(refusal({good.certificate, good.key, odd}),
             Catch::Contains("no certificate of an authority"));
  CHECK_THAT(refusal({good.certificate, others.file("a-key"), good.authority}),
             Catch::Contains("no key in PEM without a passphrase for " + good.certificate));
  write(odd, std::string(2'000'000, 'x'));
  CHECK_THAT(refusal({odd, good.key, good.authority}), Catch::Contains("too long"));
}

TEST_CASE("files of TLS may go when they have been read", "[links][tls]") {
  std::optional<authority> ca(std::in_place);
  linked_node a(1, with(ca->files("a"))), b(2, with(ca->files("b")));
  ca.reset();
  link(a, b);
  CHECK(exchange(a, b));
}

TEST_CASE("the authority for a trial overwrites nothing, and all of it is its owner's",
          "[links][tls]") {
  namespace fs = std::filesystem;
  const authority ca;
  const auto folder = fs::path(ca.file("ca")).parent_path();
  const auto again = run({DEV_CA, folder, "c", "a"});
  CHECK(again.code == 1);
  CHECK_THAT(again.errors, Catch::Contains("a.pem is there already"));
  CHECK_FALSE(fs::exists(ca.file("c")));
  const auto more = run({DEV_CA, folder, "c"});
  CHECK(more.code == 0);
  CHECK_THAT(more.out, Catch::Contains(ca.file("c-key")));
  for (const auto& file : fs::directory_iterator(folder)) {
    INFO(file.path());
    CHECK(file.path().extension() == ".pem");
    CHECK((file.status().permissions() & fs::perms::mask) ==
          (fs::perms::owner_read | fs::perms::owner_write));
  }
  linked_node a(1, with(ca.files("a"))), c(2, with(ca.files("c")));
  link(a, c);
}
