// Events on the wire, and which of them a listener gets.
#include "api/event_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass;
using namespace hourglass::api;

namespace {

store::StoredEvent event_with(std::string type, store::OrganizationId organization) {
    return {
        .id = {1000, 0, 3},
          .type = std::move(type), .organization = organization, .json = R"({"a":1})"
    };
}

struct FilterRow {
    const char* name;
    EventFilter filter;
    std::string type;
    store::OrganizationId organization;
    bool is_admitted;
};

const std::array filters{
    FilterRow{"no filter",                     {},                                                   "login",  1, true },
    FilterRow{"no filter, nobody's event",     {},                                                   "reject", 0, true },
    FilterRow{"its organization",              {.organization = 1},                                  "login",  1, true },
    FilterRow{"another organization",          {.organization = 1},                                  "login",  2, false},
    FilterRow{"an organization is not nobody", {.organization = 1},                                  "reject", 0, false},
    FilterRow{"confined, its own",             {.visible_organizations = {1, 2}},                    "login",  2, true },
    FilterRow{"confined, another's",           {.visible_organizations = {1, 2}},                    "login",  3, false},
    FilterRow{"confined, nobody's event",      {.visible_organizations = {1, 2}},                    "reject", 0, false},
    FilterRow{"confined, filtered",            {.organization = 1, .visible_organizations = {1, 2}}, "login",  2, false},
    FilterRow{"one of the types",              {.types = {"start", "stop"}},                         "stop",   1, true },
    FilterRow{"none of the types",             {.types = {"start", "stop"}},                         "login",  1, false},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(api_event_text)

BOOST_AUTO_TEST_CASE(an_event_has_id_type_and_data_and_ends_in_an_empty_line) {
    BOOST_TEST(event_text(event_with("login", 1)) == "id: 1000-0.3\nevent: login\ndata: {\"a\":1}\n\n");
}

BOOST_AUTO_TEST_CASE(a_stream_opens_with_when_and_where_to_resume) {
    BOOST_TEST(opening_text({1000, 0, 3}) == "retry: 2000\nid: 1000-0.3\n\n");
}

// A notice with an id would become the Last-Event-ID.
BOOST_AUTO_TEST_CASE(notices_leave_the_last_event_id_alone) {
    for (const auto& text : {gap_text(), dropped_text(), heartbeat_text()}) {
        BOOST_TEST(text.find("id:") == text.npos);
        BOOST_TEST(text.ends_with("\n\n"));
    }
    BOOST_TEST(gap_text().starts_with("event: gap\ndata: {"));
    BOOST_TEST(dropped_text().starts_with("event: dropped\ndata: {"));
    BOOST_TEST(heartbeat_text().starts_with(":"));
}

BOOST_AUTO_TEST_CASE(filters_only_ever_take_away) {
    for (const auto& row : filters)
        BOOST_TEST(row.filter.admits(event_with(row.type, row.organization)) == row.is_admitted, row.name);
}

BOOST_AUTO_TEST_SUITE_END()
