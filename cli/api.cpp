#include "cli/api.hpp"

#include "cli/failure.hpp"
#include "cli/http_transfer.hpp"
#include "cli/problem.hpp"

#include <algorithm>
#include <thread>

namespace hourglass::cli {

namespace http = boost::beast::http;

namespace {

constexpr std::string_view base_path = "/api/v1";
constexpr std::uint64_t page_items_max = 100;  // the most that the API gives at once

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Failure not_our_api(const std::string& url) {
    return {ExitStatus::unreachable, "What answers at " + url + " is not the API of hourglassd.",
            "Another address is named by --url or HOURGLASS_URL."};
}

std::optional<std::string> without_prefix(const std::string& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return std::nullopt;
    return text.substr(prefix.size());
}

}  // namespace

Api::Api(const Configuration& configuration)
    : url_(configuration.url_text),
      prefix_(configuration.url.path),
      is_local_(configuration.url.is_loopback()),
      has_token_(configuration.token.has_value()),
      client_(configuration.url, configuration.token, configuration.ca_file) {}

std::string Api::target(std::string_view path, const Query& query) const {
    return prefix_ + std::string(base_path) + std::string(path) + encode_query(query);
}

void Api::expect_token() const {
    if (!has_token_) throw Failure(ExitStatus::unauthorized, "There is no API token.", token_advice());
}

HttpResponse Api::send(const HttpRequest& request, const std::string& if_missing) {
    expect_token();
    auto response = client_.send(request);
    if (response.status == 404 && !if_missing.empty()) throw Failure(ExitStatus::refused, if_missing);
    if (response.status >= 400) throw failure_of(response);
    if (response.status >= 300) throw not_our_api(url_);
    return response;
}

Json Api::ask(const HttpRequest& request, const std::string& if_missing) {
    const auto response = send(request, if_missing);
    auto json = Json::parse(response.body, nullptr, false);
    if (!json.is_object()) throw not_our_api(url_);
    return json;
}

Json Api::get(std::string_view path, const Query& query, const std::string& if_missing) {
    return ask({.method = http::verb::get, .target = target(path, query)}, if_missing);
}

void Api::follow(std::string_view path, const Query& query, const HttpClient::TakePiece& take) {
    expect_token();
    const auto response = client_.follow({.method = http::verb::get, .target = target(path, query)}, take);
    if (response.status >= 400) throw failure_of(response);
    if (response.status >= 300) throw not_our_api(url_);
}

Json Api::post(std::string_view path, const Json& body) {
    return ask({.method = http::verb::post, .target = target(path, {}), .body = body.dump()});
}

Json Api::post_once(std::string_view path, const Json& body, const std::string& idempotency_key) {
    const HttpRequest request{.method = http::verb::post,
                              .target = target(path, {}),
                              .body = body.dump(),
                              .idempotency_key = idempotency_key};
    for (int repeats_left = repeated_posts_max;; --repeats_left) {
        try {
            return ask(request);
        } catch (const Failure& failure) {
            if (repeats_left == 0 || !failure.is_outcome_unknown()) throw;
        }
        std::this_thread::sleep_for(post_repeat_delay);
    }
}

Json Api::patch(std::string_view path, const Json& body) {
    return ask({.method = http::verb::patch, .target = target(path, {}), .body = body.dump()});
}

void Api::remove(std::string_view path, const Query& query, const std::string& if_missing) {
    send({.method = http::verb::delete_, .target = target(path, query)}, if_missing);
}

Json Api::collect(std::string_view path, Query query, std::optional<std::uint64_t> limit) {
    const auto page_items = std::min(limit.value_or(page_items_max), page_items_max);
    query.emplace_back("limit", std::to_string(page_items));
    HttpRequest request{.method = http::verb::get, .target = target(path, query)};

    Json first_page;
    Json items = Json::array();
    while (true) {
        auto page = ask(request);
        if (!page.contains("results") || !page["results"].is_array()) throw not_our_api(url_);
        for (const auto& item : page["results"]) {
            if (!limit || items.size() < *limit) items.push_back(item);
        }
        const auto next = page.find("next");
        const bool is_last = next == page.end() || !next->is_string() || (limit && items.size() == *limit);
        if (!is_last) request.target = target_of(next->get<std::string>());
        if (first_page.is_null()) first_page = std::move(page);
        if (is_last) break;
    }
    first_page["results"] = std::move(items);
    return first_page;
}

Json Api::list(std::string_view path, Query query, std::optional<std::uint64_t> limit) {
    return collect(path, std::move(query), limit)["results"];
}

void Api::exchange(const Transfer& transfer) {
    expect_token();
    const auto response = client_.transfer(transfer);
    if (response.status >= 400) throw failure_of(response);
    if (response.status >= 300) throw not_our_api(url_);
}

void Api::upload(std::string_view path, const Query& query, std::string content_type, int descriptor,
                 std::function<void(std::string_view)> take_piece,
                 std::function<void(std::uint64_t octets)> note_sent) {
    exchange({
        .request = {.method = http::verb::post, .target = target(path, query)},
        .content_type = std::move(content_type),
        .upload = descriptor,
        .take_piece = std::move(take_piece),
        .note_sent = std::move(note_sent)
    });
}

void Api::download(std::string_view path, const Query& query,
                   std::function<void(std::string_view)> take_piece) {
    exchange({
        .request = {.method = http::verb::get, .target = target(path, query)},
        .content_type = {},
        .upload = {},
        .take_piece = std::move(take_piece)
    });
}

Json Api::find_user(const std::string& name) {
    static const Kind user{
        "/user_token/",
        "username",
        "user",
        {{"balance", "true"}},
    };
    return find_named(user, name);
}

Json Api::find_nas(const std::string& name) {
    static const Kind nas{"/nas/", "name", "NAS", {}};
    return find_named(nas, name);
}

// Their names need not differ, and the API does not look for them.
Json Api::find_organization(const std::string& name) {
    const auto id = without_prefix(name, "id:").value_or(name);
    if (is_number(id))
        return get("/organization/" + id + "/", {}, "There is no organization with the id " + id + ".");
    const auto wanted = without_prefix(name, "name:").value_or(name);
    auto all = list("/organization/", {}, std::nullopt);
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const Json& each) { return each.value("name", Json{}) != wanted; }),
              all.end());
    if (all.empty()) throw Failure(ExitStatus::refused, "There is no organization \"" + wanted + "\".");
    if (all.size() > 1) {
        throw Failure(ExitStatus::usage,
                      std::to_string(all.size()) + " organizations are called \"" + wanted + "\".",
                      "Say which by id, such as id:" + all.front().at("id").dump() + ".");
    }
    return all.front();
}

Json Api::find_named(const Kind& kind, const std::string& name) {
    const auto nothing = [&](const std::string& which) {
        return "There is no " + kind.noun + " " + which + ".";
    };
    const auto by_id = [&](const std::string& id) {
        return get(kind.path + id + "/", kind.query, nothing("with the id " + id));
    };

    if (const auto id = without_prefix(name, "id:")) {
        if (!is_number(*id)) throw Failure(ExitStatus::usage, "An id is a number, as in id:17.");
        return by_id(*id);
    }
    const auto wanted = without_prefix(name, "name:").value_or(name);
    if (wanted.empty()) throw Failure(ExitStatus::usage, "An empty name means no " + kind.noun + ".");
    auto query = kind.query;
    query.emplace_back(kind.name_field, wanted);
    const auto named = list(kind.path, query, 1);
    if (!is_number(name)) {
        if (named.empty()) throw Failure(ExitStatus::refused, nothing("\"" + wanted + "\""));
        return named.front();
    }

    try {
        auto numbered = by_id(name);
        if (named.empty() || named.front()["id"] == numbered["id"]) return numbered;
    } catch (const Failure& failure) {
        if (failure.status() != ExitStatus::refused) throw;
        if (named.empty()) throw Failure(ExitStatus::refused, nothing("with the name or id " + name));
        return named.front();
    }
    throw Failure(ExitStatus::usage, name + " is the name of one " + kind.noun + " and the id of another.",
                  "Say name:" + name + " or id:" + name + ".");
}

HttpResponse Api::get_page(std::string_view page) {
    return client_.send({.method = http::verb::get, .target = prefix_ + std::string(page)});
}

}  // namespace hourglass::cli
