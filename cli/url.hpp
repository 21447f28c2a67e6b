// The little of URLs that the tool needs: where the daemon listens, and queries.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::cli {

struct Url {
    bool is_encrypted{};  // https
    std::string host;     // without the brackets of an IPv6 address
    std::string port;
    std::string path;  // of what stands before /api/v1; empty, or "/prefix" without a slash at its end

    bool is_loopback() const;
    // As in the Host header: host:port, an IPv6 address in brackets.
    std::string authority() const;
    // "https://host:port", for sentences.
    std::string origin() const;
};

// http[s]://host[:port][/prefix]; nullopt for anything else.
std::optional<Url> parse_url(std::string_view text);

// Path and query of an absolute or relative reference, such as the `next` link of a page.
std::string target_of(std::string_view reference);

using Query = std::vector<std::pair<std::string, std::string>>;

// "?a=1&b=2", percent-encoded (RFC 3986 section 2); empty for no parameters.
std::string encode_query(const Query& query);

}  // namespace hourglass::cli
