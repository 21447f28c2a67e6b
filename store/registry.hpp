// What the daemon is told of the world around its users: NASes, profiles and organizations.
#pragma once

#include "store/records.hpp"

#include <array>

namespace hourglass::store {

// The fields of a NAS that RADIUS goes by.
namespace nas_field {
inline constexpr std::string_view address = "address";  // as store::to_text(Network) writes it
inline constexpr std::string_view secret = "secret";
inline constexpr std::string_view require_message_authenticator =
    "require_message_authenticator";                                        // "auto", "1", "0"
inline constexpr std::string_view limit_proxy_state = "limit_proxy_state";  // the same
inline constexpr std::string_view coa_port = "coa_port";
inline constexpr std::string_view coa = "coa";                                  // JSON array: what it takes
inline constexpr std::string_view clamp_to_wall_clock = "clamp_to_wall_clock";  // "1", "0"
}  // namespace nas_field

// A secret that is shorter can be guessed from one captured packet.
inline constexpr std::size_t good_nas_secret_octets = 12;
constexpr bool is_weak_nas_secret(std::string_view secret) {
    return secret.size() < good_nas_secret_octets;
}

// What a NAS may take of us, by RFC 5176.
inline constexpr std::string_view disconnect_request = "disconnect";
inline constexpr std::string_view coa_request = "coa";

namespace organization_field {
inline constexpr std::string_view parent = "parent";
inline constexpr std::string_view is_active = "is_active";
}  // namespace organization_field

namespace record_kind {
inline constexpr auto unique_name = std::to_array({record_field::name});
inline constexpr auto unique_name_and_address = std::to_array({record_field::name, nas_field::address});

inline constexpr RecordKind nas{
    .name = "nas", .unique = unique_name_and_address, .secret = nas_field::secret};
inline constexpr RecordKind profile{.name = "profile", .unique = unique_name};
// Names of organizations may be repeated: they are told apart by id.
inline constexpr RecordKind organization{.name = "organization", .unique = {}, .is_organization = true};
}  // namespace record_kind

struct Registry {
    Registry(RedisConnection& redis, const SecretBox& secrets)
        : nases(redis, secrets, record_kind::nas),
          profiles(redis, secrets, record_kind::profile),
          organizations(redis, secrets, record_kind::organization) {}

    Records nases;
    Records profiles;
    Records organizations;
};

}  // namespace hourglass::store
