// The API's import and export handlers on a real store, with a client that is none.
#pragma once

#include "api/import_run.hpp"
#include "api/user_transfer.hpp"
#include "tests/support/store_fixture.hpp"

#include <functional>
#include <sstream>

namespace hourglass::test {

using namespace api;

inline const std::string ann = R"({"username": "ann", "password": "a", "organization": 1, "user_time": 60})"
                               "\n";
inline const std::string ben = R"({"username": "ben", "password": "b", "organization": 1})"
                               "\n";

// Without what belongs to the store, not to the user.
inline std::string without_ids(const std::string& rows) {
    std::istringstream lines(rows);
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        auto row = json::parse(line);
        row.erase("id");
        row.erase("password_sealed");
        text += row.dump() + "\n";
    }
    return text;
}

// A request's body in pieces of `piece_octets`.
class Upload : public BodyReader {
public:
    Upload(std::string text, std::size_t piece_octets)
        : text_(std::move(text)), piece_octets_(piece_octets) {}

    awaitable<Checked<std::string_view>> read_some() override {
        if (at_ == text_.size()) {
            if (before_end) co_await before_end();
            if (is_cut_short) {
                Response refusal;
                refusal.status = http::status::bad_request;
                co_return refusal;
            }
        }
        const auto piece = std::string_view(text_).substr(at_, piece_octets_);
        at_ += piece.size();
        co_return piece;
    }

    std::size_t octets_read() const { return at_; }

    bool is_cut_short = false;
    std::function<awaitable<void>()> before_end;

private:
    std::string text_;
    std::size_t piece_octets_;
    std::size_t at_ = 0;
};

class Download : public BodyWriter {
public:
    awaitable<bool> write(std::string piece) override {
        text += piece;
        co_return text.size() < octets_taken_max;
    }
    bool is_wanted() const override { return text.size() < octets_taken_max; }

    std::string text;
    std::size_t octets_taken_max = std::numeric_limits<std::size_t>::max();  // then the client goes
};

struct TransferFixture : StoreFixture {
    std::string ask(awaitable<Response> (*handler)(Context&), const std::string& target, Upload& upload) {
        Request request;
        request.message.target(target);
        request.message.set(http::field::content_type, content_type);
        Context context{request, environment, store, token, Query(request.query()), 0, now, &upload};
        const auto response = run(handler(context));
        if (!response.produce)
            return std::to_string(static_cast<unsigned>(response.status)) + " " + response.body;
        produce(response);
        return download.text;
    }

    void produce(const Response& response) {
        download.text.clear();
        run([](const Response& reply, BodyWriter& writer) -> awaitable<bool> {
            co_await reply.produce(writer);
            co_return true;
        }(response, download));
    }

    // The lines that came back.
    std::string import_rows(const std::string& rows, const std::string& query = "",
                            std::size_t piece_octets = 64) {
        Upload upload(rows, piece_octets);
        return ask(&import_users, "/api/v1/user_token/import/?" + query, upload);
    }
    json summary_of(const std::string& rows, const std::string& query = "") {
        return summary_in(import_rows(rows, query));
    }
    static json summary_in(const std::string& lines) {
        const auto last = lines.rfind('\n', lines.size() - 2);
        return json::parse(lines.substr(last == lines.npos ? 0 : last + 1)).at("summary");
    }
    std::string exported(const std::string& query = "") {
        Upload nothing("", 1);
        return ask(&export_users, "/api/v1/user_token/export/?" + query, nothing);
    }

    std::optional<store::User> find(const std::string& username) {
        auto page = must(store.users.list({.username = username}, {.offset = 0, .limit = 1}));
        return page.items.empty() ? std::nullopt : std::optional(page.items.front());
    }
    std::string field(const std::string& username, const std::string& name) {
        const auto user = find(username);
        BOOST_TEST_REQUIRE(user.has_value(), username);
        const auto found = user->fields.find(name);
        return found == user->fields.end() ? "null" : found->second;
    }
    std::string password(const std::string& username) {
        return std::string(must(store.users.find_login(username)).password);
    }

    awaitable<void> take_name(std::string username) {
        const auto made = co_await store.users.create(
            {
                {"username",     std::move(username)},
                {"password",     "x"                },
                {"organization", "1"                }
        },
            store::Balance(), "test", now);
        BOOST_TEST(made.has_value());
    }

    EventFeed events{loop, store.events, log};
    Environment environment{store, {}, {}, log, events};
    store::ApiToken token{
        .id = 1, .name = "test", .scopes = {.read = true, .write = true, .admin = true}
    };
    std::string content_type = "application/x-ndjson";
    Download download;
};

}  // namespace hourglass::test
