#include "radius/dictionary_file.hpp"

#include "radius/dictionary.hpp"
#include "radius/dictionary_words.hpp"
#include "radius/letter_case.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>

namespace hourglass::radius {
namespace {

constexpr std::size_t include_depth_max = 16;
constexpr std::size_t files_max = 1'024;
constexpr std::size_t line_octets_max = 1'024;
constexpr std::size_t block_depth_max = 16;
constexpr std::size_t definitions_max = 1'000'000;

// What BEGIN-VENDOR, BEGIN-TLV or the file itself opened: numbers are those of its children.
struct Block {
    const Definition* node;
    std::string_view end;   // the word that closes it; empty: the end of the file
    std::string_view name;  // that stands behind it
    std::size_t line;
};

// A VALUE may stand before its ATTRIBUTE.
struct EarlyValue {
    std::string_view file;
    std::size_t line;
    std::string_view attribute;
    std::string_view name;
    std::uint64_t number;
};

class Reader {
public:
    Reader(Dictionary& dictionary, const ReadText& read_text)
        : dictionary_(dictionary), read_text_(read_text) {}

    void read(const std::string& path) {
        auto text = read_text_(path);
        if (!text) throw DictionaryError(path + ": cannot be read");
        read_lines(path, *std::move(text));
        for (const auto& value : early_values_) {
            file_ = value.file;
            line_ = value.line;
            guarded([&] { add_early(value); });
        }
    }

private:
    using Words = DictionaryWords;
    struct Statement {
        std::string_view keyword;
        std::size_t words_min;
        std::size_t words_max;
        void (Reader::*read)(const Words& words);
        std::string_view form;
    };
    static const std::array<Statement, 11> statements;

    void read_lines(const std::string& path, std::string text) {
        if (++files_ > files_max) throw DictionaryError("more than " + std::to_string(files_max) + " files");
        const auto outer_file = std::exchange(file_, dictionary_.keep(path));
        const auto outer_line = std::exchange(line_, 0);
        open_files_.push_back(path);
        const auto blocks = blocks_.size();
        blocks_.push_back({&dictionary_.packet(), {}, {}, 0});
        structure_ = nullptr;

        std::string_view rest = dictionary_.keep(std::move(text));
        while (!rest.empty()) {
            const auto end = std::min(rest.find('\n'), rest.size());
            ++line_;
            guarded([&, line = rest.substr(0, end)] { read_line(line); });
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        guarded([&] { require_all_closed(blocks); });

        blocks_.resize(blocks);
        open_files_.pop_back();
        file_ = outer_file;
        line_ = outer_line;
    }

    // Says where.
    template <class Action>
    void guarded(Action action) {
        try {
            action();
        } catch (const DictionaryError& error) {
            if (is_located_) throw;
            is_located_ = true;
            throw DictionaryError(std::string(file_) + ":" + std::to_string(line_) + ": " + error.what());
        }
    }

    void read_line(std::string_view line) {
        if (line.size() > line_octets_max)
            throw DictionaryError("the line is longer than " + std::to_string(line_octets_max) + " octets");
        if (line.find('\0') != line.npos) throw DictionaryError("there is a NUL in the line");
        const Words words(line);
        if (words.size() == 0) return;
        const auto statement =
            std::ranges::find_if(statements, [&](const Statement& each) { return words.is(each.keyword); });
        if (statement == statements.end()) throw DictionaryError("there is no statement " + words.quoted(0));
        if (words.size() < statement->words_min || words.size() > statement->words_max)
            throw DictionaryError("it reads: " + std::string(statement->form));
        (this->*statement->read)(words);
    }

    void require_all_closed(std::size_t blocks) {
        const auto& block = blocks_.back();
        if (blocks_.size() == blocks + 1) return;
        line_ = block.line;
        throw DictionaryError(std::string(block.end) + " " + std::string(block.name) + " is missing");
    }

    void include(const Words& words) { include_file(words, true); }
    void include_if_there(const Words& words) { include_file(words, false); }

    void include_file(const Words& words, bool must_exist) {
        const std::filesystem::path name(words[1]);
        const auto path = (std::filesystem::path(file_).parent_path() / name).lexically_normal().string();
        if (std::ranges::find(open_files_, path) != open_files_.end())
            throw DictionaryError("the file includes itself by way of " + path);
        if (open_files_.size() >= include_depth_max)
            throw DictionaryError("files include each other deeper than " +
                                  std::to_string(include_depth_max));
        auto text = read_text_(path);
        if (text)
            read_lines(path, *std::move(text));
        else if (must_exist)
            throw DictionaryError(path + " cannot be read");
    }

    void vendor(const Words& words) {
        const auto format = words.size() > 3 ? read_vendor_format(words[3]) : VendorFormat{};
        dictionary_.add_vendor(vendor_specific(), words[1], read_number(words[2]), format);
    }

    const Definition& vendor_specific() {
        const auto* found = dictionary_.find_child(dictionary_.packet(), attr::vendor_specific);
        if (found == nullptr || found->type != DataType::vsa)
            throw DictionaryError("attribute 26 is not of type vsa");
        return *found;
    }

    const Definition& known_vendor(std::string_view name) {
        const auto* found = dictionary_.find_vendor(name);
        if (found == nullptr) throw DictionaryError("there is no VENDOR '" + std::string(name) + "'");
        return *found;
    }

    const Definition& known_attribute(std::string_view name) {
        const auto* found = dictionary_.find(name);
        if (found == nullptr) throw DictionaryError("there is no ATTRIBUTE '" + std::string(name) + "'");
        return *found;
    }

    void begin_vendor(const Words& words) {
        const auto* node = &known_vendor(words[1]);
        if (words.size() > 2) node = extended_vendor(node, words[2]);
        open({node, "END-VENDOR", words[1], line_});
    }

    // "format=Extended-Vendor-Specific-5": the same vendor has other attributes there (RFC 6929 section 2.4).
    const Definition* extended_vendor(const Definition* vendor, std::string_view option) {
        const auto equals = option.find('=');
        const auto key = option.substr(0, equals);
        if (equals == option.npos || (key != "format" && key != "parent"))
            throw DictionaryError("'" + std::string(option) + "' is no parent=ATTRIBUTE");
        const auto& parent = known_attribute(option.substr(equals + 1));
        if (parent.type == DataType::vsa) return vendor;
        if (parent.type != DataType::evs)
            throw DictionaryError("'" + std::string(parent.name) + "' is not of type evs");
        return &dictionary_.add_vendor(parent, vendor->name, vendor->number, extended_vendor_format);
    }

    void begin_tlv(const Words& words) {
        const auto& node = known_attribute(words[1]);
        if (node.type != DataType::tlv) throw DictionaryError(words.quoted(1) + " is not of type tlv");
        open({&node, "END-TLV", words[1], line_});
    }

    void open(const Block& block) {
        if (blocks_.size() >= block_depth_max + include_depth_max)
            throw DictionaryError("blocks are nested deeper than " + std::to_string(block_depth_max));
        blocks_.push_back(block);
    }

    void end(const Words& words) {
        const auto& block = blocks_.back();
        if (block.end.empty()) throw DictionaryError(words.quoted(0) + " without its BEGIN");
        if (!words.is(block.end) || (words.size() > 1 && !is_same_word(words[1], block.name)))
            throw DictionaryError("here comes " + words.joined() + ", but line " +
                                  std::to_string(block.line) + " asks for " + std::string(block.end) + " " +
                                  std::string(block.name) + " first");
        blocks_.pop_back();
    }

    void attribute(const Words& words) {
        if (dictionary_.definitions().size() >= definitions_max)
            throw DictionaryError("more than " + std::to_string(definitions_max) + " attributes");
        const auto* parent = blocks_.back().node;
        auto declared = read_declared_type(words[3]);
        for (std::size_t i = 4; i < words.size(); ++i) {
            const auto* vendor = i == 4 ? dictionary_.find_vendor(words[i]) : nullptr;
            if (vendor && parent->type == DataType::packet)
                parent = vendor;
            else
                read_flags(words[i], declared);
        }
        const auto number = descend(parent, words[2]);
        if (declared.type == DataType::vsa && parent->type != DataType::packet) declared.type = DataType::evs;
        const auto& added =
            dictionary_.add_attribute(*parent, words[1], number, declared.type, declared.flags);
        structure_ = added.type == DataType::structure ? &added : nullptr;
        members_ = 0;
    }

    // "28.11.5": goes down to the parent of the last, which it returns.
    std::uint32_t descend(const Definition*& parent, std::string_view path) {
        for (auto dot = path.find('.'); dot != path.npos; dot = path.find('.')) {
            const auto number = read_number(path.substr(0, dot));
            const auto* child = dictionary_.find_child(*parent, number);
            if (child == nullptr)
                throw DictionaryError("there is no attribute " + std::to_string(number) + " in '" +
                                      std::string(parent->name) + "'");
            if (!is_container(child->type))
                throw DictionaryError("'" + std::string(child->name) + "' is a " +
                                      std::string(name_of(child->type)) + " and has no attributes in it");
            parent = child;
            path.remove_prefix(dot + 1);
        }
        if (parent->type == DataType::vsa || parent->type == DataType::evs)
            throw DictionaryError("attributes of a vendor stand between BEGIN-VENDOR and END-VENDOR");
        return read_number(path);
    }

    void structure(const Words& words) {
        const auto& key = known_attribute(words[2]);
        if (!is_number(key.type) || key.parent == nullptr || key.parent->type != DataType::structure)
            throw DictionaryError(words.quoted(2) + " is no MEMBER that is a number");
        const auto number = read_number(words[3]);
        dictionary_.add_value(key, words[1], number);
        structure_ = nullptr;
        is_in_variant_ = true;
    }

    void member(const Words& words) {
        auto declared = read_declared_type(words[2]);
        for (std::size_t i = 3; i < words.size(); ++i)
            read_flags(words[i], declared);
        if (structure_ == nullptr && is_in_variant_) return;
        if (structure_ == nullptr) throw DictionaryError("a MEMBER follows an ATTRIBUTE of type struct");
        dictionary_.add_attribute(*structure_, words[1], ++members_, declared.type, declared.flags);
    }

    void value(const Words& words) {
        const auto number = parse_number(words[3]);
        if (!number) throw DictionaryError(words.quoted(3) + " is no number");
        if (const auto* attribute = dictionary_.find(words[1]))
            dictionary_.add_value(*attribute, words[2], *number);
        else
            early_values_.push_back({file_, line_, words[1], words[2], *number});
    }

    void add_early(const EarlyValue& value) {
        dictionary_.add_value(known_attribute(value.attribute), value.name, value.number);
    }

    Dictionary& dictionary_;
    const ReadText& read_text_;
    std::string_view file_;
    std::size_t line_ = 0;
    std::size_t files_ = 0;
    bool is_located_ = false;
    std::vector<std::string> open_files_;
    std::vector<Block> blocks_;
    const Definition* structure_ = nullptr;  // that MEMBERs belong to
    bool is_in_variant_ = false;
    std::uint32_t members_ = 0;
    std::vector<EarlyValue> early_values_;
};

// clang-format off
const std::array<Reader::Statement, 11> Reader::statements{{
    {"ATTRIBUTE",    4, 8, &Reader::attribute,        "ATTRIBUTE name number type [flags]"},
    {"VALUE",        4, 4, &Reader::value,            "VALUE attribute name number"},
    {"VENDOR",       3, 4, &Reader::vendor,           "VENDOR name number [format=t,l]"},
    {"BEGIN-VENDOR", 2, 3, &Reader::begin_vendor,     "BEGIN-VENDOR name [parent=attribute]"},
    {"END-VENDOR",   1, 2, &Reader::end,              "END-VENDOR name"},
    {"BEGIN-TLV",    2, 2, &Reader::begin_tlv,        "BEGIN-TLV attribute"},
    {"END-TLV",      1, 2, &Reader::end,              "END-TLV attribute"},
    {"STRUCT",       4, 4, &Reader::structure,        "STRUCT name member number"},
    {"MEMBER",       3, 6, &Reader::member,           "MEMBER name type [flags]"},
    {"$INCLUDE",     2, 2, &Reader::include,          "$INCLUDE file"},
    {"$INCLUDE-",    2, 2, &Reader::include_if_there, "$INCLUDE- file"},
}};
// clang-format on

}  // namespace

void read_dictionary(Dictionary& dictionary, const std::string& path, const ReadText& read_text) {
    Reader(dictionary, read_text).read(std::filesystem::path(path).lexically_normal().string());
}

}  // namespace hourglass::radius
