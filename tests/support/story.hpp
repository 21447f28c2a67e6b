// Tells a story to the ledger, line by line, and checks what it answers. Times are seconds from the story's
// start.
//
//   user alice balance 100                       a user; `balance none`: not metered
//   at 10 start s1                    -> opened  a report of session s1, and its outcome; more may be told:
//   at 20 interim s1 time=10 in=5 out=7          session time and octets
//   at 20 stop s1 user=bob nas=two arrives=30    another user or NAS than the last; arrival, else the event
//   time
//                 -> closed charged=10 uncovered=0 balance=90, or `unknown` when charged to nobody
//   nas on at 40 [nas=two]            -> closed 2
//   set balance 500 [at=50]                      by an administrator
//   credit +50 at=10 key=k reason=r by=billing   seconds; all but they may be left out
//                 -> before=100 after=150 number=2, or insufficient, not_metered, excessive, key_reused
//   expect balance 100                           settled, of the user of the last line that named one
//   expect left 90 at=10                         what is left at that moment, unreported time included
//   expect s1 closed time=500 charged=500 in=500 out=20 uncovered=0     its newest stay; also `open`
//   expect forgotten 100                         charged by sessions that are no longer remembered
//   expect sessions 2                            running and remembered ones of the user
//   redis dies                                   kill -9, and started again with its file
//   redis forgets its scripts
#pragma once

#include <string_view>

namespace hourglass::test {

void check(std::string_view story);

}  // namespace hourglass::test
