#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/system/http_client.hpp"
#include "tests/system/node_process.hpp"

using namespace reenact::tests;
using Catch::Contains;

namespace {

outcome shell(const std::string& line) { return run({"/bin/sh", "-c", line}); }

/// A second node, which must not start.
outcome second(const std::string& data, const std::string& http, const std::string& admin) {
  return run(mallbots({"node", "--data", data, "--http", http, "--admin", admin}));
}

std::string register_customer(std::uint16_t port) {
  http_client http(port);
  const auto answer = http.post("/api/customers", R"({"name":"Ada","smsNumber":"555-1212"})");
  REQUIRE(answer.status == 200);
  return std::string(answer.json().at("id").as_string());
}

void check_customer(std::uint16_t port, const std::string& id) {
  http_client http(port);
  const auto answer = http.get("/api/customers/" + id);
  CHECK(answer.status == 200);
  CHECK_THAT(answer.body, Contains("Ada"));
}

} // namespace

TEST_CASE("a node says what to try next, and each of it works") {
  const scratch data;
  node_process node(data.path);
  int worked = 0;
  for (auto line = node.line(); line && worked < 3; line = worked < 3 ? node.line() : line) {
    const auto curl = line->find("curl ");
    if (curl == std::string::npos) continue;
    INFO(*line);
    const auto how = shell(line->substr(0, curl) + "exec " + line->substr(curl) + " --fail -sS");
    CHECK(how.code == 0);
    CHECK(how.out.starts_with("{"));
    ++worked;
  }
  CHECK(worked == 3);
}

TEST_CASE("a node ends with 0 on each stop signal, and what it answered is there again") {
  const scratch data;
  std::string id;
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT}) {
    node_process node(data.path);
    if (id.empty()) id = register_customer(node.http);
    check_customer(node.http, id);
    http_client idle(node.http); // a connection that is held open keeps nobody waiting
    CHECK(idle.get("/liveness").body == ".");
    node.signal(signal);
    CHECK(node.wait() == 0);
  }
}

TEST_CASE("a repeat after kill -9 gets the first answer to the letter") {
  const scratch data;
  struct asked {
    std::string path, body, key;
    http_client::response first{};
  };
  const auto ask = [](http_client& http, const asked& a) {
    return http.send(a.path == "/api/customers" ? "POST" : "PUT", a.path, a.body,
                     {{"Idempotency-Key", a.key}});
  };
  std::vector<asked> all = {{"/api/customers", R"({"name":"Ada","smsNumber":"1"})", "register"}};
  {
    node_process node(data.path);
    http_client http(node.http);
    all[0].first = ask(http, all[0]);
    const auto path = "/api/customers/" + std::string(all[0].first.json().at("id").as_string());
    all.push_back({path + "/change-sms", R"({"smsNumber":"2"})", "change"});
    all.push_back({path + "/enable", "{}", "refused"});
    all.push_back({path + "/disable", "{}", "disable"});
    for (std::size_t i = 1; i < all.size(); ++i) all[i].first = ask(http, all[i]);
    node.signal(SIGKILL);
    node.wait();
  }
  node_process node(data.path);
  http_client http(node.http);
  for (const auto& a : all) {
    const auto again = ask(http, a);
    INFO(a.path << " " << a.first.body);
    CHECK(again.status == a.first.status);
    CHECK(again.body == a.first.body);
    CHECK(again.headers.at("etag") == a.first.headers.at("etag"));
  }
  CHECK(all[2].first.status == 400);
  CHECK(all[3].first.headers.at("etag") == "\"4\""); // after the note of the refusal
}

TEST_CASE("a second node on the same directory is refused and told who has it") {
  const scratch data;
  const node_process node(data.path);
  const auto how = second(data.path, "127.0.0.1:0", "127.0.0.1:0");
  CHECK(how.code == 1);
  CHECK_THAT(how.errors, Contains(data.path) && Contains("process " + std::to_string(node.pid())));
}

TEST_CASE("a port that is taken is named with the process that has it") {
  const scratch first, other;
  const node_process node(first.path);
  const auto holder = "pid " + std::to_string(node.pid()) + " (mallbots)";
  const auto http = "127.0.0.1:" + std::to_string(node.http);
  const auto admin = "127.0.0.1:" + std::to_string(node.admin);
  for (const auto& how :
       {second(other.path, http, "127.0.0.1:0"), second(other.path, "127.0.0.1:0", admin),
        second(first.path, http, admin)}) {
    CHECK(how.code == 1);
    CHECK_THAT(how.errors, Contains(holder));
  }
}

TEST_CASE("noise on the ports is answered or cut off, and harms nobody") {
  const scratch data;
  node_process node(data.path);
  const auto id = register_customer(node.http);
  std::minstd_rand dice(7);
  std::string random(4096, '\0');
  for (auto& byte : random) byte = static_cast<char>(dice());
  const std::vector<std::string> noise = {
      random,
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + random, // a TLS hello
      "GET / HTTP/9.9\r\n\r\n",
      "POST /api/stores HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n",
      "POST /api/stores HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(100'000, 'x'),
      std::string(100'000, '\n'),
      "POST /api/stores HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{\"na"}; // and gone
  for (const auto port : {node.http, node.admin})
    for (const auto& bytes : noise) {
      try {
        http_client rude(port);
        rude.write(bytes);
        rude.shut_writing();
        rude.read_to_end();
      } catch (const boost::system::system_error&) {
        // Cut off while it was still writing: as it should be.
      }
    }
  check_customer(node.http, id);
  node.signal(SIGTERM);
  CHECK(node.wait() == 0);
}

TEST_CASE("a node whose disk takes no more ends with 1 and says why, and keeps what it answered") {
  const scratch data;
  std::string last;
  {
    // No file may grow beyond a mebibyte.
    node_process node(data.path, {},
                      {"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 2048; exec \"$@\"", "limited"});
    const auto body = R"({"name":"Ada)" + std::string(10'000, 'a') + R"(","smsNumber":"555-1212"})";
    bool refused = false;
    try {
      http_client http(node.http);
      for (int i = 0; i < 1'000 && !refused; ++i) {
        const auto answer = http.post("/api/customers", body);
        if (answer.status == 200)
          last = answer.json().at("id").as_string();
        else
          refused = answer.status == 503 || answer.status == 504;
      }
    } catch (const boost::system::system_error&) {
      refused = true; // it has ended already
    }
    CHECK(refused);
    CHECK(node.wait() == 1);
    CHECK_THAT(node.errors(), Contains("the node cannot go on: cannot write to the journal"));
  }
  REQUIRE(!last.empty());
  const node_process again(data.path);
  check_customer(again.http, last);
}

TEST_CASE("a configuration with mistakes names each of them and ends with 2") {
  const scratch data;
  const auto file = data.path + "/wrong.toml";
  std::ofstream(file) << "[http]\nadress = \"x\"\n";
  const auto how = run(mallbots({"node", "--config", file, "--log-level", "loud", "--htp", "1"}),
                       {"MALLBOTS_ADMIN_ADDRESS=nowhere"});
  CHECK(how.code == 2);
  CHECK_THAT(how.errors, Contains("wrong.toml:2: unknown key http.adress"));
  CHECK_THAT(how.errors, Contains("--log-level: log.level: 'loud' is none of trace, debug, info"));
  CHECK_THAT(how.errors, Contains("unknown flag --htp, did you mean --http?"));
  CHECK_THAT(how.errors, Contains("MALLBOTS_ADMIN_ADDRESS: admin.address"));
}

TEST_CASE("a data directory that cannot be used ends with 1 and says what to do") {
  // Not even root may write there.
  const auto how = second("/proc/self/journal", "127.0.0.1:0", "127.0.0.1:0");
  CHECK(how.code == 1);
  CHECK_THAT(how.errors, Contains("/proc/self/journal") && Contains("--data"));
}

TEST_CASE("settings are printed with their origin, help and version end with 0") {
  const auto printed =
      run(mallbots({"node", "--print-config", "--http", "127.0.0.1:1234"}), {"LOG_LEVEL=WARN"});
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("http.address = \"127.0.0.1:1234\""));
  CHECK_THAT(printed.out, Contains("# --http\n") && Contains("# LOG_LEVEL\n"));
  CHECK(run(mallbots({"--version"})).out.starts_with("mallbots "));
  CHECK(run(mallbots({"node", "--help"})).code == 0);
  CHECK_THAT(run(mallbots({"--help"})).out, Contains("node") && Contains("Exit codes"));
  CHECK(run(mallbots({"nothing"})).code == 2);
  CHECK_THAT(run(mallbots({"nothing"})).errors,
             Contains("unknown subcommand nothing; there are node, journal"));
  CHECK(run(mallbots({})).code == 2);
  CHECK_THAT(run(mallbots({})).errors, Contains("a subcommand is missing"));
  CHECK_THAT(run(mallbots({"journal", "look"})).errors,
             Contains("unknown subcommand look; there are stat, verify, dump, repair"));
  const auto directory = run(mallbots({"node", "--config", "/"}));
  CHECK(directory.code == 2);
  CHECK_THAT(directory.errors, Contains("it is no file"));
  for (const auto& [flag, shown] : {std::pair("--insecure", "tls.insecure = true"),
                                    std::pair("--insecure=false", "tls.insecure = false"),
                                    std::pair("--insecure=true", "tls.insecure = true")})
    CHECK_THAT(run(mallbots({"node", "--print-config", flag})).out, Contains(shown));
  const auto maybe = run(mallbots({"node", "--print-config", "--insecure=maybe"}));
  CHECK(maybe.code == 2);
  CHECK_THAT(maybe.errors, Contains("'maybe' is not true or false"));
}

TEST_CASE("each customer that is registered counts once at /metrics, on both listeners") {
  const scratch data;
  const node_process node(data.path);
  http_client http(node.http), admin(node.admin);
  const std::string body = R"({"name":"Ada","smsNumber":"555-1212"})";
  CHECK_THAT(admin.get("/metrics").body, Contains("customers_registered_count 0\n"));
  for (int i = 0; i < 3; ++i)
    CHECK(http.post("/api/customers", body, {{"Idempotency-Key", "same"}}).status == 200);
  CHECK(http.post("/api/customers", R"({"name":""})").status == 400);
  CHECK(http.post("/api/customers", body).status == 200);
  for (auto* asked : {&http, &admin})
    CHECK_THAT(asked->get("/metrics").body, Contains("customers_registered_count 2\n"));
  CHECK(http.get("/api/customers").status == 200); // the view is current
  CHECK_THAT(admin.get("/metrics").body,
             Contains("reenact_view_events_behind{view=\"customers.clientele\"} 0\n"));
  CHECK(admin.get("/api/stores").status == 404);
  CHECK(admin.get("/readyz").status == 200);
  CHECK_THAT(admin.get("/guarantees").body, Contains("\"G10\""));
}
