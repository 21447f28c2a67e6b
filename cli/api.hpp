// The daemon's REST API as the commands use it: JSON in, JSON out, refusals as Failure.
#pragma once

#include "cli/configuration.hpp"
#include "cli/http_client.hpp"
#include "cli/json.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::cli {

inline constexpr int repeated_posts_max = 4;
inline constexpr std::chrono::seconds post_repeat_delay{1};

class Api {
public:
    explicit Api(const Configuration& configuration);

    // Throws Failure if there is no token. For those who want to know before a person is asked anything.
    void expect_token() const;

    // Paths are those below /api/v1, such as "/user_token/". `if_missing` is what to say of a 404.
    Json get(std::string_view path, const Query& query = {}, const std::string& if_missing = {});
    Json post(std::string_view path, const Json& body);
    // The body of an endless reply, piece by piece, until the daemon ends it. Throws Failure as the others
    // do.
    void follow(std::string_view path, const Query& query, const HttpClient::TakePiece& take);
    // A POST that the daemon does once however often it is repeated: repeated by us while no daemon answers,
    // or one that is not ready, at most `repeated_posts_max` times.
    Json post_once(std::string_view path, const Json& body, const std::string& idempotency_key);
    Json patch(std::string_view path, const Json& body);
    void remove(std::string_view path, const Query& query = {}, const std::string& if_missing = {});

    // The first page of a list, with the items of all pages, at most `limit`, as its "results".
    Json collect(std::string_view path, Query query, std::optional<std::uint64_t> limit);
    // The items of a list, page by page, at most `limit` of them.
    Json list(std::string_view path, Query query, std::optional<std::uint64_t> limit);

    // Rows up from a descriptor, for `content_type`; what comes back goes to `take_piece`.
    void upload(std::string_view path, const Query& query, std::string content_type, int descriptor,
                std::function<void(std::string_view)> take_piece,
                std::function<void(std::uint64_t octets)> note_sent);
    void download(std::string_view path, const Query& query,
                  std::function<void(std::string_view)> take_piece);

    // The record of user_token that `name` means: a user name, or an id, or either said clearly as name:X or
    // id:N. Throws Failure if there is none, and if it means one user by name and another by id.
    Json find_user(const std::string& name);
    // The same of /nas/.
    Json find_nas(const std::string& name);
    // Of /organization/: a number is always an id, since several may have the same name.
    Json find_organization(const std::string& name);

    // A page outside /api/v1, such as /healthz, without a token being needed.
    HttpResponse get_page(std::string_view target);

    const std::string& url() const { return url_; }
    // Whether the daemon is on this machine.
    bool is_local() const { return is_local_; }

private:
    struct Kind {
        std::string path;        // "/user_token/"
        std::string name_field;  // "username"
        std::string noun;        // "user"
        Query query;             // for what is shown
    };
    Json find_named(const Kind& kind, const std::string& name);
    HttpResponse send(const HttpRequest& request, const std::string& if_missing = {});
    void exchange(const Transfer& transfer);
    Json ask(const HttpRequest& request, const std::string& if_missing = {});
    std::string target(std::string_view path, const Query& query) const;

    std::string url_;
    std::string prefix_;
    bool is_local_;
    bool has_token_;
    HttpClient client_;
};

}  // namespace hourglass::cli
