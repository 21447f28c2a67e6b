// What we write, radclient reads: every attribute of the freeradius-common package that has a value, in an
// Access-Accept, comes out there as the text that it was written from.
#include "radius/attribute_cipher.hpp"
#include "radius/attribute_rules.hpp"
#include "radius/attribute_text.hpp"
#include "radius/dictionary_builtin.hpp"
#include "radius/dictionary_file.hpp"
#include "radius/packet_writer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

namespace hourglass::radius {
namespace {

constexpr const char* package_dictionary = "/usr/share/freeradius/dictionary";
constexpr std::string_view secret = "testing123";
constexpr std::size_t batch_octets_max = 3'000;
constexpr std::size_t attributes_min = 3'000;

std::optional<std::string> read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

// One Access-Accept, and the lines that radclient should print of it.
struct Batch {
    std::vector<EncodedAttribute> attributes;
    std::vector<std::string> lines;
    std::size_t octets = 0;
};

// A text that every attribute of that type takes.
std::string sample_of(const Definition& definition) {
    if (definition.flags.exact_octets != 0)
        return show_octets(OctetString(definition.flags.exact_octets, 0x5a));
    switch (definition.type) {
        case DataType::text:
            return "a text, \"quoted\"";
        case DataType::octets:
            return "0x00ff10";
        case DataType::byte:
        case DataType::short_:
        case DataType::integer:
        case DataType::integer64:
            return "1";
        case DataType::signed_:
            return "-2";
        case DataType::date:
            return "Nov 23 2026 08:54:43 UTC";
        case DataType::ipaddr:
        case DataType::combo_ip:
            return "192.0.2.1";
        case DataType::ipv4prefix:
            return "192.0.2.0/24";
        case DataType::ipv6addr:
            return "2001:db8::1";
        case DataType::ipv6prefix:
            return "2001:db8::/32";
        case DataType::ifid:
            return "1:2:3:ff";
        case DataType::ether:
            return "00:00:5e:00:53:01";
        default:
            return "";
    }
}

// The others are the protocol's own, or radclient has no text for them: it does not look into TLVs of the
// RFCs' first 255 attributes.
bool is_for_a_reply(const Definition& definition, const Dictionary& dictionary) {
    if (is_container(definition.type) || definition.type == DataType::abinary) return false;
    const auto path = path_of(definition);
    const bool has_another_name = dictionary.find(path) != &definition;
    const bool is_in_plain_tlv = path.size() == 2 && dictionary.find({path.front()})->type == DataType::tlv;
    if (has_another_name || is_in_plain_tlv || !is_of_packets(definition)) return false;
    return !find_reply_mistake(definition.name,
                               parse_attribute(definition.name, sample_of(definition), dictionary));
}

// Of what we mask, but radclient shows.
std::string plain_text(const Definition& definition, const std::string& sample,
                       const Dictionary& dictionary) {
    const auto number = is_number(definition.type) ? parse_number(sample) : std::nullopt;
    const auto name = number ? dictionary.value_name(definition, *number) : std::string_view();
    return name.empty() ? sample : std::string(name);
}

std::vector<Batch> make_batches(const Dictionary& dictionary) {
    std::vector<Batch> batches(1);
    for (const auto& definition : dictionary.definitions()) {
        if (!is_for_a_reply(definition, dictionary)) continue;
        const auto sample = sample_of(definition);
        const auto name = std::string(definition.name) + (definition.flags.has_tag ? ":3" : "");
        const auto parsed = parse_attribute(name, sample, dictionary);
        const auto* attribute = std::get_if<AttributeData>(&parsed);
        BOOST_REQUIRE_MESSAGE(attribute, find_mistake(name, sample, dictionary).value_or(""));
        const auto encoded = encode_attributes({attribute, 1}, dictionary).value();

        auto shown = show_attribute(*attribute, dictionary);
        if (shown.value == masked_value) shown.value = plain_text(definition, sample, dictionary);
        const auto size = encoded.front().value.size() + 2;
        if (batches.back().octets + size > batch_octets_max) batches.emplace_back();
        batches.back().octets += size;
        batches.back().attributes.push_back(encoded.front());
        batches.back().lines.push_back(shown.name + " = " + shown.value);
    }
    return batches;
}

// Answers the request of the user "17" with batch 17.
class Server {
public:
    explicit Server(const std::vector<Batch>& batches)
        : batches_(batches), socket_(loop_, {boost::asio::ip::address_v4::loopback(), 0}) {
        thread_ = std::thread([this] { serve(); });
    }
    ~Server() {
        boost::asio::ip::udp::socket stopping(loop_, boost::asio::ip::udp::v4());
        stopping.send_to(boost::asio::buffer("stop", 4), socket_.local_endpoint());
        thread_.join();
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const { return socket_.local_endpoint().port(); }

private:
    void serve() {
        std::array<std::uint8_t, packet_octets_max> buffer;
        for (;;) {
            boost::asio::ip::udp::endpoint peer;
            const auto size = socket_.receive_from(boost::asio::buffer(buffer), peer);
            const auto request = decode(Bytes(buffer).first(size));
            if (!request) return;
            const auto number = std::stoul(std::string(request->find(attr::user_name).value()));
            socket_.send_to(boost::asio::buffer(answer(*request, batches_.at(number))), peer);
        }
    }

    std::vector<std::uint8_t> answer(const Packet& request, const Batch& batch) {
        const auto authenticator = request.authenticator();
        Sealer sealer(authenticator, secret, 0, digests_);
        PacketWriter accept(Code::access_accept, request.identifier());
        for (auto attribute : batch.attributes) {
            sealer.seal(attribute);
            accept.add(RawAttribute{attribute.type, attribute.value});
        }
        return accept.sign(authenticator, secret).value();
    }

    const std::vector<Batch>& batches_;
    Digests digests_;
    boost::asio::io_context loop_;
    boost::asio::ip::udp::socket socket_;
    std::thread thread_;
};

// "\tName = "value"" as "Name = value".
std::string without_quotes(std::string_view line) {
    line.remove_prefix(1);
    const auto quote = line.find(" = \"");
    if (quote == line.npos) return std::string(line);
    std::string text(line.substr(0, quote + 3));
    const auto value = line.substr(quote + 4, line.size() - quote - 5);
    for (std::size_t i = 0; i < value.size(); ++i)
        text += value[i] == '\\' && i + 1 < value.size() ? value[++i] : value[i];
    return text;
}

// The lines of each Access-Accept, in the order of the requests.
std::vector<std::vector<std::string>> ask_all(std::uint16_t port, std::size_t requests) {
    const auto file =
        std::filesystem::temp_directory_path() / ("hourglass-radclient." + std::to_string(port) + ".txt");
    std::ofstream text(file);
    for (std::size_t i = 0; i < requests; ++i)
        text << "User-Name = \"" << i << "\"\n\n";
    text.close();
    const auto command = "TZ=UTC radclient -x -t 20 -f " + file.string() +
                         " 127.0.0.1:" + std::to_string(port) + " auth " + std::string(secret) + " 2>&1";
    std::vector<std::vector<std::string>> answers;
    FILE* const output = popen(command.c_str(), "r");
    BOOST_REQUIRE(output);
    bool is_answer = false;
    for (std::array<char, 8'192> line; std::fgets(line.data(), line.size(), output);) {
        const std::string_view read(line.data());
        if (!read.starts_with('\t')) is_answer = read.starts_with("Received");
        if (!read.starts_with('\t') && is_answer) answers.emplace_back();
        if (read.starts_with('\t') && is_answer && !read.starts_with("\tMessage-Authenticator"))
            answers.back().push_back(without_quotes(read.substr(0, read.size() - 1)));
    }
    pclose(output);
    std::filesystem::remove(file);
    return answers;
}

BOOST_AUTO_TEST_SUITE(dictionary_radclient)

BOOST_AUTO_TEST_CASE(every_attribute_of_the_package_is_decoded_by_radclient_to_the_text_it_was_made_from) {
    if (!std::filesystem::exists(package_dictionary)) {
        BOOST_TEST_MESSAGE("skipped: the package freeradius-common is not installed");
        return;
    }
    Dictionary dictionary;
    add_builtin(dictionary);
    read_dictionary(dictionary, package_dictionary, read_text);
    const auto batches = make_batches(dictionary);

    const Server server(batches);
    const auto answers = ask_all(server.port(), batches.size());
    BOOST_REQUIRE(answers.size() == batches.size());
    std::size_t same = 0;
    for (std::size_t i = 0; i < batches.size(); ++i) {
        BOOST_TEST(answers[i].size() == batches[i].lines.size());
        for (std::size_t j = 0; j < std::min(answers[i].size(), batches[i].lines.size()); ++j) {
            BOOST_TEST(answers[i][j] == batches[i].lines[j]);
            same += answers[i][j] == batches[i].lines[j] ? 1 : 0;
        }
    }
    BOOST_TEST(same >= attributes_min);
    BOOST_TEST_MESSAGE(same << " attributes");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
