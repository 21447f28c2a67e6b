# Run at build time by embed_scripts: Lua files in, one C++ header and source out. A script that says
# "-- Includes a.lua." on a line of its own, once or several times, has what stands in a.lua there.
set(declarations "")
set(definitions "")
set(names "")
foreach(path ${SCRIPTS})
    get_filename_component(name ${path} NAME_WE)
    file(READ ${path} body)
    get_filename_component(folder ${path} DIRECTORY)
    string(REGEX MATCHALL "\n *-- Includes [a-z_]+[.]lua[.]" inclusions "${body}")
    foreach(inclusion ${inclusions})
        string(REGEX REPLACE ".* ([a-z_]+[.]lua)[.]$" "\\1" file "${inclusion}")
        file(READ ${folder}/${file} included)
        string(REPLACE "${inclusion}" "\n${included}" body "${body}")
    endforeach()
    string(SHA1 digest "${body}")
    string(APPEND declarations "extern const Script ${name};\n")
    string(APPEND definitions "const Script ${name}{\"${name}\", \"${digest}\", R\"lua(${body})lua\"};\n")
    string(APPEND names "    &${name},\n")
endforeach()
file(WRITE ${HEADER}.new "// Made from store/scripts/*.lua by cmake/write_scripts.cmake.
#pragma once

#include \"store/script.hpp\"

#include <span>

namespace hourglass::store::scripts {

${declarations}
// Every script, for loading after each connect.
std::span<const Script* const> all();

}  // namespace hourglass::store::scripts
")
file(WRITE ${SOURCE}.new "// Made from store/scripts/*.lua by cmake/write_scripts.cmake.
#include \"store/scripts.hpp\"

#include <array>

namespace hourglass::store::scripts {

${definitions}
namespace {
constexpr std::array every_script{
${names}};
}  // namespace

std::span<const Script* const> all() { return every_script; }

}  // namespace hourglass::store::scripts
")
foreach(file ${HEADER} ${SOURCE})
    file(COPY_FILE ${file}.new ${file} ONLY_IF_DIFFERENT)
    file(REMOVE ${file}.new)
    file(TOUCH_NOCREATE ${file})
endforeach()
