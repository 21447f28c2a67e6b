// What a fleet has seen so far, in numbers.
#pragma once

#include <array>
#include <cstdint>

namespace hourglass::nas {

struct Tally {
    std::int64_t online{};  // sessions, now
    std::int64_t sessions{};
    std::int64_t logins{};
    std::int64_t rejects{};
    std::int64_t reports{};
    std::int64_t acknowledged{};
    std::int64_t repeats{};
    std::int64_t given_up{};
    std::int64_t lost{};
    std::int64_t late{};
    std::int64_t duplicated{};
    std::int64_t foreign{};
    std::int64_t disconnects{};
    std::int64_t changes{};
    std::int64_t restarts{};
};

struct TallyRow {
    const char* name;
    std::int64_t Tally::* count;
    const char* meaning;
};

inline constexpr std::array tally_rows{
    TallyRow{"sessions",     &Tally::sessions,     "sessions that were begun"                            },
    TallyRow{"logins",       &Tally::logins,       "Access-Requests, without repeats"                    },
    TallyRow{"rejects",      &Tally::rejects,      "Access-Rejects"                                      },
    TallyRow{"reports",      &Tally::reports,      "Accounting-Requests, without repeats"                },
    TallyRow{"acknowledged", &Tally::acknowledged, "Accounting-Responses"                                },
    TallyRow{"repeats",      &Tally::repeats,      "requests that were sent again"                       },
    TallyRow{"given_up",     &Tally::given_up,     "requests that got no answer in time"                 },
    TallyRow{"lost",         &Tally::lost,         "datagrams that the network lost, both ways"          },
    TallyRow{"late",         &Tally::late,         "datagrams that the network kept back"                },
    TallyRow{"duplicated",   &Tally::duplicated,   "datagrams that the network delivered twice"          },
    TallyRow{"foreign",      &Tally::foreign,      "datagrams from the server that answered nothing open"},
    TallyRow{"disconnects",  &Tally::disconnects,  "Disconnect-Requests"                                 },
    TallyRow{"changes",      &Tally::changes,      "CoA-Requests"                                        },
    TallyRow{"restarts",     &Tally::restarts,     "NASes that lost power and came back"                 },
};

}  // namespace hourglass::nas
