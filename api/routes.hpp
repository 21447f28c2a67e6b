// The whole API as a table; dispatch, 405 and Allow come from it.
#pragma once

#include "api/authorization.hpp"
#include "api/context.hpp"
#include "api/description.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hourglass::api {

// Whether the handler is given the body in its Request, or reads it as it arrives from Context::body.
enum class BodyKind : std::uint8_t { whole, streamed };

inline constexpr std::string_view json_media_type = "application/json";
// What a good reply of a path is; refusals are always JSON.
enum class Renders : std::uint8_t { json, rows, lines, events, octets };
// Its names, the usual one first.
std::span<const std::string_view> media_types_of(Renders renders);

struct Route {
    http::verb method;
    std::string_view path;  // "{id}" stands for one segment
    Access access;
    Handler handler;
    const Description* description = nullptr;  // for /schema/: what is without is not in the document
    BodyKind body = BodyKind::whole;
    Renders renders = Renders::json;
};

std::span<const Route> all_routes();

// A path that some route has, whatever the method.
struct KnownPath {
    std::string_view pattern;
    std::string id;  // what stands for {id}
};
std::optional<KnownPath> find_path(std::string_view path);

// HEAD finds the route of GET. nullptr: 405.
const Route* find_route(http::verb method, std::string_view pattern);

// Of a path that no route has: whole.
BodyKind body_kind(http::verb method, std::string_view path);

// What a token needs for a method, also where there is no such route: the right is judged first.
Access access_for(http::verb method, std::string_view pattern);

// Of a known path.
Renders renders_of(std::string_view pattern);

// "GET, POST, HEAD, OPTIONS"
std::string allowed_methods(std::string_view pattern);

}  // namespace hourglass::api
