#include "api/ledger_entry.hpp"

#include "api/datetime.hpp"
#include "api/resource.hpp"

namespace hourglass::api {
namespace {

constexpr auto fields = std::to_array<Field>({
    text("id"),           // "c" and the credit's number, or "s" and the session's
    text("kind"),         // "credit" or "charge"
    datetime("time"),     // of a charge: when the session began
    datetime("updated"),  // of a charge: the last report that was taken in
    integer("seconds"),   // of a charge: 0 or less; all of them add up to the balance
    integer("before"),
    integer("after"),
    text("source"),
    text("reason"),
    integer("session"),
    boolean("is_running"),
    integer("uncovered"),
});

void put_balance(store::Fields& values, std::string_view name, const store::Balance& balance) {
    if (balance) values[std::string(name)] = std::to_string(balance->count());
}

store::Fields values_of(const store::Credit& credit) {
    store::Fields values{
        {"id",      "c" + std::to_string(credit.number)   },
        {"kind",    "credit"                              },
        {"time",    store_datetime(credit.time)           },
        {"seconds", std::to_string(credit.seconds.count())},
        {"source",  credit.source                         },
    };
    put_balance(values, "before", credit.before);
    put_balance(values, "after", credit.after);
    if (!credit.reason.empty()) values["reason"] = credit.reason;
    return values;
}

store::Fields values_of(const store::Session& session) {
    store::Fields values{
        {"id",         "s" + std::to_string(session.number)                          },
        {"kind",       "charge"                                                      },
        {"time",       store_datetime(session.started)                               },
        {"updated",    store_datetime(session.updated)                               },
        {"seconds",    std::to_string(-session.charged.count())                      },
        {"source",     "nas " + session.nas + " (session " + session.session_id + ")"},
        {"is_running", session.is_running ? "1" : "0"                                },
        {"uncovered",  std::to_string(session.uncovered.count())                     },
    };
    if (session.id != 0) values["session"] = std::to_string(session.id);
    return values;
}

store::Fields values_of(const store::ForgottenCharges& forgotten) {
    return {
        {"id",      "earlier"                                 },
        {"kind",    "charge"                                  },
        {"seconds", std::to_string(-forgotten.charged.count())},
        {"source",  "sessions that are no longer remembered"  },
    };
}

}  // namespace

json show_ledger_entry(const store::StatementEntry& entry) {
    return show_record(fields, std::visit([](const auto& each) { return values_of(each); }, entry));
}

}  // namespace hourglass::api
