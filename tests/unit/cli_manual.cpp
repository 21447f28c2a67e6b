// The manual that is made of the parser's own descriptions.
#include "cli/manual.hpp"

#include <boost/test/unit_test.hpp>

using namespace hourglass::cli;

BOOST_AUTO_TEST_SUITE(cli_manual)

BOOST_AUTO_TEST_CASE(a_command_is_explained_with_all_that_belongs_to_it) {
    CLI::App line{"", "hourglass"};
    line.footer("Of every command");
    line.require_subcommand(1);
    auto* noun = line.add_subcommand("token", "API tokens")->require_subcommand(1);
    auto* verb = noun->add_subcommand("add", "Make a token");
    std::string name;
    std::string scope;
    verb->add_option("name", name, "What it is for")->required();
    verb->add_option("--scope", scope, "Rights (or <none>)")
        ->required()
        ->check(CLI::IsMember({"read", "write"}));
    verb->footer("Examples:\n  hourglass token add x\n\n" + verb->get_footer());
    line.add_subcommand("secret", "Hidden")->group("");

    const auto manual = manual_of(line);
    const std::string expected = R"(## token add

**hourglass token add** \[*options*\] *name*

Make a token.

*name*
:   What it is for

**--scope** *read\|write*
:   Rights \(or \<none\>\) \(required\)

```
Examples:
  hourglass token add x
```

# EXIT STATUS
)";
    BOOST_TEST(manual.find(expected) != std::string::npos, manual);
    BOOST_TEST(manual.find("Of every command") == std::string::npos);
    BOOST_TEST(manual.find("Hidden") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
