// What Tab offers: rows of what was typed and what may come next.
#include "cli/completion.hpp"
#include "cli/user_argument.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace hourglass::cli;

namespace {

// A tool with a little of everything.
struct Tool {
    Tool() {
        line.add_option("--url", "Where the API listens");
        line.add_flag("--json", is_set, "Print JSON");
        line.fallthrough();
        auto* user = line.add_subcommand("user", "Users");
        auto* show = user->add_subcommand("show", "Show one user");
        show->add_option("user", name, user_help);
        auto* token = line.add_subcommand("token", "API tokens")->add_subcommand("add", "Make a token");
        token->add_option("name", name, "What it is for");
        token->add_option("--scope", scope, "Its rights")->check(CLI::IsMember({"read", "write"}));
        token->add_option_group("Instead")->add_flag("--forever", is_set, "Without an end");
        line.add_subcommand("uncover", "Hidden")->group("");
    }

    std::string name;
    std::string scope;
    bool is_set{};
    CLI::App line{"", "hourglass"};
};

std::vector<std::string> words_of(const std::string& typed) {
    std::istringstream text(typed);
    std::vector<std::string> words;
    for (std::string word; text >> word;)
        words.push_back(word);
    if (typed.empty() || typed.ends_with(' ')) words.emplace_back();
    return words;
}

std::string offered(const std::string& typed, const std::vector<std::string>& names = {"ann", "ben"}) {
    const Tool tool;
    std::string text;
    for (const auto& candidate : complete(tool.line, words_of(typed), [&](const auto&) { return names; }))
        text += (text.empty() ? "" : " ") + candidate.word;
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_completion)

BOOST_AUTO_TEST_CASE(what_may_come_next_is_offered) {
    struct Row {
        std::string typed;
        std::string offered;
    };
    for (const auto& [typed, expected] : {
             Row{"",                         "user token"                           },
             {"us",                       "user"                                 },
             {"x",                        ""                                     },
             {"user ",                    "show"                                 },
             {"user show ",               "ann ben"                              },
             {"user show b",              "ben"                                  },
             {"user show ann ",           ""                                     },
             {"--json user ",             "show"                                 },
             {"--url somewhere user ",    "show"                                 },
             {"token add --",             "--help --scope --forever --url --json"},
             {"token add --s",            "--scope"                              },
             {"token add --scope ",       "read write"                           },
             {"token add --scope w",      "write"                                },
             {"token add --scope write ", ""                                     },
             {"--url ",                   ""                                     },
             {"no such thing ",           "user token"                           },
    }) {
        BOOST_TEST(offered(typed) == expected, typed << ": " << offered(typed));
    }
}

BOOST_AUTO_TEST_CASE(names_that_a_shell_would_read_as_more_than_a_word_are_not_offered) {
    BOOST_TEST(offered("user show ", {"$(reboot)", "a b", "a;b", "--force", "ann@example.org", "0a:1b"}) ==
               "ann@example.org 0a:1b");
}

BOOST_AUTO_TEST_CASE(users_of_another_daemon_are_not_guessed_at) {
    BOOST_TEST(offered("--url elsewhere user show ").empty());
}

BOOST_AUTO_TEST_SUITE_END()
