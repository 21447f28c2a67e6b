# Run at build time by man_page: the page's own text and what the program says of itself, in Markdown, made into roff.
execute_process(COMMAND ${PROGRAM} --manual OUTPUT_VARIABLE generated COMMAND_ERROR_IS_FATAL ANY)
file(READ ${TEMPLATE} text)
# Of a document of its own, such as docs/settings.md: not its title and where it comes from, and each heading one level up.
string(REGEX REPLACE "^# [^\n]*\n\nWritten from [^\n]*\n\n" "" document "${generated}")
if(NOT document STREQUAL generated)
    string(REGEX REPLACE "\n#(#+) " "\n\\1 " generated "${document}")
endif()
string(REPLACE "@GENERATED@" "${generated}" text "${text}")
file(WRITE ${PAGE}.md "${text}")

string(REGEX MATCH "^(.*)[.]([0-9])$" name_and_section ${NAME})
execute_process(
    COMMAND ${LOWDOWN} -s -tman --out-no-smarty --nroff-nolinks --parse-no-intraemph --parse-no-metadata -m title=${CMAKE_MATCH_1}
            -m section=${CMAKE_MATCH_2} -m "source=Hourglass ${VERSION}" -m volume=Hourglass -m date= -o ${PAGE} ${PAGE}.md
    COMMAND_ERROR_IS_FATAL ANY)
