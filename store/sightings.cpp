#include "store/sightings.hpp"

#include "store/decimal.hpp"
#include "store/id_lists.hpp"
#include "store/keys.hpp"
#include "store/redis_connection.hpp"
#include "store/redis_reply.hpp"
#include "store/scripts.hpp"

#include <algorithm>

namespace hourglass::store {
namespace {

constexpr std::size_t notes_per_script = 20;  // few enough that no NAS waits behind them

struct Listed {
    std::string name;
    boost::asio::ip::address address;
    Time last;
    bool is_authentic{};
};

std::vector<Listed> read_index(const Reply& reply, bool is_authentic) {
    std::vector<Listed> listed;
    const auto elements = reply.elements();
    for (std::size_t i = 0; i + 1 < elements.size(); i += 2) {
        boost::system::error_code failure;
        std::string name(text_of(elements[i]));
        const auto address = boost::asio::ip::make_address(name, failure);
        const auto last = parse_time(text_of(elements[i + 1]));
        if (!failure && last) listed.push_back({std::move(name), address, *last, is_authentic});
    }
    return listed;
}

bool is_wanted(const Listed& listed, const SeenSourceFilter& filter) {
    return (!filter.is_authentic || *filter.is_authentic == listed.is_authentic) &&
           (!filter.within || contains(*filter.within, listed.address));
}

bool is_before(const Listed& one, const Listed& other) {
    return std::tie(other.last, one.address) < std::tie(one.last, other.address);
}

}  // namespace

awaitable<result<void>> Sightings::note(std::vector<std::string_view> book_keys,
                                        std::vector<std::string> limits, std::vector<Note> notes) {
    for (std::size_t first = 0; first < notes.size(); first += notes_per_script) {
        const auto end = std::min(first + notes_per_script, notes.size());
        std::vector<std::string_view> arguments(limits.begin(), limits.end());
        for (std::size_t i = first; i < end; ++i)
            arguments.insert(arguments.end(),
                             {notes[i].name, notes[i].is_authentic ? "1" : "0", notes[i].text});
        Pipeline pipeline;
        pipeline.run(scripts::note_sightings, book_keys, arguments);
        const auto noted = co_await redis_.execute(std::move(pipeline));
        if (!noted) co_return noted.error();
    }
    co_return result<void>();
}

awaitable<result<void>> Sightings::note_sources(std::vector<SeenSource> seen, Time now) {
    std::vector<Note> notes;
    for (const auto& [address, sighting] : seen)
        notes.push_back({address.to_string(), sighting.last_authentic.has_value(), to_text(sighting)});
    co_return co_await note(
        {keys::seen_sources, keys::seen_sources_by_time, keys::seen_strangers, keys::seen_strangers_by_time},
        {std::to_string(Sighting::words_max), std::to_string(sources_max), decimal(now - sources_kept),
         std::to_string(strangers_max), decimal(now - strangers_kept)},
        std::move(notes));
}

awaitable<result<void>> Sightings::note_nases(std::map<std::int64_t, Sighting> seen, Time now) {
    std::vector<Note> notes;
    for (const auto& [nas, sighting] : seen)
        notes.push_back({std::to_string(nas), true, to_text(sighting)});
    co_return co_await note(
        {keys::seen_nases, keys::seen_nases_by_time},
        {std::to_string(Sighting::words_max), std::to_string(nases_max), decimal(now - sources_kept)},
        std::move(notes));
}

awaitable<result<Page<SeenSource>>> Sightings::sources(SeenSourceFilter filter, PageRequest page) {
    Pipeline look;
    look.add({"ZRANGE", keys::seen_sources_by_time, "0", "-1", "WITHSCORES"});
    look.add({"ZRANGE", keys::seen_strangers_by_time, "0", "-1", "WITHSCORES"});
    const auto indexes = co_await redis_.execute_all(std::move(look));
    if (!indexes) co_return indexes.error();

    auto listed = read_index((*indexes)[0], true);
    std::ranges::move(read_index((*indexes)[1], false), std::back_inserter(listed));
    std::erase_if(listed, [&](const Listed& each) { return !is_wanted(each, filter); });
    std::ranges::sort(listed, is_before);

    Page<SeenSource> shown{.count = listed.size()};
    const auto first = std::min<std::uint64_t>(page.offset, listed.size());
    const auto end = std::min<std::uint64_t>(first + page.limit, listed.size());
    if (first == end) co_return std::move(shown);
    Pipeline read;
    for (auto i = first; i < end; ++i)
        read.add(
            {"HGET", listed[i].is_authentic ? keys::seen_sources : keys::seen_strangers, listed[i].name});
    const auto texts = co_await redis_.execute_all(std::move(read));
    if (!texts) co_return texts.error();
    for (auto i = first; i < end; ++i) {
        if (auto sighting = parse_sighting((*texts)[i - first].text()))
            shown.items.push_back({listed[i].address, *std::move(sighting)});
    }
    co_return std::move(shown);
}

awaitable<result<std::vector<std::optional<Sighting>>>> Sightings::of_nases(std::vector<std::int64_t> nases) {
    std::vector<std::optional<Sighting>> sightings;
    if (nases.empty()) co_return std::move(sightings);

    Pipeline read;
    for (const auto nas : nases)
        read.add({"HGET", keys::seen_nases, std::to_string(nas)});
    const auto texts = co_await redis_.execute_all(std::move(read));
    if (!texts) co_return texts.error();
    for (const auto& text : *texts)
        sightings.push_back(parse_sighting(text.text()));
    co_return std::move(sightings);
}

void Sightings::forget_nas(std::int64_t nas) {
    const auto name = std::to_string(nas);
    redis_.send(
        Pipeline().add({"HDEL", keys::seen_nases, name}).add({"ZREM", keys::seen_nases_by_time, name}));
}

}  // namespace hourglass::store
