#include "cli/examples.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace hourglass::cli {

namespace {

// Those of one command stand together.
constexpr auto examples = std::to_array<Example>({
    {"user add",            "hourglass user add ann --organization 1 --time 1h30m"                            },
    {"user add",            "hourglass user add bob --organization 1 --time unmetered --password-stdin < file"},
    {"user list",           "hourglass user list --search guest- --active"                                    },
    {"user list",           "hourglass user list --organization 1 --limit 50 --json"                          },
    {"user show",           "hourglass user show ann"                                                         },
    {"user show",           "hourglass user show id:17"                                                       },
    {"user edit",           "hourglass user edit ann --expiration 2027-01-31T12:00:00Z --profile gold"        },
    {"user edit",           "hourglass user edit ann --email \"\" --inactive"                                 },
    {"user delete",         "hourglass user delete ann"                                                       },
    {"user delete",         "hourglass user delete ann --force --yes"                                         },
    {"extra list",          "hourglass extra list --organization 1"                                           },
    {"extra show",          "hourglass extra show ann --devices"                                              },
    {"extra set",           "hourglass extra set ann --city Turin --telephone \"+39 011 0000\""               },
    {"extra set",           "hourglass extra set ann --age 33 --accept-terms true"                            },
    {"extra unset",         "hourglass extra unset ann telephone tax-id"                                      },
    {"extra remove",        "hourglass extra remove ann"                                                      },
    {"credit",              "hourglass credit ann +1h30m --reason \"paid in cash\""                           },
    {"credit",              "hourglass credit ann -45m"                                                       },
    {"ledger",              "hourglass ledger ann"                                                            },
    {"ledger",              "hourglass ledger ann --limit 20 --json"                                          },
    {"session list",        "hourglass session list --nas lobby"                                              },
    {"session list",        "hourglass session list --user ann --state all --since 2027-01-31"                },
    {"session list",        "hourglass session list --all --json"                                             },
    {"session show",        "hourglass session show 1048577"                                                  },
    {"session disconnect",  "hourglass session disconnect 1048577"                                            },
    {"session disconnect",  "hourglass session disconnect --user ann --yes"                                   },
    {"session watch",       "hourglass session watch"                                                         },
    {"session watch",       "hourglass session watch --nas lobby --sort age --limit 20"                       },
    {"session watch",       "hourglass session watch --count 1 --json"                                        },
    {"explain",             "hourglass explain ann"                                                           },
    {"explain",             "hourglass explain ann --nas lobby NAS-Port-Type=19"                              },
    {"check-login",         "hourglass check-login ann --password"                                            },
    {"check-login",         "hourglass check-login ann --nas lobby --attribute NAS-Port-Type=19"              },
    {"trace",               "hourglass trace --user ann"                                                      },
    {"trace",               "hourglass trace --nas 192.0.2.10 --json"                                         },
    {"events",              "hourglass events --type login,reject"                                            },
    {"events",              "hourglass events --since 0 --json"                                               },
    {"profile add",         "hourglass profile add gold --reply \"Filter-Id = gold\" --simultaneous-use 2"    },
    {"profile add",         "hourglass profile add office --login-time Wk0800-1800,Sa0900-1300"               },
    {"profile list",        "hourglass profile list"                                                          },
    {"profile show",        "hourglass profile show gold"                                                     },
    {"profile edit",        "hourglass profile edit gold --interim-interval 120"                              },
    {"profile delete",      "hourglass profile delete gold"                                                   },
    {"nas add",             "hourglass nas add lobby 192.0.2.10"                                              },
    {"nas add",             "hourglass nas add branch 192.0.2.0/24 --secret-stdin < file"                     },
    {"nas list",            "hourglass nas list --organization 1"                                             },
    {"nas show",            "hourglass nas show lobby"                                                        },
    {"nas edit",            "hourglass nas edit lobby --new-secret"                                           },
    {"nas edit",            "hourglass nas edit lobby --coa-port 1700 --require-message-authenticator true"   },
    {"nas remove",          "hourglass nas remove lobby"                                                      },
    {"nas seen",            "hourglass nas seen --unknown"                                                    },
    {"nas seen",            "hourglass nas seen --address 192.0.2.0/24"                                       },
    {"organization add",    "hourglass organization add \"Harbour Hotel\" --id 7"                             },
    {"organization list",   "hourglass organization list"                                                     },
    {"organization show",   "hourglass organization show \"Harbour Hotel\""                                   },
    {"organization edit",   "hourglass organization edit 7 --parent 1"                                        },
    {"organization edit",   "hourglass organization edit 7 --inactive"                                        },
    {"organization remove", "hourglass organization remove 7"                                                 },
    {"token add",           "hourglass token add billing --scope read --scope write --organization 1"         },
    {"token add",           "hourglass token add guest-desk --scope write --expiration 2027-01-31T12:00:00Z"  },
    {"token list",          "hourglass token list"                                                            },
    {"token revoke",        "hourglass token revoke 3"                                                        },
    {"import",              "hourglass import users.csv --dry-run"                                            },
    {"import",              "hourglass import users.ndjson --upsert external_id --mode atomic"                },
    {"export",              "hourglass export users.csv --organization 1"                                     },
    {"export",              "hourglass export --format ndjson | gzip > users.ndjson.gz"                       },
    {"status",              "hourglass status"                                                                },
    {"status",              "hourglass status --watch"                                                        },
    {"status",              "hourglass status --json"                                                         },
    {"check",               "hourglass check"                                                                 },
    {"check",               "hourglass check --quiet --strict --nas-silence 12h"                              },
    {"audit",               "hourglass audit"                                                                 },
    {"audit",               "hourglass audit --organization 1 --rate 5000"                                    },
    {"backup",              "hourglass backup /backup/hourglass.backup"                                       },
    {"backup",              "hourglass backup /backup --keep 14"                                              },
    {"restore",             "hourglass restore /backup/hourglass.backup --check"                              },
    {"restore",             "hourglass restore /backup/hourglass.backup"                                      },
    {"simulate",            "hourglass simulate"                                                              },
    {"simulate",            "hourglass simulate --users 1000 --nases 20 --for 10m --loss 10 --repeats 10"     },
    {"simulate",
     "hourglass simulate --devices 2 --balance 60 --stay 5m --on-disconnect honour=8,ignore=1,nak=1"          },
});

CLI::App& find_command(CLI::App& line, std::string_view words) {
    auto* command = &line;
    while (!words.empty()) {
        const auto word = words.substr(0, words.find(' '));
        words.remove_prefix(std::min(word.size() + 1, words.size()));
        command = command->get_subcommand(std::string(word));
    }
    return *command;
}

}  // namespace

std::span<const Example> all_examples() {
    return examples;
}

void add_examples(CLI::App& line) {
    for (auto first = examples.begin(); first != examples.end();) {
        const auto last = std::find_if(first, examples.end(),
                                       [&](const Example& each) { return each.command != first->command; });
        std::string text = "Examples:\n";
        for (auto each = first; each != last; ++each)
            text += "  " + std::string(each->line) + "\n";
        auto& command = find_command(line, first->command);
        command.footer(text + "\n" + command.get_footer());
        first = last;
    }
}

}  // namespace hourglass::cli
