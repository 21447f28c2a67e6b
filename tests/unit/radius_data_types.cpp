// Data types: octets and texts, both ways.
#include "radius/data_types.hpp"
#include "store/hex.hpp"

#include <boost/test/unit_test.hpp>

namespace hourglass::radius {
namespace {

OctetString octets_of(std::string_view digits) {
    OctetString octets(digits.size() / 2);
    BOOST_REQUIRE(store::from_hex(digits, octets));
    return octets;
}

std::string hex_of(const std::optional<OctetString>& octets) {
    return octets ? store::to_hex(*octets) : "none";
}

BOOST_AUTO_TEST_SUITE(radius_data_types)

BOOST_AUTO_TEST_CASE(each_type_has_one_text_for_its_octets_and_reads_it_back) {
    struct Row {
        DataType type;
        const char* octets;
        const char* text;
    };
    using enum DataType;
    for (const auto& row : std::to_array<Row>({
             {text,       "616e6e",                               "ann"                     },
             {text,       "c3bc",                                 "ü"                       },
             {octets,     "00ff",                                 "0x00ff"                  },
             {octets,     "",                                     "0x"                      },
             {abinary,    "0102",                                 "0x0102"                  },
             {byte,       "ff",                                   "255"                     },
             {short_,     "0100",                                 "256"                     },
             {integer,    "ffffffff",                             "4294967295"              },
             {integer64,  "ffffffffffffffff",                     "18446744073709551615"    },
             {signed_,    "ffffffff",                             "-1"                      },
             {signed_,    "7fffffff",                             "2147483647"              },
             {boolean,    "01",                                   "yes"                     },
             {date,       "00000000",                             "Jan  1 1970 00:00:00 UTC"},
             {date,       "6b03ff53",                             "Nov 23 2026 08:54:43 UTC"},
             {ipaddr,     "c0000201",                             "192.0.2.1"               },
             {ipv4prefix, "0018c0000200",                         "192.0.2.0/24"            },
             {ipv4prefix, "002000000000",                         "0.0.0.0/32"              },
             {ipv6addr,   "20010db8000000000000000000000001",     "2001:db8::1"             },
             {ipv6prefix, "002020010db8",                         "2001:db8::/32"           },
             {ipv6prefix, "0000",                                 "::/0"                    },
             {ipv6prefix, "008020010db8000000000000000000000001", "2001:db8::1/128"         },
             {combo_ip,   "c0000201",                             "192.0.2.1"               },
             {combo_ip,   "20010db8000000000000000000000001",     "2001:db8::1"             },
             {ifid,       "00000001000200ff",                     "0:1:2:ff"                },
             {ether,      "00005e005301",                         "00:00:5e:00:53:01"       },
    })) {
        BOOST_TEST(to_text(row.type, octets_of(row.octets)).value_or("none") == row.text);
        BOOST_TEST(hex_of(to_octets(row.type, row.text)) == row.octets, row.text);
    }
}

BOOST_AUTO_TEST_CASE(octets_that_are_no_value_of_a_type_have_no_text) {
    struct Row {
        DataType type;
        const char* octets;
    };
    using enum DataType;
    for (const auto& row : std::to_array<Row>({
             {text,       "ff"                                  },
             {byte,       ""                                    },
             {byte,       "0000"                                },
             {integer,    "000000"                              },
             {integer,    "0000000000"                          },
             {boolean,    "02"                                  },
             {ipaddr,     "c00002"                              },
             {ipv4prefix, "0121c0000200"                        },
             {ipv4prefix, "0021c0000200"                        },
             {ipv4prefix, "0018c0000201"                        },
             {ipv6prefix, "002020010d"                          },
             {ipv6prefix, "008120010db8000000000000000000000001"},
             {ipv6prefix, "00"                                  },
             {combo_ip,   "c000020100"                          },
             {ifid,       "00"                                  },
             {ether,      "0000"                                },
             {tlv,        "0103ff"                              },
    }))
        BOOST_TEST(!to_text(row.type, octets_of(row.octets)).has_value(), name_of(row.type)
                                                                              << " " << row.octets);
}

BOOST_AUTO_TEST_CASE(texts_may_be_written_in_other_ways) {
    struct Row {
        DataType type;
        const char* text;
        const char* octets;
    };
    using enum DataType;
    for (const auto& row : std::to_array<Row>({
             {octets,     "plain",                     "706c61696e"                          },
             {octets,     "0x0",                       "307830"                              },
             {integer,    "0x10",                      "00000010"                            },
             {integer,    "-1",                        "none"                                },
             {integer,    "4294967296",                "none"                                },
             {integer,    "",                          "none"                                },
             {byte,       "256",                       "none"                                },
             {short_,     "65536",                     "none"                                },
             {integer64,  "18446744073709551616",      "none"                                },
             {signed_,    "2147483648",                "none"                                },
             {boolean,    "maybe",                     "none"                                },
             {date,       "1",                         "00000001"                            },
             {date,       "1970-01-01T00:00:01Z",      "00000001"                            },
             {date,       "1970-01-02",                "00015180"                            },
             {date,       "Jan 1 1970 00:00:00 UTC x", "none"                                },
             {date,       "1969-12-31",                "none"                                },
             {ipaddr,     "192.0.2",                   "none"                                },
             {ipaddr,     "192.0.2.1/32",              "none"                                },
             {ipv4prefix, "192.0.2.1",                 "0020c0000201"                        },
             {ipv4prefix, "192.0.2.1/24",              "none"                                },
             {ipv4prefix, "2001:db8::/32",             "none"                                },
             {ipv6prefix, "2001:db8::1",               "008020010db8000000000000000000000001"},
             {ipv6addr,   "192.0.2.1",                 "none"                                },
             {ifid,       "1:2:3",                     "none"                                },
             {ifid,       "1:2:3:4:5",                 "none"                                },
             {ifid,       "1:2:3:10000",               "none"                                },
             {ether,      "00-00-5E-00-53-01",         "00005e005301"                        },
             {ether,      "00:00:5e:00:53",            "none"                                },
             {tlv,        "x",                         "none"                                },
    }))
        BOOST_TEST(hex_of(to_octets(row.type, row.text)) == row.octets, name_of(row.type) << " " << row.text);
}

BOOST_AUTO_TEST_CASE(types_go_by_several_names) {
    BOOST_TEST((find_data_type("String") == DataType::text));
    BOOST_TEST((find_data_type("uint32") == DataType::integer));
    BOOST_TEST((find_data_type("ipv4addr") == DataType::ipaddr));
    BOOST_TEST((find_data_type("combo-ip") == DataType::combo_ip));
    BOOST_TEST(!find_data_type("vendor").has_value());
    BOOST_TEST(!find_data_type("packet").has_value());
    BOOST_TEST(!find_data_type("").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hourglass::radius
