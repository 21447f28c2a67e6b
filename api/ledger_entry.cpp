#include "api/ledger_entry.hpp"

#include "api/datetime.hpp"
#include "api/resource.hpp"

namespace hourglass::api {
namespace {

constexpr std::size_t source_characters_max = 1000;  // the names of a NAS and of its session

constexpr auto fields = std::to_array<Field>({
    text("id"),                      // "c" and the credit's number, or "s" and the session's
    text("kind"),                    // "credit" or "charge"
    datetime("time").nullable(),     // of a charge: when the session began
    datetime("updated").nullable(),  // of a charge: the last report that was taken in
    integer("seconds"),              // of a charge: 0 or less; all of them add up to the balance
    integer("before").nullable(),
    integer("after").nullable(),
    text("source").characters(source_characters_max),
    text("reason").nullable(),
    integer("session").nullable(),
    boolean("is_running").nullable(),
    integer("uncovered").nullable(),
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

const Record ledger_entry_record{
    .name = "LedgerEntry",
    .fields = fields,
    .example =
        R"json({"id": "c2", "kind": "credit", "time": "2026-01-31T12:00:00Z", "seconds": 1800, "before": 3600,
                   "after": 5400, "source": "token 2 (billing)", "reason": "paid in cash"})json",
};

json show_ledger_entry(const store::StatementEntry& entry) {
    return show_record(fields, std::visit([](const auto& each) { return values_of(each); }, entry));
}

}  // namespace hourglass::api
