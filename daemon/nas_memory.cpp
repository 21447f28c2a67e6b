#include "daemon/nas_memory.hpp"

#include "store/nas_facts.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <sstream>
#include <utility>

namespace hourglass::daemon {

namespace {

constexpr auto names = std::to_array<std::pair<radius::Learned, std::string_view>>({
    {radius::Learned::sends_message_authenticator, "sends_message_authenticator"},
    {radius::Learned::is_no_proxy,                 "is_no_proxy"                },
});

std::string format(const radius::LearnedFact& fact) {
    const auto* const row = std::ranges::find(names, fact.what, &decltype(names)::value_type::first);
    return fact.source.to_string() + " " + std::string(row->second);
}

std::optional<radius::LearnedFact> parse(const std::string& text) {
    std::istringstream words(text);
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

bool NasMemory::add(const radius::LearnedFact& fact) {
    if (!keep(fact)) return false;
    untold_.push_back(format(fact));
    return true;
}

bool NasMemory::recall(const std::vector<std::string>& texts) {
    bool has_news = false;
    for (const auto& text : texts) {
        const auto fact = parse(text);
        if (fact) {
            has_news = keep(*fact) || has_news;
        } else {
            log_.warning("The store remembers something about a NAS that makes no sense",
                         {
                             {"text", text}
            });
        }
    }
    return has_news;
}

std::vector<std::string> NasMemory::take_untold() {
    return std::exchange(untold_, {});
}

void NasMemory::give_back(std::vector<std::string> texts) {
    std::ranges::move(texts, std::back_inserter(untold_));
}

bool NasMemory::keep(const radius::LearnedFact& fact) {
    const bool is_known = std::ranges::any_of(
        facts_, [&](const auto& known) { return known.source == fact.source && known.what == fact.what; });
    if (is_known || facts_.size() >= store::NasFacts::facts_max) return false;
    facts_.push_back(fact);
    return true;
}

}  // namespace hourglass::daemon
