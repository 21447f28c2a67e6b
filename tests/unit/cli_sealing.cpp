// The encrypted file of a backup: what was written comes back, and anything else is noticed.
#include "cli/sealing.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>

namespace hourglass::cli {

static std::ostream& operator<<(std::ostream& out, SealFailure failure) {
    return out << static_cast<int>(failure);
}

namespace {

const SealingKey key{SealingKey::Kind::octets, std::string(sealing_key_octets, 'k')};

std::string seal(std::string_view text, const SealingKey& with = key) {
    std::string file;
    Sealer sealer(with, [&](std::string_view piece) { file += piece; });
    sealer.write(text);
    sealer.finish();
    return file;
}

struct Opened {
    SealFailure failure{};
    std::string text{};
};

Opened open(std::string_view file, const SealingKey& with = key, std::size_t step = std::string::npos) {
    Opened opened;
    Opener opener([&](SealingKey::Kind) { return with; },
                  [&](std::string_view piece) { opened.text += piece; });
    while (!file.empty() && opened.failure == SealFailure::none) {
        const auto piece = file.substr(0, step);
        file.remove_prefix(piece.size());
        opened.failure = opener.read(piece);
    }
    if (opened.failure == SealFailure::none) opened.failure = opener.finish();
    return opened;
}

std::string text_of(std::size_t octets) {
    std::string text(octets, '\0');
    for (std::size_t i = 0; i < octets; ++i)
        text[i] = static_cast<char>(i * 31 >> 3);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_sealing)

BOOST_AUTO_TEST_CASE(what_was_sealed_is_opened_again_whatever_its_length) {
    for (const std::size_t octets :
         {std::size_t{0}, std::size_t{1}, sealed_chunk_octets - 1, sealed_chunk_octets,
          sealed_chunk_octets + 1, 3 * sealed_chunk_octets + 7}) {
        const auto text = text_of(octets);
        const auto opened = open(seal(text));
        BOOST_TEST(opened.failure == SealFailure::none);
        BOOST_TEST((opened.text == text), octets << " octets");
    }
}

BOOST_AUTO_TEST_CASE(pieces_of_any_size_will_do) {
    const auto text = text_of(sealed_chunk_octets + 100);
    const auto file = seal(text);
    for (const std::size_t step : {1U, 63U, 4096U}) {
        const auto opened = open(file, key, step);
        BOOST_TEST(opened.failure == SealFailure::none);
        BOOST_TEST((opened.text == text));
    }
}

BOOST_AUTO_TEST_CASE(each_bit_counts) {
    const auto file = seal("users, balances, sessions");
    for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
        auto changed = file;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
        BOOST_TEST(open(changed).failure != SealFailure::none, "bit " << bit);
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_was_cut_short_says_so) {
    const auto file = seal("users, balances, sessions");
    for (std::size_t octets = 0; octets < file.size(); ++octets)
        BOOST_TEST(open(file.substr(0, octets)).failure == SealFailure::cut_short, octets << " octets");
}

BOOST_AUTO_TEST_CASE(a_whole_chunk_that_is_missing_is_missed) {
    constexpr auto chunk = sealed_chunk_octets + 20;
    const auto file = seal(text_of(3 * sealed_chunk_octets));
    const auto head = file.substr(0, sealed_head_octets);
    const auto first = file.substr(sealed_head_octets, chunk);
    const auto second = file.substr(sealed_head_octets + chunk, chunk);
    const auto last = file.substr(sealed_head_octets + 2 * chunk);
    BOOST_TEST(open(head + first + second).failure == SealFailure::cut_short);
    BOOST_TEST(open(head + first + last).failure == SealFailure::changed);
    BOOST_TEST(open(head + second + first + last).failure == SealFailure::changed);
    auto called_last = first;
    called_last[0] = static_cast<char>(called_last[0] | 0x80);
    BOOST_TEST(open(head + called_last).failure == SealFailure::changed);
    BOOST_TEST(open(file + "x").failure == SealFailure::changed);
    BOOST_TEST(open(file + last).failure == SealFailure::changed);
}

BOOST_AUTO_TEST_CASE(another_key_is_told_from_damage) {
    const SealingKey other{SealingKey::Kind::octets, std::string(sealing_key_octets, 'o')};
    const SealingKey words{SealingKey::Kind::passphrase, "correct horse battery"};
    const auto file = seal("text");
    BOOST_TEST(open(file, other).failure == SealFailure::wrong_key);
    BOOST_TEST(open(file, words).failure == SealFailure::other_kind_of_key);
    BOOST_TEST(open(file, other).text.empty());
}

BOOST_AUTO_TEST_CASE(a_passphrase_opens_what_it_sealed) {
    const SealingKey words{SealingKey::Kind::passphrase, "correct horse battery"};
    const SealingKey others{SealingKey::Kind::passphrase, "correct horse batterz"};
    const auto file = seal("text", words);
    BOOST_TEST(open(file, words).text == "text");
    BOOST_TEST(open(file, others).failure == SealFailure::wrong_key);
    BOOST_TEST(open(file, key).failure == SealFailure::other_kind_of_key);
}

BOOST_AUTO_TEST_CASE(the_same_text_never_looks_the_same) {
    BOOST_TEST(seal("text") != seal("text"));
}

BOOST_AUTO_TEST_CASE(what_is_something_else_is_called_so) {
    BOOST_TEST(open("id,username\n1,ann\n").failure == SealFailure::no_backup);
    BOOST_TEST(open(std::string(4096, 'x')).failure == SealFailure::no_backup);
    BOOST_TEST(open("").failure == SealFailure::cut_short);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hourglass::cli
