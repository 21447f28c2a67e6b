// tests/data/tenants/routes.txt says how the tests try each route with the token of another tenant. A new
// route that is not there yet has not been tried.
#include "api/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>
#include <sstream>

using namespace hourglass::api;

namespace {

// "GET /api/v1/user_token/"
std::set<std::string> routes_that_are_tried() {
    std::ifstream table(std::string(HOURGLASS_TEST_DATA) + "/tenants/routes.txt");
    std::set<std::string> routes;
    std::string line;
    while (std::getline(table, line)) {
        if (line.empty() || line.front() == ' ' || line.front() == '#') continue;
        std::istringstream words(line);
        std::string method;
        std::string path;
        words >> method >> path;
        routes.insert(method + " " + path);
    }
    return routes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_tenant_routes)

BOOST_AUTO_TEST_CASE(each_route_is_tried_with_the_token_of_another_tenant) {
    const auto tried = routes_that_are_tried();
    std::set<std::string> there;
    for (const auto& route : all_routes()) {
        there.insert(std::string(http::to_string(route.method)) + " " + std::string(route.path));
    }
    BOOST_TEST(tried == there, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
