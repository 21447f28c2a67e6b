// How a command ends. Whatever stops it is thrown as a Failure with a sentence for the person at the
// terminal, and main turns it into the exit status that scripts read.
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hourglass::cli {

enum class ExitStatus { ok, refused, usage, unreachable, unauthorized, unavailable, interrupted };

struct ExitMeaning {
    ExitStatus status;
    std::string_view meaning;
};

// What --help says of the exit status, in the order of the numbers.
inline constexpr std::array exit_meanings{
    ExitMeaning{ExitStatus::ok,           "done"                                                },
    ExitMeaning{ExitStatus::refused,
                "refused: by the API, a NAS, or you; check, check-login or audit say no"        },
    ExitMeaning{ExitStatus::usage,        "a mistake on the command line or in a settings file" },
    ExitMeaning{ExitStatus::unreachable,  "no daemon answers at the URL"                        },
    ExitMeaning{ExitStatus::unauthorized, "no API token, or one that the daemon does not know"  },
    ExitMeaning{ExitStatus::unavailable,  "the daemon answers, but is not ready or failed (5xx)"},
    ExitMeaning{ExitStatus::interrupted,  "interrupted before the end"                          },
};

class Failure : public std::runtime_error {
public:
    // `advice` is the next step, if there is an obvious one.
    Failure(ExitStatus status, const std::string& sentence, std::string advice = {})
        : std::runtime_error(sentence), status_(status), advice_(std::move(advice)) {}

    ExitStatus status() const { return status_; }
    // A write may have been done, or not.
    bool is_outcome_unknown() const {
        return status_ == ExitStatus::unreachable || status_ == ExitStatus::unavailable;
    }
    const std::string& advice() const { return advice_; }

private:
    ExitStatus status_;
    std::string advice_;
};

}  // namespace hourglass::cli
