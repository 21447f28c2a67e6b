#include "radius/user_names.hpp"

#include "radius/letter_case.hpp"

#include <algorithm>
#include <cwchar>
#include <cwctype>
#include <locale.h>
#include <stdexcept>

namespace hourglass::radius {
namespace {

constexpr std::size_t realm_octets_max = 253;
constexpr std::size_t label_octets_max = 63;

bool is_ascii(char octet) {
    return static_cast<unsigned char>(octet) < 0x80;
}

// Made once; glibc has it built in.
locale_t unicode() {
    static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (locale == nullptr) throw std::runtime_error("The C library has no locale C.UTF-8");
    return locale;
}

// The calls for one character follow the thread's locale.
class InUnicode {
public:
    InUnicode() : before_(::uselocale(unicode())) {}
    ~InUnicode() { ::uselocale(before_); }
    InUnicode(const InUnicode&) = delete;
    InUnicode& operator=(const InUnicode&) = delete;

private:
    locale_t before_;
};

std::string ascii_to_lower(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), to_lower_ascii);
    return lower;
}

bool is_label(std::string_view label) {
    const auto may_stand_in_it = [](char c) {
        return !is_ascii(c) || c == '-' || ('0' <= c && c <= '9') ||
               ('a' <= to_lower_ascii(c) && to_lower_ascii(c) <= 'z');
    };
    return !label.empty() && label.size() <= label_octets_max &&
           std::ranges::all_of(label, may_stand_in_it) && label.front() != '-' && label.back() != '-';
}

// A User-Name in its parts: "user@realm", or "DOMAIN\user".
struct Parts {
    std::string_view user;
    std::optional<std::string_view> realm{};  // nullopt: it has none
    bool is_domain{};                         // the realm comes first
};

Parts split(std::string_view user_name, const NameRules& rules) {
    const auto backslash = rules.has_domains ? user_name.find('\\') : std::string_view::npos;
    if (backslash != std::string_view::npos)
        return {user_name.substr(backslash + 1), user_name.substr(0, backslash), true};
    const auto at = user_name.rfind('@');
    if (at == std::string_view::npos) return {user_name};
    return {user_name.substr(0, at), user_name.substr(at + 1), false};
}

const Realm* find_realm(const Parts& parts, const NameRules& rules) {
    const auto name = parts.realm ? to_lower(*parts.realm) : std::string();
    if (parts.realm && name.empty()) return nullptr;
    const auto found = std::ranges::find(rules.realms, name, &Realm::name);
    return found == rules.realms.end() ? nullptr : &*found;
}

std::string joined(std::string_view user, const Parts& parts, std::string_view realm) {
    if (!parts.realm) return std::string(user);
    if (parts.is_domain) return std::string(realm).append("\\").append(user);
    return std::string(user).append("@").append(realm);
}

std::string preferred_user(std::string_view user, const NameRules& rules) {
    const auto mac_address = rules.has_mac_addresses ? parse_mac_address(user) : std::nullopt;
    if (mac_address) return to_text(*mac_address);
    return rules.ignores_case ? to_lower(user) : std::string(user);
}

}  // namespace

std::optional<UserIdentity> identify(std::string_view user_name, const NameRules& rules) {
    if (rules.are_none()) return UserIdentity{{std::string(user_name)}};
    const auto parts = split(user_name, rules);
    const auto* const realm = find_realm(parts, rules);
    const bool is_unknown_realm = parts.realm && realm == nullptr;
    if (is_unknown_realm && rules.unknown_realm == UnknownRealm::rejected) return std::nullopt;

    UserIdentity identity;
    auto& sought = identity.sought;
    const bool is_stripped = realm != nullptr && realm->is_stripped;
    sought.name = is_stripped ? parts.user : user_name;
    if (realm != nullptr) {
        identity.realm = realm->name;
        sought.organizations = realm->organizations;
    }
    const auto user = preferred_user(parts.user, rules);
    auto preferred = is_unknown_realm ? preferred_user(user_name, rules)
                     : is_stripped    ? user
                                      : joined(user, parts, realm != nullptr ? realm->name : "");
    if (preferred != sought.name) sought.other_spelling = std::move(preferred);
    if (rules.has_mac_addresses) identity.mac_address = parse_mac_address(parts.user);
    return identity;
}

store::SoughtUser sought_user(std::string_view user_name, const NameRules& rules) {
    auto identity = identify(user_name, rules);
    if (!identity) return {std::string(user_name), {}, {store::unknown_organization}};
    return std::move(identity->sought);
}

std::string preferred_spelling(std::string_view name, const NameRules& rules) {
    const auto parts = split(name, rules);
    const auto* const realm = find_realm(parts, rules);
    const bool has_unknown_realm = parts.realm && realm == nullptr;
    if (has_unknown_realm) return preferred_user(name, rules);
    return joined(preferred_user(parts.user, rules), parts, realm != nullptr ? realm->name : "");
}

std::optional<std::string> why_unusable(std::string_view name, store::OrganizationId organization,
                                        const NameRules& rules) {
    const auto preferred = preferred_spelling(name, rules);
    if (preferred != name) return "User names are written otherwise here: \"" + preferred + "\".";
    const auto leads_to_him = [&](std::string_view user_name) {
        const auto identity = identify(user_name, rules);
        return identity && identity->sought.means(name) && identity->sought.may_be_of(organization);
    };
    if (leads_to_him(name)) return std::nullopt;
    for (const auto& realm : rules.realms) {
        const bool may_follow = realm.is_stripped && !split(name, rules).realm;
        if (may_follow && leads_to_him(std::string(name).append("@").append(realm.name))) return std::nullopt;
    }
    const auto identity = identify(name, rules);
    if (!identity) return "Nobody could log in by this name: its realm is not served.";
    const auto& sought = identity->sought;
    if (!sought.may_be_of(organization))
        return "Nobody could log in by this name: its realm belongs to another organization.";
    return "Nobody could log in by this name: it means the user \"" + sought.name + "\".";
}

std::string describe(const UserIdentity& identity) {
    const auto& sought = identity.sought;
    std::string text = "It means the user \"" + sought.name + "\"";
    if (!sought.other_spelling.empty()) text += ", or else \"" + sought.other_spelling + "\"";
    if (identity.realm)
        text += identity.realm->empty() ? ", of those without a realm" : ", of the realm " + *identity.realm;
    if (identity.mac_address) text += ", a MAC address";
    return text + ".";
}

bool is_realm(std::string_view text) {
    if (text.size() > realm_octets_max) return false;
    for (;;) {
        const auto dot = text.find('.');
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

std::string to_lower(std::string_view text) {
    if (std::ranges::all_of(text, is_ascii)) return ascii_to_lower(text);

    const InUnicode locale;
    std::string lower;
    std::mbstate_t reading{};
    std::mbstate_t writing{};
    for (auto rest = text; !rest.empty();) {
        wchar_t letter{};
        const auto octets = std::mbrtowc(&letter, rest.data(), rest.size(), &reading);
        if (octets == 0 || octets > rest.size()) return ascii_to_lower(text);
        std::array<char, 8> small{};
        const auto written = std::wcrtomb(
            small.data(), static_cast<wchar_t>(std::towlower(static_cast<std::wint_t>(letter))), &writing);
        if (written > small.size()) return ascii_to_lower(text);
        lower.append(small.data(), written);
        rest.remove_prefix(octets);
    }
    return lower;
}

}  // namespace hourglass::radius
