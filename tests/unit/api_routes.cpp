// What the route table says of paths and methods.
#include "api/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace hourglass::api;
using http::verb;

BOOST_AUTO_TEST_SUITE(api_routes)

BOOST_AUTO_TEST_CASE(no_route_is_there_twice) {
    std::set<std::pair<verb, std::string_view>> seen;
    for (const auto& route : all_routes()) {
        BOOST_TEST(seen.emplace(route.method, route.path).second, route.path);
    }
}

BOOST_AUTO_TEST_CASE(every_resource_ends_in_a_slash) {
    for (const auto& route : all_routes()) {
        BOOST_TEST((!route.path.starts_with("/api/") || route.path.ends_with('/')), route.path);
    }
}

BOOST_AUTO_TEST_CASE(allow_lists_the_methods_of_a_path) {
    BOOST_TEST(allowed_methods("/api/v1/user_token/") == "GET, POST, HEAD, OPTIONS");
    BOOST_TEST(allowed_methods("/api/v1/user_token/{id}/") == "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
    BOOST_TEST(allowed_methods("/api/v1/api_token/{id}/") == "GET, DELETE, HEAD, OPTIONS");
}

BOOST_AUTO_TEST_CASE(a_path_is_found_with_the_id_it_names) {
    const auto path = find_path("/api/v1/user_token/%31%32/");
    BOOST_REQUIRE(path.has_value());
    BOOST_TEST(path->pattern == "/api/v1/user_token/{id}/");
    BOOST_TEST(path->id == "12");
}

BOOST_AUTO_TEST_CASE(paths_that_only_look_alike_are_not_found) {
    for (const auto* path : {"", "/", "/api/v1/user_token", "/api/v1/user_token//", "//api/v1/user_token/",
                             "/api/v1/user_token/1", "/api/v1/user_token/1/2/", "/api/v1/User_Token/",
                             "/api/v1%2Fuser_token/", "/healthz/"}) {
        BOOST_TEST(!find_path(path).has_value(), path);
    }
}

BOOST_AUTO_TEST_CASE(writes_need_the_right_to_write_even_where_there_are_none) {
    BOOST_TEST((access_for(verb::head, "/api/v1/user_token/") == Access::read));
    BOOST_TEST((access_for(verb::options, "/api/v1/user_token/") == Access::read));
    BOOST_TEST((access_for(verb::delete_, "/api/v1/user_token/") == Access::write));
    BOOST_TEST((access_for(verb::patch, "/api/v1/api_token/{id}/") == Access::admin));
    BOOST_TEST((access_for(verb::post, "/healthz") == Access::anyone));
    BOOST_TEST((access_for(verb::get, "/api/v1/session/{id}/disconnect/") == Access::read));
    BOOST_TEST((access_for(verb::post, "/api/v1/session/{id}/disconnect/") == Access::write));
    BOOST_TEST((access_for(verb::get, "/api/v1/user_token/import/") == Access::read));
    BOOST_TEST((access_for(verb::put, "/api/v1/user_token/import/") == Access::write));
}

BOOST_AUTO_TEST_SUITE_END()
