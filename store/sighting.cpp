#include "store/sighting.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hourglass::store {
namespace {

using Json = nlohmann::json;

std::int64_t decimal_of(Time time) {
    return time.time_since_epoch().count();
}

Time time_of(std::int64_t seconds) {
    return Time(Seconds(seconds));
}

}  // namespace

void add(Sighting& sum, const Sighting& later) {
    sum.first = sum.first == Time() ? later.first : std::min(sum.first, later.first);
    sum.last = std::max(sum.last, later.last);
    sum.last_authentic = std::max(sum.last_authentic, later.last_authentic);
    sum.nas = later.nas;
    sum.nas_id = later.nas_id;
    if (!later.nas_identifier.empty()) sum.nas_identifier = later.nas_identifier;
    if (later.interim_interval) sum.interim_interval = later.interim_interval;
    for (const auto& [what, count] : later.counts)
        sum.counts[what] += count;
    for (const auto& word : later.words) {
        if (sum.words.size() < Sighting::words_max) sum.words.insert(word);
    }
}

std::string to_text(const Sighting& sighting) {
    Json text{
        {"first", decimal_of(sighting.first)},
        {"last",  decimal_of(sighting.last) }
    };
    if (sighting.last_authentic) text["authentic"] = decimal_of(*sighting.last_authentic);
    if (!sighting.nas.empty()) text["nas"] = sighting.nas;
    if (sighting.nas_id) text["nas_id"] = *sighting.nas_id;
    if (!sighting.nas_identifier.empty()) text["nas_identifier"] = sighting.nas_identifier;
    if (sighting.interim_interval) text["interim_interval"] = sighting.interim_interval->count();
    if (!sighting.counts.empty()) text["counts"] = sighting.counts;
    for (const auto& word : sighting.words)
        text["words"][word] = 1;
    return text.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Sighting> parse_sighting(std::string_view text) {
    try {
        const auto json = Json::parse(text);
        Sighting sighting{
            .first = time_of(json.at("first")),
            .last = time_of(json.at("last")),
            .nas = json.value("nas", std::string()),
            .nas_identifier = json.value("nas_identifier", std::string()),
        };
        if (json.contains("authentic")) sighting.last_authentic = time_of(json["authentic"]);
        if (json.contains("nas_id")) sighting.nas_id = json["nas_id"].get<std::int64_t>();
        if (json.contains("interim_interval"))
            sighting.interim_interval = Seconds(json["interim_interval"].get<std::int64_t>());
        if (json.contains("counts")) sighting.counts = json["counts"];
        if (json.contains("words")) {
            for (const auto& [word, one] : json["words"].items())
                sighting.words.insert(word);
        }
        return sighting;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

}  // namespace hourglass::store
