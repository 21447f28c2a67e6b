// hourglass extra list|show|set|unset|remove
#include "cli/commands.hpp"
#include "cli/extra_fields.hpp"
#include "cli/show.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"
#include "cli/user_argument.hpp"

#include <array>
#include <memory>

namespace hourglass::cli {

namespace {

constexpr auto path = "/user_extra/";

constexpr std::array columns{
    Column{"ID",        "id"       },
    Column{"USER",      "parent"   },
    Column{"CITY",      "city"     },
    Column{"COUNTRY",   "country"  },
    Column{"TELEPHONE", "telephone"},
    Column{"COMPANY",   "company"  },
    Column{"LOCALE",    "locale"   },
};

constexpr std::array device_columns{
    Column{"DEVICE",     "device_id"  },
    Column{"TYPE",       "device_type"},
    Column{"NAS",        "nas"        },
    Column{"ADDRESS",    "ip_address" },
    Column{"FIRST SEEN", "first_seen" },
    Column{"LAST SEEN",  "last_seen"  },
    Column{"STATUS",     "status"     },
};

std::string path_of(const Json& extra) {
    return path + std::to_string(extra.at("id").get<std::int64_t>()) + "/";
}

// Null if the user has none.
Json find_extra(Api& api, const Json& user, bool with_devices = false) {
    Query query{
        {"parent", shown(user.at("id"))}
    };
    if (with_devices) query.emplace_back("device_info", "true");
    const auto found = api.list(path, query, 1);
    return found.empty() ? Json() : found.front();
}

Json expect_extra(Api& api, const Json& user, bool with_devices = false) {
    auto extra = find_extra(api, user, with_devices);
    if (extra.is_null()) {
        const auto name = shown(user.at("username"));
        throw Failure(ExitStatus::refused, "Nothing more is known of " + name + ".",
                      "hourglass extra set " + name + " --city Turin, for example, begins a record.");
    }
    return extra;
}

// Only what is known: most of the thirty fields are empty.
void print_extra(Context& context, const Json& extra) {
    if (context.as_json) return print_json(context.out, extra);
    auto known = Json::object();
    for (const auto& [field, value] : extra.items())
        if (!value.is_null() && field != "device_info") known[field] = value;
    print_record(context.out, known);
    if (!extra.contains("device_info")) return;
    context.out << '\n';
    print_list(context.out, extra["device_info"].value("assigned_devices", Json::array()), device_columns);
}

void add_list(CLI::App& extra, Command& chosen) {
    struct Options {
        Query filters;
        std::optional<std::uint64_t> limit;
    };
    auto options = std::make_shared<Options>();
    auto* command = extra.add_subcommand("list", "List what more is known of users, by id");
    command
        ->add_option_function<std::string>(
            "--organization",
            [options](const std::string& id) {
                options->filters.emplace_back("parent__organization_id", id);
            },
            "Only of this organization's users, by id")
        ->check(expect_number);
    command->add_option("--limit", options->limit, "At most so many; otherwise all")->check(expect_positive);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto extras = context.api.list(path, options->filters, options->limit);
            context.as_json ? print_json(context.out, extras) : print_list(context.out, extras, columns);
            return ExitStatus::ok;
        };
    });
}

void add_show(CLI::App& extra, Command& chosen) {
    struct Options {
        std::string user;
        bool with_devices{};
    };
    auto options = std::make_shared<Options>();
    auto* command = extra.add_subcommand("show", "Show what more is known of a user");
    command->add_option("user", options->user, user_help)->required();
    command->add_flag("--devices", options->with_devices, "And the devices that were seen");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto user = context.api.find_user(options->user);
            print_extra(context, expect_extra(context.api, user, options->with_devices));
            return ExitStatus::ok;
        };
    });
}

void add_set(CLI::App& extra, Command& chosen) {
    struct Options {
        std::string user;
        Json body = Json::object();
    };
    auto options = std::make_shared<Options>();
    auto* command = extra.add_subcommand("set", "Note what is named, and change nothing else");
    command->add_option("user", options->user, user_help)->required();
    add_extra_field_flags(*command, options->body);
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            if (options->body.empty()) {
                throw Failure(ExitStatus::usage, "Nothing to note was named.",
                              "hourglass extra set --help lists what there is.");
            }
            const auto user = context.api.find_user(options->user);
            const auto found = find_extra(context.api, user);
            auto body = options->body;
            if (found.is_null()) body["parent"] = user.at("id");
            print_extra(context, found.is_null() ? context.api.post(path, body)
                                                 : context.api.patch(path_of(found), body));
            return ExitStatus::ok;
        };
    });
}

void add_unset(CLI::App& extra, Command& chosen) {
    struct Options {
        std::string user;
        std::vector<std::string> words;
    };
    auto options = std::make_shared<Options>();
    auto* command = extra.add_subcommand("unset", "Forget single things about a user");
    command->add_option("user", options->user, user_help)->required();
    command->add_option("fields", options->words, "What to forget, in the words of `extra set`: city, tax-id")
        ->required()
        ->check(CLI::IsMember(extra_field_words()));
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto found = expect_extra(context.api, context.api.find_user(options->user));
            auto body = Json::object();
            for (const auto& word : options->words)
                body[extra_field(word)] = nullptr;
            print_extra(context, context.api.patch(path_of(found), body));
            return ExitStatus::ok;
        };
    });
}

void add_remove(CLI::App& extra, Command& chosen) {
    struct Options {
        std::string user;
        bool yes{};
    };
    auto options = std::make_shared<Options>();
    auto* command = extra.add_subcommand("remove", "Forget all of it; the user and his time stay");
    command->alias("delete");
    command->add_option("user", options->user, user_help)->required();
    command->add_flag("-y,--yes", options->yes, "Do not ask");
    command->callback([&chosen, options] {
        chosen = [options](Context& context) {
            const auto user = context.api.find_user(options->user);
            const auto found = expect_extra(context.api, user);
            const auto name = printable(shown(user.at("username")));
            if (!options->yes && !confirm("Forget what more is known of \"" + name + "\"?"))
                throw Failure(ExitStatus::refused, "Nothing was removed.");
            context.api.remove(path_of(found));
            if (!context.as_json) context.out << "Removed what more was known of \"" << name << "\".\n";
            return ExitStatus::ok;
        };
    });
}

}  // namespace

void add_extra_commands(CLI::App& line, Command& chosen) {
    auto* extra = line.add_subcommand("extra", "More about users: addresses, identity data, devices");
    extra->require_subcommand(1);
    add_list(*extra, chosen);
    add_show(*extra, chosen);
    add_set(*extra, chosen);
    add_unset(*extra, chosen);
    add_remove(*extra, chosen);
}

}  // namespace hourglass::cli
