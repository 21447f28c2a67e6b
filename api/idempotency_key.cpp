#include "api/idempotency_key.hpp"

#include "api/problem.hpp"

#include <algorithm>

namespace hourglass::api {
namespace {

constexpr std::string_view header = "Idempotency-Key";

bool is_visible(char character) {
    return character > ' ' && character <= '~';
}

}  // namespace

Checked<std::string> read_idempotency_key(const Request& request) {
    const auto count = request.message.count(header);
    if (count == 0) return std::string();
    const std::string_view key = request.message[header];
    const bool is_fit = count == 1 && !key.empty() && key.size() <= idempotency_key_octets_max &&
                        std::ranges::all_of(key, &is_visible);
    if (is_fit) return std::string(key);
    return problem(http::status::bad_request, "Idempotency-Key must be one text of 1 to " +
                                                  std::to_string(idempotency_key_octets_max) +
                                                  " visible ASCII characters.");
}

}  // namespace hourglass::api
