#include "cli/nas_findings.hpp"

#include "cli/duration.hpp"
#include "cli/figures.hpp"
#include "cli/show.hpp"

#include <algorithm>

namespace hourglass::cli {

namespace {

constexpr std::size_t named_max = 5;                // of one kind; the others are counted
constexpr std::chrono::hours recently{1};           // what came before is history
constexpr std::uint64_t bad_packets_per_good = 10;  // as often, the secret is wrong, and not somebody's guess

// One that is too many to be named counts as a finding too, so that nobody takes five for all.
void add_named(std::vector<Finding>& findings, std::vector<Finding> found, const std::string& others) {
    const auto left = found.size() - std::min(found.size(), named_max);
    found.resize(std::min(found.size(), named_max));
    std::ranges::move(found, std::back_inserter(findings));
    if (left > 0)
        findings.push_back(
            {Level::warning, "nas", with_commas(left) + others, "hourglass nas list names them."});
}

std::uint64_t count_of(const Json& traffic, std::initializer_list<const char*> fields) {
    std::uint64_t sum = 0;
    for (const auto* const field : fields)
        sum += traffic.value(field, std::uint64_t{0});
    return sum;
}

bool is_recent(const Facts& facts, const Json& source) {
    const auto seen = parse_time(source.value("last_seen", Json{}));
    return seen && facts.now - *seen < recently;
}

std::string name_in_quotes(const std::string& name) {
    return "\"" + name + "\"";
}

}  // namespace

void check_nases(const Facts& facts, const Patience& patience, std::vector<Finding>& findings) {
    if (!facts.nases.is_array()) return;
    std::vector<Finding> silent;
    for (const auto& nas : facts.nases) {
        const auto name = shown(nas.value("name", Json{}));
        const auto seen = parse_time(nas.value("last_seen", Json{}));
        if (!seen) {
            silent.push_back(
                {Level::warning, "nas", "NAS " + name_in_quotes(name) + " has never asked.",
                 "hourglass nas seen --unknown: does it come from another address, or with another secret?"});
        } else if (facts.now - *seen > patience.nas_silence) {
            silent.push_back({Level::warning, "nas",
                              "NAS " + name_in_quotes(name) + " has been silent for " +
                                  format_duration(facts.now - *seen) + ".",
                              "Is it up, and does it still use this server? hourglass nas show " + name});
        }
    }
    if (silent.empty()) {
        findings.push_back(
            {Level::ok, "nas", with_commas(facts.nases.size()) + " of the registry, none silent."});
    }
    add_named(findings, std::move(silent), " other NASes are silent.");
}

void check_strangers(const Facts& facts, std::vector<Finding>& findings) {
    if (!facts.sources.is_array()) return;
    std::vector<Finding> found;
    for (const auto& source : facts.sources) {
        if (!is_recent(facts, source)) continue;
        const auto address = shown(source.value("address", Json{}));
        const auto traffic = source.value("traffic", Json::object());
        const auto drops = traffic.value("drops", Json::object());
        const auto unknown = count_of(drops, {"unknown_client"});
        const auto bad = count_of(drops, {"bad_authenticator", "bad_message_authenticator"});
        const auto good = count_of(traffic, {"access_requests", "accounting_requests", "status_requests"});
        if (bad > 0 && bad * bad_packets_per_good >= good) {
            found.push_back({Level::warning, "nas",
                             with_commas(bad) + " packets from " + address + " have a wrong secret.",
                             "Give both sides the same: hourglass nas edit NAME --new-secret."});
        } else if (unknown > 0 && good == 0) {
            found.push_back(
                {Level::warning, "nas",
                 with_commas(unknown) + " packets from " + address + ", which is no NAS, got no answer.",
                 "hourglass nas add NAME " + address + " lets it in; a firewall keeps it off."});
        }
    }
    add_named(findings, std::move(found), " other addresses ask in vain.");
}

}  // namespace hourglass::cli
