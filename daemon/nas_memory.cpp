#include "daemon/nas_memory.hpp"

#include "daemon/state_directory.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

namespace hourglass::daemon {

namespace {

constexpr std::size_t facts_max = 65'536;

constexpr auto names = std::to_array<std::pair<radius::Learned, std::string_view>>({
    {radius::Learned::sends_message_authenticator, "sends_message_authenticator"},
    {radius::Learned::is_no_proxy,                 "is_no_proxy"                },
});

std::string format_line(const radius::LearnedFact& fact) {
    const auto* const row = std::ranges::find(names, fact.what, &decltype(names)::value_type::first);
    return fact.source.to_string() + " " + std::string(row->second) + "\n";
}

std::optional<radius::LearnedFact> parse_line(const std::string& line) {
    std::istringstream words(line);
    std::string address;
    std::string what;
    words >> address >> what;

    boost::system::error_code failure;
    const auto source = boost::asio::ip::make_address(address, failure);
    const auto* const row = std::ranges::find(names, what, &decltype(names)::value_type::second);
    if (failure || row == names.end()) return std::nullopt;
    return radius::LearnedFact{source, row->first};
}

}  // namespace

NasMemory::NasMemory(std::filesystem::path file, Log& log) : file_(std::move(file)), log_(log) {
    std::istringstream lines(read_file(file_));
    for (std::string line; std::getline(lines, line);) {
        const auto fact = parse_line(line);
        if (fact) {
            add(*fact);
        } else {
            log_.warning("A line about a NAS makes no sense", {
                                                                  {"file", file_.c_str()},
                                                                  {"line", line         }
            });
        }
    }
}

bool NasMemory::add(const radius::LearnedFact& fact) {
    const bool is_known = std::ranges::any_of(
        facts_, [&](const auto& known) { return known.source == fact.source && known.what == fact.what; });
    if (is_known || facts_.size() >= facts_max) return false;
    facts_.push_back(fact);
    return true;
}

void NasMemory::save() const {
    std::string text;
    for (const auto& fact : facts_)
        text += format_line(fact);
    try {
        replace_file(file_, text);
    } catch (const std::system_error& failure) {
        log_.error("What was learned of NASes cannot be kept", {
                                                                   {"reason", failure.what()}
        });
    }
}

}  // namespace hourglass::daemon
