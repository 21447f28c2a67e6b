// Why a datagram is dropped in silence: the rows of drops.def as error codes.
#pragma once

#include "store/result.hpp"

#include <array>
#include <string_view>
#include <type_traits>

namespace hourglass::radius {

enum class Error {
    none,  // never returned: 0 means success to an error_code
#define DROP(reason, sentence) reason,
#include "radius/drops.def"
#undef DROP
};

// How many reasons there are.
inline constexpr std::size_t drop_reasons = std::to_array<std::string_view>({
#define DROP(reason, sentence) #reason,
#include "radius/drops.def"
#undef DROP
                                                                            })
                                                .size();

const boost::system::error_category& error_category();

std::string_view name_of(Error error);  // "bad_authenticator"

inline error_code make_error_code(Error error) {
    return {static_cast<int>(error), error_category()};
}

}  // namespace hourglass::radius

template <>
struct boost::system::is_error_code_enum<hourglass::radius::Error> : std::true_type {};
